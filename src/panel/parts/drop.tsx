/** A button with something under it: it goes away with Escape, a press elsewhere, or when the focus leaves. */
import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props {
  label: ReactNode;
  /** Where the label alone does not say it. */
  name?: string;
  className?: string;
  /** Opens upwards, as at the foot of the page. */
  isUp?: boolean;
  disabled?: boolean;
  children(close: () => void): ReactNode;
}

export function Drop({ label, name, className = "button small quiet", isUp, disabled, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    const onPress = ({ target }: Event) => !whole.current?.contains(target as Node) && setOpen(false);
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [isOpen]);
  return (
    <div
      ref={whole}
      className="drop"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        close();
      }}
      onBlur={({ relatedTarget }) =>
        relatedTarget instanceof Node && !whole.current?.contains(relatedTarget) && setOpen(false)}
    >
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        disabled={disabled}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
        <ChevronDown size={14} aria-hidden="true" />
      </button>
      {isOpen && <div id={id} className="drop-panel" data-up={isUp}>{children(close)}</div>}
    </div>
  );
}
