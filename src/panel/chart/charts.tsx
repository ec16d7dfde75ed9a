/** Fields over time, one below the other: how far back, closer by dragging or by keys, all over the same time. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { FieldModel } from "../form/field.ts";
import { hubNow } from "../live/time.ts";
import type { Shown as Device } from "../live/watch.ts";
import { tell } from "../parts/tell.tsx";
import { unitOf } from "../words/format.ts";
import { CHARTS, SPANS, stretchInWords } from "../words/history.ts";
import { Panel } from "./panel.tsx";
import { Range } from "./range.tsx";
import type { NamedMark } from "./plot.tsx";
import { SaveButton } from "./save_button.tsx";
import { byKey, shifted, type Shown, type Stretch, stretchOf, usualSpan, type View } from "./view.ts";

interface Props {
  device: Device;
  /** One, or up to four below each other. */
  fields: readonly FieldModel[];
  view: View;
  marks: readonly NamedMark[];
  onView(view: Pick<View, "span" | "stretch">): void;
  /** Beside the button that saves. */
  children?: ReactNode;
}

export function Charts({ device, fields, view, marks, onView, children }: Props) {
  const box = useRef<HTMLElement>(null);
  const columns = useColumns(box);
  const since = device.createdAt ?? 0;
  const [usual] = useState(() => usualSpan(since, hubNow()));
  const { stretch, span = usual } = view;
  // Keys may come faster than the address is drawn.
  const latest = useRef({ span, stretch });
  useEffect(() => void (latest.current = { span, stretch }), [span, stretch]);
  const shown = (): Shown => ({ ...latest.current, now: hubNow(), since });
  const range = () => stretchOf(shown());
  const go = (to: Partial<Pick<View, "span" | "stretch">>) => {
    latest.current = { ...latest.current, ...to };
    onView(latest.current);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const moved = byKey(shown(), event.key, event.shiftKey);
    if (!moved) return;
    event.preventDefault();
    go(moved);
    tell(moved.stretch ? stretchInWords(moved.stretch, hubNow()) : CHARTS.follows);
  };
  const isAlone = fields.length === 1;
  const [isChoosing, setChoosing] = useState(false);
  return (
    <section ref={box} className="history" aria-label={CHARTS.of(fields.map(({ title }) => title))}>
      <header>
        {isAlone && (
          <h2 className="heading">
            {fields[0].title}
            {unitOf(fields[0]) && <span className="unit">{unitOf(fields[0])}</span>}
          </h2>
        )}
        <div className="segments small" role="group" aria-label={CHARTS.spans}>
          {SPANS.map(({ word, span: width }) => (
            <button
              key={width}
              type="button"
              aria-pressed={!stretch && width === span}
              onClick={() => go({ span: width, stretch: null })}
            >
              {word}
            </button>
          ))}
        </div>
        <Travel shown={shown} isLive={!stretch} onGo={(stretch) => go({ stretch })} />
        <button
          type="button"
          className="button small quiet"
          aria-expanded={isChoosing}
          onClick={() => setChoosing(!isChoosing)}
        >
          {CHARTS.choose}
        </button>
        <span className="charts-gap" />
        <SaveButton device={device.id} range={range} />
        {children}
      </header>
      {isChoosing && <Range shown={range()} onShow={(stretch) => go({ stretch })} onClose={() => setChoosing(false)} />}
      {!isAlone && stretch && <p className="fineness">{stretchInWords(stretch, hubNow())}.</p>}
      <div className="panels" role="group" tabIndex={0} aria-label={CHARTS.group} onKeyDown={onKey}>
        {fields.map((field, place) => (
          <Panel
            key={field.name}
            device={device.id}
            field={field}
            last={device.telemetry?.[field.name]}
            marks={marks}
            columns={columns}
            span={span}
            stretch={stretch}
            place={isAlone ? null : place}
            onZoom={(stretch) => go({ stretch })}
          />
        ))}
      </div>
    </section>
  );
}

/** As many as the hub gives, and in steps, so that pulling at a window asks a few times and not a hundred. */
const MOST_COLUMNS = 4_000;
const STEP = 60;

/** How many columns the chart has; none before it is seen. */
function useColumns(box: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(0);
  useLayoutEffect(() => {
    const measure = () =>
      setColumns(Math.min(MOST_COLUMNS, Math.max(STEP, Math.floor(box.current!.clientWidth / STEP) * STEP)));
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(box.current!);
    return () => resized.disconnect();
  }, []);
  return columns;
}

interface TravelProps {
  shown(): Shown;
  isLive: boolean;
  onGo(stretch: Stretch | null): void;
}

/** What dragging does, for whoever has no pointer: half as far back, or on until it is now. */
const Travel = ({ shown, isLive, onGo }: TravelProps) => (
  <div className="flex items-center gap-1">
    <button
      type="button"
      className="button small square"
      aria-label={CHARTS.earlier}
      title={CHARTS.earlier}
      onClick={() => onGo(shifted(shown(), -0.5).stretch)}
    >
      <ChevronLeft size={14} aria-hidden="true" />
    </button>
    <button
      type="button"
      className="button small square"
      aria-label={CHARTS.later}
      title={CHARTS.later}
      disabled={isLive}
      onClick={() => onGo(shifted(shown(), 0.5).stretch)}
    >
      <ChevronRight size={14} aria-hidden="true" />
    </button>
    {!isLive && <button type="button" className="button small" onClick={() => onGo(null)}>{CHARTS.live}</button>}
  </div>
);
