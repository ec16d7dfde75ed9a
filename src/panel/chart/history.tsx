/** One field's history: how far back, closer by dragging, and the same as a table. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { lazy, type RefObject, Suspense, useLayoutEffect, useRef, useState } from "react";
import type { FieldModel } from "../form/field.ts";
import { whenHere } from "../live/loaded.ts";
import { hubNow } from "../live/time.ts";
import { type Series, useSeries, useStretch } from "../live/series.ts";
import type { LastValue } from "../../protocol/record.ts";
import { inWords, momentOf, numberOf, plainOf, unitOf } from "../words/format.ts";
import { finenessInWords, LOOK_CLOSER, SPANS, stretchInWords } from "../words/history.ts";
import { mendLanguage } from "./language.ts";
import type { Mark } from "./plot.tsx";
import { SaveButton } from "./save_button.tsx";
import { StateStrip } from "./state_strip.tsx";

const Plot = lazy(async () => {
  mendLanguage();
  return { default: (await whenHere(() => import("./plot.tsx"))).Plot };
});

interface Props {
  device: string;
  /** When the device was added, in ms: before that there is nothing to show. */
  since: number;
  field: FieldModel;
  last: LastValue | undefined;
  marks: readonly Mark[];
}

interface Stretch {
  from: number;
  to: number;
}

export function History({ device, since, field, last, marks }: Props) {
  const box = useRef<HTMLElement>(null);
  const columns = useColumns(box);
  const points = Math.floor(columns / WIDTH_OF[field.class]);
  const [span, setSpan] = useState(() => SPANS[hubNow() - since < SPANS[0].span ? 0 : 1].span);
  const [stretch, setStretch] = useState<Stretch | null>(null);
  const live = useSeries({ device, field: field.name, span, points }, last);
  const still = useStretch({ device, field: field.name, points }, stretch);
  const series = stretch ? still : live;
  const shown = (): Stretch => stretch ?? { from: Math.round(hubNow() - span), to: Math.round(hubNow()) };
  return (
    <section ref={box} className="history" aria-label={`History of ${field.title}`}>
      <header>
        <h2 className="heading">{field.title}{unitOf(field) && <span className="unit">{unitOf(field)}</span>}</h2>
        <div className="segments small" role="group" aria-label="How far back">
          {SPANS.map(({ word, span: width }) => (
            <button
              key={width}
              type="button"
              aria-pressed={!stretch && width === span}
              onClick={() => {
                setStretch(null);
                setSpan(width);
              }}
            >
              {word}
            </button>
          ))}
        </div>
        <Travel shown={shown} isLive={!stretch} onGo={setStretch} />
        <span className="grow max-sm:hidden" />
        <SaveButton device={device} range={shown} />
      </header>
      <p className="fineness">
        {series && series.points.length > 0 && finenessInWords(series)}
        {stretch && ` ${stretchInWords(stretch, hubNow())}.`}
        {!stretch && series && series.points.length > 0 && series.class !== "state" && (
          <span className="max-sm:hidden">{LOOK_CLOSER}</span>
        )}
      </p>
      {!series || series.points.length === 0
        ? <Nothing series={series} last={last} onGo={(at) => setStretch(around(at, span))} />
        : series.class === "state"
        ? <StateStrip series={series} field={field} />
        : (
          <Suspense fallback={<div className="plot" />}>
            <Plot
              series={series}
              field={field}
              marks={marks}
              span={stretch ? null : span}
              label={summaryOf(series, field)}
              onZoom={(from, to) => setStretch({ from: Math.round(from), to: Math.round(to) })}
            />
          </Suspense>
        )}
      {series && series.points.length > 0 && series.class !== "state" && <AsTable series={series} field={field} />}
    </section>
  );
}

/** So many columns of the screen for each point: a line may be fine, bars and runs have to be seen. */
const WIDTH_OF = { gauge: 2, counter: 9, state: 2 };
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

/** A little after, to be seen. */
const around = (at: number, span: number): Stretch => ({
  from: Math.round(at - span * 0.9),
  to: Math.round(at + span * 0.1),
});

interface TravelProps {
  shown(): Stretch;
  isLive: boolean;
  onGo(stretch: Stretch | null): void;
}

/** What dragging does, for whoever has no pointer: half as far back, or on until it is now. */
function Travel({ shown, isLive, onGo }: TravelProps) {
  const go = (way: 1 | -1) => {
    const { from, to } = shown();
    const shift = Math.round((to - from) / 2) * way;
    // What is nearly now is now: time went on while somebody looked.
    onGo(to + shift < hubNow() - (to - from) / 10 ? { from: from + shift, to: to + shift } : null);
  };
  return (
    <div className="flex items-center gap-1">
      <button type="button" className="button small square" aria-label="Earlier" title="Earlier" onClick={() => go(-1)}>
        <ChevronLeft size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="button small square"
        aria-label="Later"
        title="Later"
        disabled={isLive}
        onClick={() => go(1)}
      >
        <ChevronRight size={14} aria-hidden="true" />
      </button>
      {!isLive && <button type="button" className="button small" onClick={() => onGo(null)}>Follow live</button>}
    </div>
  );
}

interface NothingProps {
  series: Series | null;
  last: LastValue | undefined;
  onGo(at: number): void;
}

function Nothing({ series, last, onGo }: NothingProps) {
  if (series === null) return <p className="plot nothing" />;
  if (!last) return <p className="plot nothing">No value has come yet.</p>;
  const isBefore = last.at < series.from;
  return (
    <div className="plot nothing">
      <p className="text-center">
        Nothing in this time. The last value came {momentOf(last.at, hubNow())}.
        {isBefore && (
          <button type="button" className="button small mx-auto mt-3 flex" onClick={() => onGo(last.at)}>
            Go there
          </button>
        )}
      </p>
    </div>
  );
}

function summaryOf({ points, class: kept }: Series, field: FieldModel): string {
  if (kept === "counter") {
    const increase = points.reduce((sum, point) => sum + Number(point[1]), 0);
    return `${field.title}: ${inWords(increase, { ...field, precision: undefined })} more in this time`;
  }
  const least = Math.min(...points.map((point) => Number(point[1])));
  const most = Math.max(...points.map((point) => Number(point[3])));
  const samples = points.reduce((sum, point) => sum + Number(point[4]), 0);
  const counted = samples === 1 ? "1 sample" : `${samples} samples`;
  return least === most
    ? `${field.title} at ${inWords(least, field)}, ${counted}`
    : `${field.title} between ${inWords(least, field)} and ${inWords(most, field)}, ${counted}`;
}

const HEADS = { gauge: ["Least", "Mean", "Most", "Samples"], counter: ["Increase", "Samples"], state: [] };

/** Rows are made only for whoever opens it: a chart that is live would make them anew with each value. */
function AsTable({ series, field }: { series: Series; field: FieldModel }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summaryOf(series, field)}</summary>
      {isOpen && <Table series={series} field={field} />}
    </details>
  );
}

const Table = ({ series, field }: { series: Series; field: FieldModel }) => (
  <div className="max-h-72 overflow-auto" tabIndex={0} role="region" aria-label={`${field.title} as a table`}>
    <table className="plain-table">
      <thead>
        <tr>
          <th>From</th>
          {HEADS[series.class].map((head) => <th key={head}>{head}</th>)}
        </tr>
      </thead>
      <tbody>
        {series.points.toReversed().map(([start, ...rest]) => (
          <tr key={Number(start)}>
            <td>{momentOf(Number(start), series.to)}</td>
            {rest.map((cell, index) => (
              <td key={index}>{index + 1 < rest.length ? plainOf(Number(cell), field) : numberOf(Number(cell), 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
