/** JSON as text: where it stops being JSON is said, and marked where it is refused. */
import { useEffect, useRef, useState } from "react";
import { jsonFault } from "../../form/json_place.ts";
import { JSON_FINE, jsonInWords } from "../../words/form.ts";
import { type InputProps, textOf } from "./shared.ts";

export function JsonArea({ field, shared, initial }: InputProps) {
  const [text, setText] = useState(() => textOf(initial, field));
  const area = useRef<HTMLTextAreaElement>(null);
  const fault = text.trim() === "" ? null : jsonFault(text);
  const isRefused = shared["aria-invalid"] === true;
  useEffect(() => {
    if (!isRefused || !fault) return;
    area.current?.focus();
    area.current?.setSelectionRange(fault.at, fault.at + 1);
  }, [isRefused]);
  return (
    <span className="input-json" data-fault={fault !== null}>
      <textarea
        {...shared}
        ref={area}
        rows={Math.min(14, Math.max(5, text.split("\n").length))}
        spellCheck={false}
        className="input area code"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {/* Beside the form's own word of it, which comes only when it is sent. */}
      {text.trim() !== "" && !isRefused && <span className="hint">{fault ? jsonInWords(fault) : JSON_FINE}</span>}
    </span>
  );
}
