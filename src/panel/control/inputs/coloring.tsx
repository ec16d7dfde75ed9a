/** A colour as text, and the browser's own way to choose one. */
import { useState } from "react";
import { type InputProps, textOf } from "./shared.ts";

export function Coloring({ field, shared, initial }: InputProps) {
  const [text, setText] = useState(textOf(initial, field));
  return (
    <span className="sliding">
      <input
        {...shared}
        value={text}
        placeholder="#rrggbb"
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
      />
      <input
        type="color"
        aria-hidden="true"
        tabIndex={-1}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : "#808080"}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  );
}
