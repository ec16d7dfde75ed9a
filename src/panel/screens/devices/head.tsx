/** The list's headings: what each column is, by which the list is sorted, and the box for all rows that are seen. */
import { ArrowDown, ArrowUp } from "lucide-react";
import type { KindDocument } from "../../../kind/schema.ts";
import { headlineOf } from "../../form/controls.ts";
import { sentence } from "../../form/field.ts";
import { type Chosen, isChosen } from "../../live/selection.ts";
import { useValue, type Value } from "../../live/value.ts";
import { COLUMNS, LIST } from "../../words/list.ts";
import { columnFields, isOwn, type Room } from "./columns.ts";

interface Props {
  columns: readonly string[];
  kind?: KindDocument;
  room: Room;
  sort: string;
  onSort(sort: string): void;
  selection: Value<Chosen>;
  /** Those that are seen. */
  page: readonly string[];
  onPage(isOn: boolean): void;
}

/** What a click sorts by, newest first where that is meant. */
const SORTS: Record<string, string> = { kind: "kind", seen: "-seen", created: "-createdAt" };
const NUMBERS = ["age", "seen", "pending", "created"];

export function Head({ columns, kind, room, sort, onSort, selection, page, onPage }: Props) {
  const one = { sort, onSort };
  return (
    <div className="row head" role="row" aria-rowindex={1}>
      <span role="columnheader" className="choose">
        <PageBox selection={selection} page={page} onPage={onPage} />
      </span>
      <Heading field="presence" {...one}>{COLUMNS.presence}</Heading>
      <Heading field="name" {...one}>{COLUMNS.name}</Heading>
      {columns.map((column) => {
        if (column === "values") return <ValueHeadings key={column} kind={kind} {...one} />;
        if (!isOwn(column)) {
          const title = kind && columnFields(kind).get(column)?.field.title;
          return <Heading key={column} field={column} isNumber {...one}>{title ?? sentence(column)}</Heading>;
        }
        const name = column === "kind" && room !== "wide" ? "" : COLUMNS[column];
        const by = SORTS[column];
        return by && name
          ? <Heading key={column} field={by} isNumber={NUMBERS.includes(column)} {...one}>{name}</Heading>
          : (
            <span key={column} role="columnheader" className={NUMBERS.includes(column) ? "number" : ""}>
              {name || <span className="sr-only">{COLUMNS[column]}</span>}
            </span>
          );
      })}
    </div>
  );
}

function ValueHeadings({ kind, ...one }: { kind?: KindDocument; sort: string; onSort(sort: string): void }) {
  if (!kind) return <span className="values-heading" role="columnheader" aria-colspan={3}>{COLUMNS.values}</span>;
  const headline = headlineOf(kind);
  return [0, 1, 2].map((slot) =>
    headline[slot]
      ? <Heading key={slot} field={headline[slot].field.name} isNumber {...one}>{headline[slot].field.title}</Heading>
      : <span key={slot} role="columnheader" />
  );
}

interface PageBoxProps {
  selection: Value<Chosen>;
  page: readonly string[];
  onPage(isOn: boolean): void;
}

function PageBox({ selection, page, onPage }: PageBoxProps) {
  const chosen = useValue(selection);
  const count = page.filter((id) => isChosen(chosen, id)).length;
  const isWhole = page.length > 0 && count === page.length;
  return (
    <input
      ref={(box) => {
        if (box) box.indeterminate = count > 0 && !isWhole;
      }}
      type="checkbox"
      aria-label={LIST.choosePage}
      title={LIST.choosePage}
      checked={isWhole}
      disabled={page.length === 0}
      onChange={() => onPage(!isWhole)}
    />
  );
}

interface HeadingProps {
  /** With `-` where the first click should sort descending: newest first. */
  field: string;
  sort: string;
  isNumber?: boolean;
  onSort(sort: string): void;
  children: string;
}

function Heading({ field, sort, isNumber, onSort, children }: HeadingProps) {
  const name = field.replace(/^-/, "");
  const isSorted = sort === name || sort === `-${name}`;
  const isDescending = sort.startsWith("-");
  const next = !isSorted ? field : isDescending ? name : `-${name}`;
  const Arrow = isDescending ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      className={isNumber ? "number" : ""}
      aria-sort={!isSorted ? "none" : isDescending ? "descending" : "ascending"}
    >
      <button type="button" className={isSorted ? "text-ink" : ""} onClick={() => onSort(next)}>
        <span className="truncate">{children}</span>
        {isSorted && <Arrow size={12} aria-hidden="true" />}
      </button>
    </span>
  );
}
