/** A dialog that does one thing, and asks why: for the audit, and for whoever loses something by it. */
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { refusalInWords } from "../words/road.ts";
import { Dialog } from "./dialog.tsx";
import { focusFirst, TextField } from "./text_field.tsx";
import { DO, optional, REASON } from "../words/common.ts";

interface Props {
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  label?: string;
  isOptional?: boolean;
  button: string;
  isDanger?: boolean;
  act(reason: string): Promise<unknown>;
  /** There is something to read afterwards, which takes its place. */
  isKept?: boolean;
  onClose(): void;
}

const MOST = 256;

export function ReasonDialog(
  { title, children, label = REASON.label, isOptional, button, isDanger, act, isKept, onClose }: Props,
) {
  const field = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isOptional && reason.trim() === "") {
      setProblem(REASON.missing);
      return field.current?.focus();
    }
    setBusy(true);
    try {
      await act(reason.trim());
      if (!isKept) onClose();
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div className="mb-4 grid gap-2">{children}</div>
        <TextField
          ref={(element) => {
            field.current = element;
            if (!isOptional) focusFirst(element);
          }}
          label={isOptional ? optional(label) : label}
          value={reason}
          problem={problem}
          maxLength={MOST}
          onText={(text) => {
            setReason(text);
            setProblem(undefined);
          }}
        />
        <div className="dialog-foot mt-2">
          <button type="button" className="button" onClick={onClose}>{DO.cancel}</button>
          <button
            ref={isOptional ? focusFirst : undefined}
            type="submit"
            className={isDanger ? "button estop-button" : "button primary"}
            disabled={isBusy}
          >
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
