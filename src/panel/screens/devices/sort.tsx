/** By what cards are sorted, since they have no headings. */
import { ArrowDownNarrowWide, ArrowDownWideNarrow } from "lucide-react";
import type { KindDocument } from "../../../kind/schema.ts";
import { headlineOf } from "../../form/controls.ts";
import { sentence } from "../../form/field.ts";
import { Drop } from "../../parts/drop.tsx";
import { COLUMNS, SORTING } from "../../words/list.ts";

interface Props {
  sort: string;
  /** Its values can be sorted by, where only one kind is listed. */
  kind?: KindDocument;
  onSort(sort: string): void;
}

/** What a first press sorts by, as at the headings. */
const OWN: readonly [by: string, title: string][] = [
  ["name", COLUMNS.name],
  ["presence", COLUMNS.presence],
  ["kind", COLUMNS.kind],
  ["-seen", COLUMNS.seen],
  ["-createdAt", COLUMNS.created],
];

export function Sort({ sort, kind, onSort }: Props) {
  const named = nameOf(sort);
  const isDescending = sort.startsWith("-");
  const fields = kind ? headlineOf(kind).map(({ field }): [string, string] => [field.name, field.title]) : [];
  const all = [...OWN, ...fields];
  const known = all.find(([by]) => nameOf(by) === named);
  const Arrow = isDescending ? ArrowDownWideNarrow : ArrowDownNarrowWide;
  const title = known?.[1] ?? sentence(named);
  return (
    <Drop
      label={
        <>
          <Arrow size={14} aria-hidden="true" />
          <span className="text">{SORTING.by(title)}</span>
        </>
      }
    >
      {(close) => (
        <>
          {all.map(([by, title]) => (
            <button
              key={by}
              type="button"
              className="item"
              aria-pressed={nameOf(by) === named}
              onClick={() => {
                close();
                onSort(by);
              }}
            >
              {title}
            </button>
          ))}
          <hr />
          <button
            type="button"
            className="item"
            onClick={() => {
              close();
              onSort(isDescending ? named : `-${named}`);
            }}
          >
            {SORTING.turn}
          </button>
        </>
      )}
    </Drop>
  );
}

const nameOf = (sort: string): string => sort.replace(/^-/, "");
