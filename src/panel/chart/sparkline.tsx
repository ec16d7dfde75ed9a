/** The last hour in a line: gaps stay gaps, a word is a strip that changes shade. */
import { gapOf, type Series } from "../live/series.ts";
import { TABLE } from "../words/history.ts";

interface Props {
  series: Series;
  width?: number;
  height?: number;
}

export function Sparkline({ series, width = 200, height = 32 }: Props) {
  if (series.points.length === 0) return <span className="spark text-ink3">{TABLE.noHour}</span>;
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {series.class === "state"
        ? <Strip series={series} width={width} height={height} />
        : <Line series={series} width={width} height={height} />}
    </svg>
  );
}

type Drawn = Required<Props>;

function Line({ series, width, height }: Drawn) {
  const values = series.points.map((point) => Number(series.class === "gauge" ? point[2] : point[1]));
  const starts = series.points.map(([start]) => Number(start));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A flat line stands in the middle; a wobble below a hundredth of the value is flat to the eye.
  const span = Math.max(most - least, Math.abs(most) * 0.01, 1e-9);
  const middle = (most + least) / 2;
  const x = (at: number) => (at - series.from) / (series.to - series.from) * width;
  const y = (value: number) => height / 2 - (value - middle) / span * (height - 6);
  const gap = gapOf(series);
  let path = "";
  let dots = "";
  values.forEach((value, index) => {
    const isFresh = index === 0 || starts[index] - starts[index - 1] > gap;
    const isLast = index + 1 === values.length || starts[index + 1] - starts[index] > gap;
    const place = `${x(starts[index]).toFixed(1)} ${y(value).toFixed(1)}`;
    // A point with nothing on either side is a dot.
    if (isFresh && isLast) dots += `M${place}h.01`;
    else path += `${isFresh ? "M" : "L"}${place}`;
  });
  return (
    <>
      <path d={path} className="line" vectorEffect="non-scaling-stroke" />
      <path d={dots} className="line dots" vectorEffect="non-scaling-stroke" />
    </>
  );
}

function Strip({ series, width, height }: Drawn) {
  const words = [...new Set(series.points.map(([, value]) => String(value)))].sort();
  const scale = width / (series.to - series.from);
  return series.points.map(([start, value, seconds], index) => {
    const next = series.points[index + 1];
    const until = next ? Number(next[0]) : Math.max(series.to, Number(start) + Number(seconds) * 1000);
    const left = Math.max(0, (Number(start) - series.from) * scale);
    return (
      <rect
        key={Number(start)}
        x={left}
        y={height / 2 - 5}
        width={Math.max(0.5, (until - series.from) * scale - left)}
        height="10"
        className={`shade-${words.indexOf(String(value)) % 4}`}
      />
    );
  });
}
