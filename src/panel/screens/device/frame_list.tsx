/** Frames as rows of one height, newest first; only those in sight are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { type Entry, isPause, type Pause, type SeenFrame } from "../../live/frames.ts";
import { errorInWords, frameClockOf, LIVE, pauseInWords, sizeInWords } from "../../words/frames.ts";

interface Props {
  entries: readonly Entry[];
  chosen: number | null;
  onChoose(n: number | null): void;
  /** A pointer, the focus or a scroll: from then on it must not move. */
  onHand(isAtHand: boolean): void;
}

const ROW = 32;
const idOf = (n: number) => `frame-${n}`;

export function FrameList({ entries, chosen, onChoose, onHand }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const hands = useRef({ pointer: false, focus: false, scroll: false });
  const hand = (sort: keyof typeof hands.current, isThere: boolean) => {
    hands.current[sort] = isThere;
    onHand(Object.values(hands.current).some(Boolean));
  };
  // Gone with the list: nothing is held by what is not there.
  useEffect(() => () => onHand(false), []);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => entries[index].n,
    overscan: 8,
  });
  const go = (event: KeyboardEvent) => {
    const at = entries.findIndex(({ n }) => n === chosen);
    const to = placeAfter(event.key, at, entries.length);
    if (event.key === "Escape") onChoose(null);
    if (to === null) return;
    event.preventDefault();
    onChoose(entries[to].n);
    virtual.scrollToIndex(to);
  };
  const isDrawn = virtual.getVirtualItems().some(({ key }) => key === chosen);
  return (
    <div
      ref={box}
      className="frame-list"
      role="listbox"
      tabIndex={0}
      aria-label={LIVE.list}
      aria-activedescendant={isDrawn && chosen !== null ? idOf(chosen) : undefined}
      onKeyDown={go}
      onPointerEnter={() => hand("pointer", true)}
      onPointerLeave={() => hand("pointer", false)}
      onFocus={() => hand("focus", true)}
      onBlur={() => hand("focus", false)}
      onScroll={({ currentTarget }) => hand("scroll", currentTarget.scrollTop > 0)}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const entry = entries[index];
          const place = { transform: `translateY(${start}px)` };
          return isPause(entry) ? <PauseRow key={key} pause={entry} place={place} /> : (
            <Row
              key={key}
              frame={entry}
              place={place}
              isChosen={entry.n === chosen}
              onChoose={() => onChoose(entry.n === chosen ? null : entry.n)}
            />
          );
        })}
      </div>
    </div>
  );
}

const PAGE = 10;

function placeAfter(key: string, at: number, count: number): number | null {
  const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return key in moves ? Math.min(count - 1, Math.max(0, moves[key])) : null;
}

interface RowProps {
  frame: SeenFrame;
  place: { transform: string };
  isChosen: boolean;
  onChoose(): void;
}

function Row({ frame: { n, at, direction, type, text, size, isCut, error }, place, isChosen, onChoose }: RowProps) {
  const isIn = direction === "in";
  const Arrow = isIn ? ArrowDownLeft : ArrowUpRight;
  return (
    <div
      id={idOf(n)}
      role="option"
      aria-selected={isChosen}
      className="frame-row"
      data-way={direction}
      data-refused={error !== undefined}
      style={place}
      onClick={onChoose}
    >
      <span className="at">{frameClockOf(at)}</span>
      <span className="way">
        <Arrow size={14} role="img" aria-label={isIn ? LIVE.in : LIVE.out} />
      </span>
      <span className="type">{type}</span>
      <span className="text">{error ? errorInWords(error) : text}</span>
      <span className="size">{sizeInWords(size, isCut)}</span>
    </div>
  );
}

const PauseRow = ({ pause: { n, at, since }, place }: { pause: Pause; place: RowProps["place"] }) => (
  <div id={idOf(n)} role="option" aria-selected="false" aria-disabled="true" className="frame-pause" style={place}>
    {pauseInWords(since, at)}
  </div>
);
