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
  // What is not newer than the reading is in it.
  if (at <= series.to) return series;
  const { points } = series;
  const last = points.at(-1);
  const moved = slid(series, at);
  switch (series.class) {
    case "gauge":
      return { ...moved, points: [...points, [at, value, value, value, 1]] };
    case "state": {
      if (!last) return { ...moved, points: [[at, value, 0]] };
      const [start, before] = last;
      const lasted = [start, before, (at - Number(start)) / 1000];
      return { ...moved, points: [...points.slice(0, -1), lasted, ...(before === value ? [] : [[at, value, 0]])] };
    }
    case "counter":
      // An increase needs the total before; the next reading of the history has it.
      return moved;
  }
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
      const to = Math.round(hubNow());
      const history = await readSeries({ device, field, points, from: to - span, to });
      if (isCurrent && history) setSeries(history);
    };
    // After a reconnect what was missed has to be filled in.
    if (isOpen) void read();
    const timer = setInterval(() => isOpen && !document.hidden && void read(), READ_AGAIN);
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

/** A stretch of the past, at the resolution that it allows; null where none is chosen or none has come yet. */
export function useStretch(
  { device, field, points }: Omit<Asked, "span">,
  stretch: { from: number; to: number } | null,
): Series | null {
  const [series, setSeries] = useState<Series | null>(null);
  useEffect(() => {
    setSeries(null);
    if (!stretch) return;
    let isCurrent = true;
    void readSeries({ device, field, points, ...stretch }).then((history) => isCurrent && setSeries(history));
    return () => void (isCurrent = false);
  }, [device, field, points, stretch]);
  return series;
}

/** Null where the hub is away: what is shown stays, its age is beside it. */
async function readSeries(
  { device, from, to, ...search }: Omit<Asked, "span"> & { from: number; to: number },
): Promise<Series | null> {
  try {
    return { ...await rest<Series>("GET", path.history(device, { ...search, from, to })), from, to };
  } catch {
    return null;
  }
}

/** Where a line must break: a step that is much longer than the steps are otherwise. */
export function gapOf(starts: readonly number[], resolution: number): number {
  const steps = starts.slice(1).map((start, index) => start - starts[index]).sort((one, other) => one - other);
  const median = steps[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(resolution * 1500, median * 3.5, 2500);
}
