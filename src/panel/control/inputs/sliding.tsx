/** A number with a slider beside it for a hand; what counts is what stands in the input. */
import { useState } from "react";
import { stepOf } from "../../form/field.ts";
import { readField } from "../../form/typed.ts";
import { type InputProps, textOf } from "./shared.ts";

export function Sliding({ field, shared, initial }: InputProps) {
  const [text, setText] = useState(textOf(initial, field));
  const { min = 0, max = 100 } = field;
  const read = readField(field, text);
  return (
    <span className="sliding">
      <input
        {...shared}
        value={text}
        inputMode={field.unit === "s" ? "text" : "decimal"}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      {/* The input takes and says the same, so only a hand needs it. */}
      <input
        type="range"
        aria-hidden="true"
        tabIndex={-1}
        min={min}
        max={max}
        step={stepOf(field)}
        value={read.ok && typeof read.value === "number" ? read.value : min}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  );
}
