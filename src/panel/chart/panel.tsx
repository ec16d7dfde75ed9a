/** One field over time: its line, bars or runs, how finely they are told, and the same as a table. */
import { lazy, Suspense, useRef, useState } from "react";
import type { LastValue } from "../../protocol/record.ts";
import type { FieldModel } from "../form/field.ts";
import { whenHere } from "../live/loaded.ts";
import { type Series, useSeries, useStretch } from "../live/series.ts";
import { hubNow } from "../live/time.ts";
import { Written } from "../parts/written.tsx";
import { inWords, momentOf, numberOf, plainOf } from "../words/format.ts";
import { CHARTS, finenessInWords, LOOK_CLOSER, stretchInWords, SUMMARY, TABLE } from "../words/history.ts";
import { mendLanguage } from "./language.ts";
import type { NamedMark } from "./plot.tsx";
import { StateStrip } from "./state_strip.tsx";
import type { Stretch } from "./view.ts";

const Plot = lazy(async () => {
  mendLanguage();
  return { default: (await whenHere(() => import("./plot.tsx"))).Plot };
});

/** So many columns of the screen for each point: a line may be fine, bars and runs have to be seen. */
const WIDTH_OF = { gauge: 2, counter: 9, state: 2 };

interface Props {
  device: string;
  field: FieldModel;
  last: LastValue | undefined;
  marks: readonly NamedMark[];
  /** How many columns there are to draw in; none asks for nothing yet. */
  columns: number;
  span: number;
  stretch: Stretch | null;
  /** Which of several it is; null for one that is alone, whose name stands elsewhere. */
  place: number | null;
  onZoom(stretch: Stretch): void;
}

export function Panel({ device, field, last, marks, columns, span, stretch, place, onZoom }: Props) {
  const points = Math.floor(columns / WIDTH_OF[field.class]);
  // Only one of the two asks.
  const live = useSeries({ device, field: field.name, span, points: stretch ? 0 : points }, last);
  const still = useStretch({ device, field: field.name, points }, stretch);
  const current = stretch ? still : live;
  // What was seen stays, dimmed, until what is asked for is here.
  const seen = useRef<Series | null>(null);
  if (current) seen.current = current;
  const series = current ?? seen.current;
  const isDrawn = series !== null && series.points.length > 0;
  return (
    <div className="panel" data-small={place !== null} data-waiting={current === null && series !== null}>
      {place === null
        ? (
          <p className="fineness">
            {isDrawn && finenessInWords(series)}
            {stretch && ` ${stretchInWords(stretch, hubNow())}.`}
            {!stretch && isDrawn && series.class !== "state" && <span className="max-sm:hidden">{LOOK_CLOSER}</span>}
          </p>
        )
        : (
          <header className="panel-head">
            {field.class !== "state" && <Swatch place={place} />}
            <h2>{field.title}</h2>
            <span className="live">
              <Written value={last?.value} field={field} />
            </span>
            <span className="fineness">{isDrawn && finenessInWords(series)}</span>
          </header>
        )}
      {!isDrawn
        ? <Nothing series={series} last={last} isAlone={place === null} onGo={(at) => onZoom(around(at, span))} />
        : series.class === "state"
        ? <StateStrip series={series} field={field} />
        : (
          <Suspense fallback={<div className="plot" data-small={place !== null} />}>
            <Plot
              series={series}
              field={field}
              marks={marks}
              span={stretch ? null : span}
              place={place}
              label={summaryOf(series, field)}
              onZoom={(from, to) => onZoom({ from: Math.round(from), to: Math.round(to) })}
            />
          </Suspense>
        )}
      {isDrawn && series.class !== "state" && <AsTable series={series} field={field} />}
    </div>
  );
}

/** Which line is whose, also without the colour: the name stands beside it. */
export const Swatch = ({ place }: { place: number }) => (
  <i className="swatch" aria-hidden="true" style={{ background: `var(--series-${place + 1})` }} />
);

/** A little after, to be seen. */
const around = (at: number, span: number): Stretch => ({
  from: Math.round(at - span * 0.9),
  to: Math.round(at + span * 0.1),
});

interface NothingProps {
  series: Series | null;
  last: LastValue | undefined;
  isAlone: boolean;
  onGo(at: number): void;
}

function Nothing({ series, last, isAlone, onGo }: NothingProps) {
  const small = { "data-small": !isAlone };
  if (series === null) return <p className="plot nothing" {...small} />;
  if (!last) return <p className="plot nothing" {...small}>{CHARTS.none}</p>;
  const isBefore = last.at < series.from;
  return (
    <div className="plot nothing" {...small}>
      <p className="text-center">
        {CHARTS.nothing(momentOf(last.at, hubNow()))}
        {isBefore && (
          <button type="button" className="button small mx-auto mt-3 flex" onClick={() => onGo(last.at)}>
            {CHARTS.goThere}
          </button>
        )}
      </p>
    </div>
  );
}

function summaryOf({ points, class: kept }: Series, field: FieldModel): string {
  if (kept === "counter") {
    const increase = points.reduce((sum, point) => sum + Number(point[1]), 0);
    return SUMMARY.counter(field.title, inWords(increase, { ...field, precision: undefined }));
  }
  const least = Math.min(...points.map((point) => Number(point[1])));
  const most = Math.max(...points.map((point) => Number(point[3])));
  const samples = points.reduce((sum, point) => sum + Number(point[4]), 0);
  return least === most
    ? SUMMARY.flat(field.title, inWords(least, field), samples)
    : SUMMARY.gauge(field.title, inWords(least, field), inWords(most, field), samples);
}

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
  <div className="max-h-72 overflow-auto" tabIndex={0} role="region" aria-label={TABLE.label(field.title)}>
    <table className="plain-table">
      <thead>
        <tr>
          <th>{TABLE.from}</th>
          {TABLE.heads[series.class].map((head) => <th key={head}>{head}</th>)}
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
