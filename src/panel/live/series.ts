/** A field's history that goes on: what REST answers, then the values of the watch appended [T8]. */
import { useEffect, useState } from "react";
import { hub } from "./connection.ts";
import { path, rest } from "./rest.ts";
import { hubNow } from "./time.ts";
import { useValue } from "./value.ts";

export interface Series {
  class: "gauge" | "counter" | "state";
  /** Seconds from one point to the next. */
  resolution: number;
  points: readonly (readonly unknown[])[];
  from: number;
  to: number;
}

interface Last {
  value: unknown;
  at: number;
}

/** Appends one live value in the shape of its class; the list given is not changed. */
export function appended(series: Series, { value, at }: Last): Series {
  const { points } = series;
  const last = points.at(-1);
  if (last && at <= Number(last[0])) return series;
  switch (series.class) {
    case "gauge":
      return { ...series, points: [...points, [at, value, value, value, 1]] };
    case "state": {
      if (!last) return { ...series, points: [[at, value, 0]] };
      const [start, before] = last;
      const lasted = [start, before, (at - Number(start)) / 1000];
      return { ...series, points: [...points.slice(0, -1), lasted, ...(before === value ? [] : [[at, value, 0]])] };
    }
    case "counter":
      // An increase needs the total before; the next reading of the history has it.
      return series;
  }
}

interface Asked {
  device: string;
  field: string;
  span: number;
  points: number;
}

/** Read again now and then: what was appended is finer than the buckets, and the window moves on. */
const READ_AGAIN = 60_000;

export function useSeries({ device, field, span, points }: Asked, last: Last | undefined): Series | null {
  const [series, setSeries] = useState<Series | null>(null);
  const isOpen = useValue(hub.link, ({ phase }) => phase === "open");
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      const to = hubNow();
      try {
        const history = await rest<Series>(
          "GET",
          path.history(device, { field, from: Math.round(to - span), to: Math.round(to), points }),
        );
        if (isCurrent) setSeries({ ...history, from: to - span, to });
      } catch {
        // The last one stays; its age is on the tile.
      }
    };
    // After a reconnect what was missed has to be filled in.
    if (isOpen) read();
    const timer = setInterval(() => isOpen && !document.hidden && read(), READ_AGAIN);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [device, field, span, points, isOpen]);
  useEffect(() => setSeries(null), [device, field, span]);
  useEffect(() => {
    if (last) setSeries((series) => series && appended(series, last));
  }, [last?.at, last?.value, series === null]);
  return series;
}

/** Where a line must break: a step that is much longer than the steps are otherwise. */
export function gapOf(starts: readonly number[], resolution: number): number {
  const steps = starts.slice(1).map((start, index) => start - starts[index]).sort((one, other) => one - other);
  const median = steps[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(resolution * 1500, median * 3.5, 2500);
}
