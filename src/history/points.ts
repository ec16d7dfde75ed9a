/** A field's history as points [Q1]: what happened in each step of time, never more points than asked. */
import {
  type Counter,
  counter,
  type Gauge,
  gauge,
  increaseOf,
  isSame,
  type StartOf,
  type State,
  widerOf,
} from "./step.ts";
import type { Value } from "./series.ts";

export interface Range {
  from: number;
  to: number;
  points: number;
}

/** Seconds from one point to the next: as few as the number of points allows, in whole steps of so many. */
export const resolutionOf = ({ from, to, points }: Range, step = 1): number =>
  Math.max(1, Math.ceil((to - from) / 1000 / points / step)) * step;

/** `[start,min,mean,max,count]`; steps without a value are left out. */
export function gaugePoints(steps: readonly Gauge[], range: Range, resolution: number): unknown[][] {
  return widerOf(gauge, steps, bucketsOf(range, resolution))
    .map(({ start, min, max, sum, count }) => [start, min, sum / count, max, count]);
}

/** `[start,increase,count]`; what was added between two steps belongs to the later one. */
export function counterPoints(steps: readonly Counter[], range: Range, resolution: number): unknown[][] {
  let last: number | undefined;
  return widerOf(counter, steps, bucketsOf(range, resolution)).map(({ start, from, to, increase, count }) => {
    const between = last === undefined ? 0 : increaseOf(last, from);
    last = to;
    return [start, between + increase, count];
  });
}

/** How long it was what, one after another. */
export type Run = [start: number, value: unknown, ms: number];

/** Each value lasts until the next one, the last one until the end. */
export function runsOf(values: readonly Value[], to: number): Run[] {
  const runs: Run[] = [];
  values.forEach(({ at, value }, index) => {
    const ms = Math.max(0, (index + 1 < values.length ? values[index + 1].at : to) - at);
    const open = runs[runs.length - 1];
    if (open && isSame(open[1], value)) open[2] += ms;
    else runs.push([at, value, ms]);
  });
  return runs;
}

/** What steps of a state still tell of its changes. */
export function changesOf(steps: readonly State[]): Value[] {
  return steps.flatMap(({ first, last, runs, value }) => {
    let at = first;
    const changes = runs.map(([value, ms]) => {
      const change = { at: Math.min(at, last), value };
      at += ms;
      return change;
    });
    return [...changes, { at: last, value }];
  }).sort((one, other) => one.at - other.at);
}

/** `[start,value,seconds]`: each run; where there are too many, what it was the longest in each step of time. */
export function statePoints(runs: readonly Run[], range: Range, resolution: number): unknown[][] {
  if (runs.length <= range.points) return runs.map(([start, value, ms]) => [start, value, ms / 1000]);
  const startOf = bucketsOf(range, resolution);
  const buckets = new Map<number, [value: unknown, ms: number][]>();
  for (const [begun, value, ms] of runs) {
    for (let at = begun; at < begun + ms;) {
      const start = startOf(at);
      // Time after the last bucket is its own.
      const until = Math.min(begun + ms, at < start + resolution * 1000 ? start + resolution * 1000 : Infinity);
      add(buckets, start, value, until - at);
      at = until;
    }
  }
  return [...buckets].map(([start, totals]) => {
    const [value, ms] = totals.reduce((one, other) => other[1] > one[1] ? other : one);
    return [start, value, ms / 1000];
  });
}

function add(buckets: Map<number, [value: unknown, ms: number][]>, start: number, value: unknown, ms: number): void {
  const totals = buckets.get(start) ?? [];
  buckets.set(start, totals);
  const known = totals.find(([other]) => isSame(other, value));
  if (known) known[1] += ms;
  else totals.push([value, ms]);
}

/** `[value,seconds,times]` of each value over the whole range: how long, and how often it became that. */
export function totalsOf(runs: readonly Run[]): unknown[][] {
  const totals: [value: unknown, ms: number, times: number][] = [];
  for (const [, value, ms] of runs) {
    const known = totals.find(([other]) => isSame(other, value));
    if (!known) totals.push([value, ms, 1]);
    else {
      known[1] += ms;
      known[2] += 1;
    }
  }
  return totals.map(([value, ms, times]) => [value, ms / 1000, times]);
}

/** Buckets of a range; its end itself is within the last one. */
export function bucketsOf({ from, to }: Range, resolution: number): StartOf {
  const width = resolution * 1000;
  const last = Math.max(0, Math.ceil((to - from) / width) - 1);
  return (at) => from + Math.max(0, Math.min(last, Math.floor((at - from) / width))) * width;
}
