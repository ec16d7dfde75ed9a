/** What somebody types for a box that is still on its way: it is for that box, and no key of the page's. */
import { useEffect } from "react";

let typed = "";

/** What was typed before the box came. */
export const typedAhead = (): string => typed;

/** Stands where the box will be. */
export function TypedAhead({ onClose }: { onClose(): void }) {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") onClose();
      else if (event.key === "Backspace") typed = typed.slice(0, -1);
      else if (event.key.length === 1) typed += event.key;
    };
    addEventListener("keydown", hear, { capture: true });
    return () => {
      removeEventListener("keydown", hear, { capture: true });
      typed = "";
    };
  }, [onClose]);
  return null;
}
