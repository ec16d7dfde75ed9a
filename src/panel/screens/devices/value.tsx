/** A value in a row: how it came to be that, what it is, and where it is old its age. */
import { Clock } from "lucide-react";
import { useMemo } from "react";
import type { Headline } from "../../form/controls.ts";
import { staleFrom, toldOf } from "../../live/fresh.ts";
import { lineWith, RING_SIZE } from "../../live/rings.ts";
import { useClock } from "../../live/time.ts";
import type { Shown } from "../../live/watch.ts";
import { Written } from "../../parts/written.tsx";
import { ageOf } from "../../words/format.ts";
import { ROW } from "../../words/list.ts";

interface ValueProps {
  device: Shown;
  of: Headline;
  stale: number;
  withTitle: boolean;
  /** What stands beside it: two of one unit are told apart by their titles alone. */
  among: readonly Headline[];
  withLine?: boolean;
}

export function HeadlineValue({ device, of, stale, withTitle, among, withLine }: ValueProps) {
  const { part, field } = of;
  const { value, at } = toldOf(device, of);
  const from = staleFrom(device, part, at, stale);
  const isStale = useClock((now) => now > from);
  if (value === undefined) return null;
  return (
    <span className={isStale ? "stale" : ""} title={at === undefined ? field.title : ROW.told(field.title, at)}>
      {withTitle && <span className="field-title" data-told={toldByUnit(field, among)}>{field.title}</span>}
      {isStale
        ? <StaleMark at={at!} />
        : withLine && part === "telemetry" && typeof value === "number" && at !== undefined && (
          <Line id={device.id} name={field.name} value={value} at={at} stale={stale} />
        )}
      <Written value={value} field={field} />
    </span>
  );
}

interface LineProps {
  id: string;
  name: string;
  value: number;
  at: number;
  stale: number;
}

/** How it came to be what it is, in the minutes since the row is seen. */
function Line({ id, name, value, at, stale }: LineProps) {
  const path = useMemo(() => lineWith(id, name, value, at, stale * 1000), [id, name, value, at, stale]);
  const { width, height } = RING_SIZE;
  return (
    <svg className="row-line" width={width} height={height} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** The row has one age, of what is newest in it; what is older than it should be says its own. */
function StaleMark({ at }: { at: number }) {
  const words = useClock((now) => ROW.stale(now - at));
  return (
    <span className="own-age" title={words}>
      <Clock size={12} role="img" aria-label={words} />
      <span aria-hidden="true">{useClock((now) => ageOf(now - at))}</span>
    </span>
  );
}

/** 64 W is power to everybody; 55 % may be anything. On a phone there is room for no more. */
const toldByUnit = ({ unit = "%" }: Headline["field"], among: readonly Headline[]) =>
  unit !== "%" && among.filter(({ field }) => field.unit === unit).length < 2;
