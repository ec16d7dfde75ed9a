/** A field of few values over time: how long it was what. */
import type { FieldModel } from "../form/field.ts";
import type { Series } from "../live/series.ts";
import { durationOf, inWords, momentOf } from "../words/format.ts";

interface Props {
  series: Series;
  field: FieldModel;
}

interface Run {
  value: unknown;
  from: number;
  to: number;
}

/** Runs of one value inside the window; the last one lasts until now, also where it only just began. */
export function runsOf({ points, from, to }: Series): Run[] {
  return points.map(([start, value], index) => ({
    value,
    from: Math.max(from, Number(start)),
    to: index + 1 < points.length ? Number(points[index + 1][0]) : Math.max(to, Number(start)),
  })).filter((run, index) => run.from < run.to || index === points.length - 1);
}

export function StateStrip({ series, field }: Props) {
  const runs = runsOf(series);
  const words = [...new Set(runs.map(({ value }) => String(value)))].sort();
  const total = series.to - series.from;
  const share = (ms: number) => `${(ms / total * 100).toFixed(3)}%`;
  return (
    <div className="live">
      <div
        className="strip"
        role="img"
        aria-label={`${field.title}: ${words.length} values, ${runs.length - 1} changes`}
      >
        {runs.map(({ value, from, to }) => (
          <span
            key={from}
            className={`shade-${words.indexOf(String(value)) % 4}`}
            style={{ left: share(from - series.from), width: share(to - from) }}
            title={`${inWords(value, field)} from ${momentOf(from, series.to)}, for ${durationOf((to - from) / 1000)}`}
          />
        ))}
      </div>
      <div className="strip-ends">
        <span>{momentOf(series.from, series.to)}</span>
        <span>{momentOf(series.to, series.to)}</span>
      </div>
      <ul className="strip-legend">
        {words.map((word, index) => {
          const mine = runs.filter(({ value }) => String(value) === word);
          const lasted = mine.reduce((sum, { from, to }) => sum + to - from, 0);
          return (
            <li key={word}>
              <span className={`swatch shade-${index % 4}`} />
              {inWords(mine[0].value, field)} <span className="text-ink3">{durationOf(Math.round(lasted / 1000))}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
