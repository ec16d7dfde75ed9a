/** How the list looks: its columns, and how close its rows stand. */
import { Columns3 } from "lucide-react";
import type { KindDocument } from "../../../kind/schema.ts";
import { Drop } from "../../parts/drop.tsx";
import { COLUMNS, FOUND } from "../../words/list.ts";
import { columnFields, FIRST_COLUMNS, isOwn, OWN_COLUMNS, toggled } from "./columns.ts";

interface Props {
  columns: readonly string[];
  kind?: KindDocument;
  isDense: boolean;
  onColumns(columns: readonly string[]): void;
  onDense(isDense: boolean): void;
}

export function Look({ columns, kind, isDense, onColumns, onDense }: Props) {
  const fields = kind ? [...columnFields(kind).values()].filter(({ field }) => field.channel === undefined) : [];
  const known = fields.map(({ field }) => field.name);
  // A field of another kind that the address brought.
  const others = columns.filter((column) => !isOwn(column) && !known.includes(column));
  const box = (column: string, title: string) => (
    <label key={column} className="check">
      <input
        type="checkbox"
        checked={columns.includes(column)}
        onChange={() => onColumns(toggled(columns, column))}
      />
      {title}
    </label>
  );
  return (
    <Drop
      label={
        <>
          <Columns3 size={14} aria-hidden="true" />
          <span className="text">{FOUND.columns}</span>
        </>
      }
    >
      {() => (
        <>
          {OWN_COLUMNS.map((column) => box(column, COLUMNS[column]))}
          {kind && (
            <fieldset>
              <legend>{FOUND.fieldsOf(kind.title)}</legend>
              {fields.map(({ field }) => box(field.name, field.title))}
            </fieldset>
          )}
          {others.map((column) => box(column, column))}
          <hr />
          <label className="check">
            <input type="checkbox" checked={isDense} onChange={() => onDense(!isDense)} />
            {FOUND.dense}
          </label>
          <button type="button" className="item" onClick={() => onColumns(FIRST_COLUMNS)}>{FOUND.usual}</button>
        </>
      )}
    </Drop>
  );
}
