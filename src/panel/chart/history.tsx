/** One field's history: how far back, closer by dragging, and the same as a table. */
import { lazy, Suspense, useState } from "react";
import type { FieldModel } from "../form/field.ts";
import { whenHere } from "../live/loaded.ts";
import { hubNow } from "../live/time.ts";
import { type Series, useSeries, useStretch } from "../live/series.ts";
import type { LastValue } from "../../protocol/record.ts";
import { inWords, momentOf, numberOf } from "../words/format.ts";
import { mendLanguage } from "./language.ts";
import type { Mark } from "./plot.tsx";
import { StateStrip } from "./state_strip.tsx";

const Plot = lazy(async () => {
  mendLanguage();
  return { default: (await whenHere(() => import("./plot.tsx"))).Plot };
});

const MINUTE = 60_000;
const SPANS = [
  { word: "15 min", span: 15 * MINUTE },
  { word: "1 h", span: 60 * MINUTE },
  { word: "6 h", span: 360 * MINUTE },
  { word: "24 h", span: 1440 * MINUTE },
];
const POINTS = 300;

interface Props {
  device: string;
  /** When the device was added, in ms: before that there is nothing to show. */
  since: number;
  field: FieldModel;
  last: LastValue | undefined;
  marks: readonly Mark[];
}

export function History({ device, since, field, last, marks }: Props) {
  const [span, setSpan] = useState(() => SPANS[hubNow() - since < SPANS[0].span ? 0 : 1].span);
  const [stretch, setStretch] = useState<{ from: number; to: number } | null>(null);
  const live = useSeries({ device, field: field.name, span, points: POINTS }, last);
  const still = useStretch({ device, field: field.name, points: POINTS }, stretch);
  const series = stretch ? still : live;
  return (
    <section className="history" aria-label={`History of ${field.title}`}>
      <header>
        <h2 className="heading">{field.title}{field.unit && <span className="unit">{field.unit}</span>}</h2>
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
        {stretch
          ? <button type="button" className="button small" onClick={() => setStretch(null)}>Follow live</button>
          : (
            <span className="text-small text-ink3 max-sm:hidden">
              {field.class === "state" ? "" : "Drag over the chart to look closer."}
            </span>
          )}
      </header>
      {!series || series.points.length === 0
        ? <Nothing series={series} last={last} />
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
      {series && series.points.length > 0 && series.class !== "state" && (
        <details className="as-table">
          <summary>{summaryOf(series, field)}</summary>
          <Table series={series} field={field} />
        </details>
      )}
    </section>
  );
}

function Nothing({ series, last }: { series: Series | null; last: LastValue | undefined }) {
  return (
    <p className="plot nothing">
      {series === null
        ? ""
        : last
        ? `Nothing in this time. The last value came ${momentOf(last.at, series.to)}.`
        : "No value has come yet."}
    </p>
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
              <td key={index}>{numberOf(Number(cell), index + 1 < rest.length ? field.precision : 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
