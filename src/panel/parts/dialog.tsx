/** A modal dialog: the browser's own, which keeps the focus inside and gives it back. */
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Teller } from "./tell.tsx";
import { DO } from "../words/common.ts";

interface Props {
  title: string;
  onClose(): void;
  children: ReactNode;
  isWide?: boolean;
  /** A secret is on it: a click beside it or Escape must not lose it. */
  isSticky?: boolean;
}

export function Dialog({ title, onClose, children, isWide, isSticky }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before instanceof HTMLElement ? before.focus() : undefined;
  }, []);
  return (
    <dialog
      ref={dialog}
      className={isWide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isSticky) onClose();
      }}
      onPointerDown={(event) => event.target === dialog.current && !isSticky && onClose()}
    >
      <div className="flex items-center justify-between gap-4 border-b border-line px-5 py-3">
        <h2 id={id} className="text-large font-semibold">{title}</h2>
        {!isSticky && (
          <button type="button" className="button quiet small square" aria-label={DO.close} onClick={onClose}>
            <X size={16} aria-hidden="true" />
          </button>
        )}
      </div>
      <div className="px-5 py-4">{children}</div>
      {/* The page's own is inert while this is open. */}
      <Teller />
    </dialog>
  );
}
