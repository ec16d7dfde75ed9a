/** Several values of one sort, a line each. */
import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import { LIST } from "../../words/form.ts";
import { type InputProps, tellForm, textOf } from "./shared.ts";

interface Row {
  key: number;
  text: string;
}

export function List({ field, shared, initial }: InputProps) {
  const { title, item, fewest = 0, most = Infinity } = field;
  const box = useRef<HTMLFieldSetElement>(null);
  const count = useRef(0);
  const rowOf = (value: unknown): Row => ({ key: ++count.current, text: textOf(value, item!) });
  const [rows, setRows] = useState<Row[]>(() =>
    Array.isArray(initial) ? initial.map(rowOf) : Array.from({ length: Math.max(1, fewest) }, () => rowOf(""))
  );
  const change = (next: Row[], focused: number) => {
    setRows(next);
    // The rows that this makes are there in the next moment.
    setTimeout(() => {
      box.current?.querySelectorAll<HTMLElement>("input").item(focused)?.focus();
      tellForm(box.current);
    });
  };
  return (
    <fieldset ref={box} id={shared.id} aria-label={title} className="input-list">
      {rows.length === 0 && <span className="hint">{LIST.none}</span>}
      {rows.map(({ key, text }, index) => (
        <span key={key} className="input-row">
          <input
            name={shared.name}
            className="input"
            aria-label={LIST.item(title, index + 1)}
            aria-invalid={shared["aria-invalid"]}
            inputMode={item!.sort === "number" ? "decimal" : undefined}
            maxLength={item!.maxLength}
            autoComplete="off"
            defaultValue={text}
          />
          <button
            type="button"
            className="button quiet square"
            aria-label={LIST.remove(index + 1)}
            onClick={() => change(rows.filter((row) => row.key !== key), Math.max(0, index - 1))}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </span>
      ))}
      <button
        type="button"
        className="button small"
        aria-label={LIST.add(title)}
        disabled={rows.length >= most}
        onClick={() => change([...rows, rowOf("")], rows.length)}
      >
        <Plus size={14} aria-hidden="true" />
        {LIST.addShort}
      </button>
    </fieldset>
  );
}
