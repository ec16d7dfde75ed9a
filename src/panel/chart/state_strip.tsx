/** A field of few values over time: how long it was what. */
import type { FieldModel } from "../form/field.ts";
import type { Series } from "../live/series.ts";
import { shareInWords, TABLE, timesInWords } from "../words/history.ts";
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
  const times = timesOf(series, runs);
  const words = times.map(({ word }) => word);
  const total = series.to - series.from;
  const share = (ms: number) => `${(ms / total * 100).toFixed(3)}%`;
  const shadeOf = (value: unknown) => `shade-${words.indexOf(wordOf(value)) % 4}`;
  return (
    <div className="live">
      <div className="strip" role="img" aria-label={summaryOf(times, field)}>
        {runs.map(({ value, from, to }) => (
          <span
            key={from}
            className={shadeOf(value)}
            style={{ left: share(from - series.from), width: share(to - from) }}
            title={TABLE.run(inWords(value, field), momentOf(from, series.to), durationOf((to - from) / 1000))}
          />
        ))}
      </div>
      <div className="strip-ends">
        <span>{momentOf(series.from, series.to)}</span>
        <span>{momentOf(series.to, series.to)}</span>
      </div>
      <table className="strip-legend">
        <thead className="sr-only">
          <tr>
            <th>{field.title}</th>
            <th>{TABLE.time}</th>
            <th>{TABLE.share}</th>
            <th>{TABLE.times}</th>
          </tr>
        </thead>
        <tbody>
          {times.map(({ word, value, seconds, count }) => (
            <tr key={word}>
              <th scope="row">
                <span className={`swatch ${shadeOf(value)}`} />
                {inWords(value, field)}
              </th>
              <td>{durationOf(Math.round(seconds))}</td>
              <td>{shareInWords(seconds, total / 1000)}</td>
              <td>{timesInWords(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const wordOf = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value);

interface Time {
  word: string;
  value: unknown;
  seconds: number;
  count: number;
}

/** How long it was what in all, as the hub counted it [Q5]; in the order of words, so that shades stay where they are. */
function timesOf({ totals }: Series, runs: Run[]): Time[] {
  const times = totals?.map(([value, seconds, count]) => ({
    word: wordOf(value),
    value,
    seconds: Number(seconds),
    count: Number(count),
  })) ?? counted(runs);
  return times.filter(({ seconds, count }) => seconds > 0 || count > 0)
    .sort((one, other) => one.word < other.word ? -1 : 1);
}

function counted(runs: Run[]): Time[] {
  const times = new Map<string, Time>();
  for (const { value, from, to } of runs) {
    const word = wordOf(value);
    const known = times.get(word) ?? { word, value, seconds: 0, count: 0 };
    times.set(word, { ...known, seconds: known.seconds + (to - from) / 1000, count: known.count + 1 });
  }
  return [...times.values()];
}

const summaryOf = (times: Time[], field: FieldModel): string =>
  `${field.title}: ${
    times.map(({ value, seconds }) => `${inWords(value, field)} ${durationOf(Math.round(seconds))}`).join(", ")
  }`;
