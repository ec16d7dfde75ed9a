/** A text field with its label, hint and problem: beside each other, and tied together for whoever hears them. */
import { type ComponentProps, type ReactNode, useId } from "react";

interface Props extends Omit<ComponentProps<"input">, "onChange"> {
  label: string;
  value: string;
  hint?: ReactNode;
  problem?: string;
  onText(text: string): void;
}

export function TextField({ label, hint, problem, onText, className = "", ...input }: Props) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className={className}>
      <label className="label" htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={about}
        onChange={({ target }) => onText(target.value)}
        {...input}
      />
      <div id={about} className="about">
        {problem ? <p className="problem" role="alert">{problem}</p> : hint && <p className="hint">{hint}</p>}
      </div>
    </div>
  );
}

/** A dialog gives the focus to what has this attribute when it opens; React's `autoFocus` sets none. */
export const focusFirst = (element: HTMLElement | null): void => element?.setAttribute("autofocus", "");
