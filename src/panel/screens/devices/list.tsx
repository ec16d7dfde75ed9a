/** The list: as many rows as are seen, of as many as there are [O2, A2.5]; they stay where a hand is [A2.7]. */
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { Place } from "../../live/list_place.ts";
import { holds, type Window, windowAround } from "../../live/list_window.ts";
import { type Chosen, isNobody, MOST_CHOSEN, rangeOf, withChosen } from "../../live/selection.ts";
import { useOutline } from "../../live/use_watch.ts";
import { useValue, type Value } from "../../live/value.ts";
import type { WatchStore } from "../../live/watch.ts";
import { NARROW, useMedia, useOfWidth } from "../../parts/media.ts";
import { tell } from "../../parts/tell.tsx";
import { LIST } from "../../words/list.ts";
import { useComingBack } from "./coming_back.ts";
import { cardColumns, gridOf, type Room, shownColumns } from "./columns.ts";
import { useHand } from "./hand.ts";
import { Head } from "./head.tsx";
import { useListKeys } from "./keys.ts";
import type { Layout } from "./layout.tsx";
import { type Choose, DeviceRow } from "./row.tsx";

interface Props {
  store: WatchStore;
  sort: string;
  window: Window;
  columns: readonly string[];
  /** The columns of values have names when only one kind is listed. */
  kind?: KindDocument;
  selection: Value<Chosen>;
  isDense: boolean;
  layout: Layout;
  /** Lists that were asked for anew begin at their top. */
  subject: string;
  /** Where it was left. */
  place: Place | null;
  onSort(sort: string): void;
  onWindow(window: Window): void;
}

const ROW = { normal: 36, dense: 28, card: 68, line: 112 };
/** Of cards side by side, with what is between them. */
const CARD = 280;
const BETWEEN = 8;
/** So that the bar of what is chosen hides no row. */
const FOOT = 72;
/** The headings stand over the rows. */
const HEAD = 32;

export function DeviceList(props: Props) {
  const { store, sort, window, kind, selection, subject, place, onSort, onWindow } = props;
  const { total, order, from, isLoading } = useOutline(store);
  const box = useRef<HTMLDivElement>(null);
  const rowGroup = useRef<HTMLDivElement>(null);
  const anchor = useRef<string | null>(null);
  const [focused, setFocused] = useState(-1);
  const isNarrow = useMedia(NARROW);
  const isCards = isNarrow || props.layout === "cards";
  const isTight = useMedia(TIGHT);
  const room: Room = useMedia(WIDE) ? "wide" : isTight ? "tight" : "middling";
  const columns = useMemo(
    () => isCards ? cardColumns(props.columns) : shownColumns(props.columns, room),
    [props.columns, room, isCards],
  );
  const grid = useMemo(() => gridOf(columns, room), [columns, room]);
  const isChosen = !useValue(selection, isNobody);
  const isHeld = useHand(store, rowGroup, isChosen);
  const isGrid = isCards && !isNarrow;
  const abreast = useOfWidth(box, cardsIn);
  const lanes = isGrid ? abreast : 1;
  const height = isGrid ? ROW.line : isCards ? ROW.card : props.isDense ? ROW.dense : ROW.normal;
  // What is held may be more than what is found by now.
  const count = Math.max(total, from + order.length);
  const line = focused < 0 ? -1 : Math.floor(focused / lanes);
  const virtual = useVirtualizer({
    count: Math.ceil(count / lanes),
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: Math.ceil(8 / lanes),
    paddingStart: isGrid ? 12 : 0,
    paddingEnd: isChosen ? FOOT : 0,
    scrollPaddingEnd: (isCards ? 0 : HEAD) + (isChosen ? FOOT : 0),
    // What has the focus keeps it, however far it is scrolled away.
    rangeExtractor: useCallback((range: Range) => withIndex(defaultRangeExtractor(range), line, range.count), [
      line,
    ]),
  });
  useEffect(() => virtual.measure(), [height, isGrid]);
  const seen = useRef(subject);
  useEffect(() => {
    if (seen.current === subject) return;
    seen.current = subject;
    anchor.current = null;
    virtual.scrollToOffset(0);
  }, [subject]);
  const isComing = useComingBack({ place, box, store, isLoading, focused, window, selection });
  // They come first: what is seen is known by them.
  const shown = virtual.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  const first = startIndex * lanes;
  const last = Math.min(Math.max(0, count - 1), endIndex * lanes + lanes - 1);
  const isOutside = !holds(window, first, last);
  useEffect(() => {
    // At rest only: a flick through two thousand rows asks once. Who comes back is scrolled before the list hears of it.
    const isThere = Math.abs((virtual.scrollOffset ?? 0) - box.current!.scrollTop) < 1;
    if (isOutside && isThere && !virtual.isScrolling && !isComing()) onWindow(windowAround(first, last));
  }, [isOutside, virtual.isScrolling, first, last]);
  const choose: Choose = useCallback((id, { isRange }) => {
    const { order } = store.outline();
    const chosen = selection.get();
    const isOn = isRange || chosen.isAll === chosen.ids.has(id);
    const range = isRange ? rangeOf(order, anchor.current, id) : [id];
    if (!range) return tell(LIST.rangeAway);
    const next = withChosen(chosen, range, isOn);
    if (next === chosen) return tell(LIST.tooMany(MOST_CHOSEN));
    if (!isRange) anchor.current = id;
    selection.set(next);
  }, [store, selection]);
  const page = order.slice(Math.max(0, first - from), last - from + 1);
  const choosePage = (isOn: boolean) => selection.set(withChosen(selection.get(), page, isOn));
  useListKeys({ box, virtual, focused, lanes, count: total, idAt: (index) => order[index - from], choose, selection });
  const rowAt = (index: number, start: number, size: number) => (
    <DeviceRow
      key={order[index - from] ?? `row ${index}`}
      store={store}
      id={order[index - from]}
      index={index}
      start={start}
      size={size}
      columns={columns}
      withTitles={!kind || isCards}
      isCard={isCards}
      selection={selection}
      onChoose={choose}
    />
  );
  return (
    <div
      ref={box}
      className="list"
      role="table"
      aria-label={LIST.devices}
      aria-rowcount={total + 1}
      data-held={isHeld}
      data-room={room}
      data-layout={isGrid ? "grid" : isCards ? "cards" : "table"}
      style={{ "--lanes": lanes, "--columns": grid.template, "--least": `${grid.least}px` } as CSSProperties}
    >
      <Head
        columns={columns}
        kind={kind}
        room={room}
        sort={sort}
        onSort={onSort}
        selection={selection}
        page={page}
        onPage={choosePage}
      />
      <div
        ref={rowGroup}
        className="rows"
        role="rowgroup"
        style={{ height: virtual.getTotalSize() }}
        onFocus={({ target }) => setFocused(Number(target.closest<HTMLElement>("[data-index]")?.dataset.index ?? -1))}
      >
        {shown.map(({ index, start, size }) =>
          isGrid
            ? (
              <div
                key={`line ${index}`}
                className="card-line"
                role="presentation"
                style={{ transform: `translateY(${start}px)`, height: size }}
              >
                {lineOf(index, lanes, count).map((one) => rowAt(one, 0, size - BETWEEN))}
              </div>
            )
            : rowAt(index, start, size)
        )}
      </div>
    </div>
  );
}

const withIndex = (indexes: number[], one: number, count: number): number[] =>
  one < 0 || one >= count || indexes.includes(one) ? indexes : [...indexes, one].sort((a, b) => a - b);

const cardsIn = (width: number): number => Math.max(1, Math.floor((width - 40) / CARD));

const lineOf = (line: number, lanes: number, count: number): number[] =>
  Array.from({ length: lanes }, (_, at) => line * lanes + at).filter((index) => index < count);

const TIGHT = matchMedia("(max-width: 1000px)");
const WIDE = matchMedia("(min-width: 1360px)");
