/** The list: as many rows as are seen, of as many as there are [O2, A2.5]. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Headline } from "../../form/controls.ts";
import { holds, type Window, windowAround } from "../../live/list_window.ts";
import { useOutline } from "../../live/use_watch.ts";
import type { WatchStore } from "../../live/watch.ts";
import { DeviceRow } from "./row.tsx";

interface Props {
  store: WatchStore;
  sort: string;
  window: Window;
  /** The columns of values have names when only one kind is listed. */
  headings?: Headline[];
  onSort(sort: string): void;
  onWindow(window: Window): void;
}

const ROW = 36;
const CARD = 68;

export function DeviceList({ store, sort, window, headings, onSort, onWindow }: Props) {
  const { total, order, from } = useOutline(store);
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow();
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => isNarrow ? CARD : ROW,
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [isNarrow]);
  const rows = virtual.getVirtualItems();
  const [first, last] = [rows.at(0)?.index ?? 0, rows.at(-1)?.index ?? 0];
  const isOutside = !holds(window, first, last);
  useEffect(() => {
    // At rest only: a flick through two thousand rows asks once.
    if (isOutside && !virtual.isScrolling) onWindow(windowAround(first, last));
  }, [isOutside, virtual.isScrolling, first, last]);
  return (
    <div ref={box} className="list" role="table" aria-label="Devices" aria-rowcount={total + 1}>
      <div className="row head" role="row" aria-rowindex={1}>
        <Heading field="presence" sort={sort} onSort={onSort}>Presence</Heading>
        <Heading field="name" sort={sort} onSort={onSort}>Name</Heading>
        <Heading field="kind" sort={sort} onSort={onSort}>Kind</Heading>
        {headings
          ? [0, 1, 2].map((slot) =>
            headings[slot]
              ? (
                <Heading key={slot} field={headings[slot].field.name} sort={sort} onSort={onSort} isNumber>
                  {headings[slot].field.title}
                </Heading>
              )
              : <span key={slot} role="columnheader" />
          )
          : <span className="values-heading" role="columnheader" aria-colspan={3}>Values</span>}
        <span role="columnheader">Age</span>
        <span role="columnheader">Tags</span>
        <Heading field="-seen" sort={sort} onSort={onSort} isNumber>Last seen</Heading>
        <span role="columnheader" className="number">Pending</span>
      </div>
      <div className="relative" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, start, size }) => (
          <DeviceRow
            key={order[index - from] ?? `row ${index}`}
            store={store}
            id={order[index - from]}
            index={index}
            start={start}
            size={size}
            withTitles={!headings}
          />
        ))}
      </div>
    </div>
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
        {children}
        {isSorted && <Arrow size={12} aria-hidden="true" />}
      </button>
    </span>
  );
}

const NARROW = matchMedia("(max-width: 767px)");

function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const follow = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", follow);
    return () => NARROW.removeEventListener("change", follow);
  }, []);
  return isNarrow;
}
