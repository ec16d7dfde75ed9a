/** A field's history that goes on: what REST answers, then the values of the watch appended [T8]. */
import { useEffect, useMemo, useRef } from "react";
import { hub } from "./connection.ts";
import { path, rest } from "./rest.ts";
import { hubNow } from "./time.ts";
import { useValue, type Value, valueOf } from "./value.ts";

export interface Series {
  class: "gauge" | "counter" | "state";
  /** Seconds from one point to the next. */
  resolution: number;
  points: readonly (readonly unknown[])[];
  from: number;
  to: number;
  /** Of a state, `[value, seconds, times]`: how long it was what, and how often it became that [Q5]. */
  totals?: readonly (readonly unknown[])[];
}

interface Last {
  value: unknown;
  at: number;
}

/** Appends one live value in the shape of its class; the list given is not changed. */
export function appended(series: Series, { value, at }: Last): Series {
  // What is not newer than the reading is in it.
  if (at <= series.to) return series;
  const { points } = series;
  const last = points.at(-1);
  const moved = slid(series, at);
  switch (series.class) {
    case "gauge":
      return { ...moved, points: joined(points, series.resolution, { at, value: Number(value) }) };
    case "state": {
      const totals = series.totals && totalled(series, { value, at });
      if (!last) return { ...moved, totals, points: [[at, value, 0]] };
      const [start, before] = last;
      const lasted = [start, before, (at - Number(start)) / 1000];
      const more = isSame(before, value) ? [] : [[at, value, 0]];
      return { ...moved, totals, points: [...points.slice(0, -1), lasted, ...more] };
    }
    case "counter":
      // An increase needs the total before; the next reading of the history has it.
      return moved;
  }
}

/** Some values are objects. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** In the step that it belongs to, so that a chart that stays open gets no finer at its end. */
function joined(points: Series["points"], resolution: number, { at, value }: { at: number; value: number }) {
  const last = points.at(-1)?.map(Number);
  const width = resolution * 1000;
  const start = last ? last[0] + Math.floor((at - last[0]) / width) * width : at;
  if (!last || start > last[0]) return [...points, [start, value, value, value, 1]];
  const [begun, min, mean, max, count] = last;
  const all = [begun, Math.min(min, value), (mean * count + value) / (count + 1), Math.max(max, value), count + 1];
  return [...points.slice(0, -1), all];
}

/** What it was until now lasted on, and what the window has moved past is in it no longer. */
function totalled({ totals = [], points, from, to }: Series, { value, at }: Last): Series["totals"] {
  const passed = (at - to) / 1000;
  const now = points.at(-1)?.[1];
  const first = points.findLast(([start]) => Number(start) <= from)?.[1];
  const known = totals.some(([one]) => isSame(one, value)) ? totals : [...totals, [value, 0, 0]];
  return known.map(([one, seconds, times]) => [
    one,
    Math.max(0, Number(seconds) + (isSame(one, now) ? passed : 0) - (isSame(one, first) ? passed : 0)),
    Number(times) + (isSame(one, value) && !isSame(now, value) ? 1 : 0),
  ]);
}

/** The window moves on with what came. */
function slid(series: Series, at: number): Series {
  const shift = Math.max(0, at - series.to);
  return { ...series, from: series.from + shift, to: series.to + shift };
}

interface Asked {
  device: string;
  field: string;
  span: number;
  /** None asks for nothing yet. */
  points: number;
}

/** Read again now and then: what was appended is finer than the buckets, and the window moves on. */
const READ_AGAIN = 60_000;
/** A chart of steps of a day is as good as it was a while longer. */
const READ_AGAIN_AT_MOST = 600_000;
const pauseOf = (span: number, points: number) =>
  Math.min(READ_AGAIN_AT_MOST, Math.max(READ_AGAIN, Math.floor(span / points)));

/** Kept beyond the page that drew them: who comes back sees at once what they saw, and then what came since. */
const kept = new Map<string, Value<Series | null>>();
const MOST_KEPT = 40;

function seriesOf(...key: (string | number)[]): Value<Series | null> {
  const name = key.join(" ");
  const value = kept.get(name) ?? valueOf<Series | null>(null);
  // What was looked at last goes last.
  kept.delete(name);
  kept.set(name, value);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return value;
}

const useIsOpen = () => useValue(hub.link, ({ phase }) => phase === "open");

export function useSeries({ device, field, span, points }: Asked, last: Last | undefined): Series | null {
  const value = useMemo(() => seriesOf(device, field, span, points), [device, field, span, points]);
  const isOpen = useIsOpen();
  const newest = useRef(last);
  newest.current = last;
  useEffect(() => {
    if (points === 0) return;
    let isCurrent = true;
    const read = async () => {
      const to = Math.round(hubNow());
      const history = await readSeries({ device, field, points, from: to - span, to });
      // What came while it was read is not in it.
      if (isCurrent && history) value.set(newest.current ? appended(history, newest.current) : history);
    };
    // [A2.1] After a reconnect what was missed has to be filled in.
    if (isOpen) void read();
    const timer = setInterval(() => isOpen && !document.hidden && void read(), pauseOf(span, points));
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [value, isOpen]);
  const series = useValue(value);
  useEffect(() => {
    if (last && series) value.set(appended(series, last));
  }, [value, last?.at, last?.value, series === null]);
  return series;
}

/** In ms. */
const PASSES = 60;

/** A stretch of the past, at the resolution that it allows; null where none is chosen or none has come yet. */
export function useStretch(
  { device, field, points }: Omit<Asked, "span">,
  stretch: { from: number; to: number } | null,
): Series | null {
  const { from = 0, to = 0 } = stretch ?? {};
  const value = useMemo(() => seriesOf(device, field, from, to, points), [device, field, from, to, points]);
  const isOpen = useIsOpen();
  useEffect(() => {
    if (to === 0 || points === 0 || !isOpen) return;
    let isCurrent = true;
    // [A2.1] Again after a reconnect: what a device kept for itself may have come since.
    const read = async () => {
      const history = await readSeries({ device, field, points, from, to });
      if (isCurrent && history) value.set(history);
    };
    // Whoever holds a key down passes by what nobody has to read.
    const timer = setTimeout(() => void read(), PASSES);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [value, isOpen]);
  return useValue(value);
}

/** Null where the hub is away: what is shown stays, its age is beside it. */
async function readSeries(
  { device, from, to, ...search }: Omit<Asked, "span"> & { from: number; to: number },
): Promise<Series | null> {
  try {
    // What was asked for is what is shown; the answer may be widened to whole steps [Q2].
    return { ...await rest<Series>("GET", path.history(device, { ...search, from, to })), from, to };
  } catch {
    return null;
  }
}

/**
 * Where a line must break, in ms: a step without a value, where each would have some at the pace of the others; and
 * where values come more seldom than steps, a pause that is much longer than usual.
 */
export function gapOf({ points, resolution, class: kept }: Pick<Series, "points" | "resolution" | "class">): number {
  const starts = points.map(([start]) => Number(start));
  const step = medianOf(starts.slice(1).map((start, index) => start - starts[index])) ?? 0;
  const count = kept === "state" ? 1 : medianOf(points.map((point) => Number(point.at(-1)))) ?? 1;
  return Math.max(resolution * 1500, step / Math.max(1, count) * 3.5, 2500);
}

const medianOf = (numbers: number[]): number | undefined =>
  numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
