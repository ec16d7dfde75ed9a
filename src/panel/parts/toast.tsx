/**
 * One polite message at the foot of the page, with Undo where there is one: for eight seconds, longer while somebody
 * points at it or is in it. What was sent to a device has no Undo.
 */
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { useValue, valueOf } from "../live/value.ts";
import { useShortcuts } from "../shell/keys.ts";
import { KEY_GROUPS, TOAST } from "../words/shell.ts";
import { tell } from "./tell.tsx";

interface Toast {
  text: string;
  undo?(): Promise<unknown> | void;
}

const LASTS = 8_000;

const shown = valueOf<Toast | null>(null);

/** A newer one takes the place of the one before. */
export function toast(text: string, undo?: Toast["undo"]): void {
  shown.set({ text, undo });
  tell(undo ? TOAST.withUndo(text) : text);
}

export function Toaster() {
  const now = useValue(shown);
  // A newer one begins anew.
  const [count, setCount] = useState(0);
  useEffect(() => setCount((count) => count + 1), [now]);
  return now && <Shown key={count} toast={now} />;
}

function Shown({ toast: { text, undo } }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(close, LASTS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const back = () => {
    close();
    void undoing(undo!);
  };
  return (
    <section
      ref={box}
      className="toast"
      aria-label={TOAST.label}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(box.current!.contains(document.activeElement))}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(box.current!.matches(":hover"))}
    >
      <p>{text}</p>
      {undo && <UndoButton onUndo={back} />}
      <button type="button" className="button quiet small square" aria-label={TOAST.dismiss} onClick={close}>
        <X size={14} aria-hidden="true" />
      </button>
    </section>
  );
}

function UndoButton({ onUndo }: { onUndo(): void }) {
  useShortcuts([{ keys: "u", label: TOAST.undoKey, group: KEY_GROUPS.anywhere, run: onUndo }]);
  return (
    <button type="button" className="button small" onClick={onUndo}>
      {TOAST.undo} <kbd className="key" aria-hidden="true">u</kbd>
    </button>
  );
}

const close = () => shown.set(null);

async function undoing(undo: () => Promise<unknown> | void): Promise<void> {
  try {
    await undo();
    tell(TOAST.undone);
  } catch (thrown) {
    toast(TOAST.notUndone(faultOf(thrown).message));
  }
}
