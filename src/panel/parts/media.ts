/** How much room there is, as the style sheets see it. */
import { type RefObject, useEffect, useState } from "react";

/** Below it the panel is held in one hand. */
export const NARROW = matchMedia("(max-width: 767px)");

export function useMedia(media: MediaQueryList): boolean {
  const [isOn, setOn] = useState(media.matches);
  useEffect(() => {
    const follow = () => setOn(media.matches);
    follow();
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [media]);
  return isOn;
}

/** What becomes of an element's width in px; nothing is drawn anew while that stays the same. */
export function useOfWidth(element: RefObject<HTMLElement | null>, of: (width: number) => number): number {
  const [made, setMade] = useState(() => of(innerWidth));
  useEffect(() => {
    const look = new ResizeObserver(([{ contentRect }]) => setMade(of(contentRect.width)));
    look.observe(element.current!);
    return () => look.disconnect();
  }, []);
  return made;
}
