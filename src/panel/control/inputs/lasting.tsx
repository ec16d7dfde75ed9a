/** How long: typed as seconds or as a person says it, and said back as it was understood. */
import { useState } from "react";
import { readField } from "../../form/typed.ts";
import { LASTING } from "../../words/form.ts";
import { durationOf } from "../../words/format.ts";
import { type InputProps, textOf } from "./shared.ts";

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

export function Lasting({ field, shared, initial }: InputProps) {
  const [text, setText] = useState(textOf(initial, field));
  const read = text.trim() === "" ? null : readField(field, text);
  const means = read?.ok ? durationOf(Number(read.value) * SECONDS[field.unit!]) : null;
  return (
    <span className="input-lasting">
      <input {...shared} value={text} autoComplete="off" onChange={({ target }) => setText(target.value)} />
      <span className="hint">{means === null ? LASTING.hint : LASTING.means(means)}</span>
    </span>
  );
}
