/** A field's history as points [R]: what happened in each step of time, never more points than asked. */
import type { HistoryClass } from "../kind/field.ts";

export interface Value {
  at: number;
  value: unknown;
}

interface Range {
  from: number;
  to: number;
  points: number;
}

/** Seconds from one point to the next: whole ones, as few as the number of points allows. */
export const resolutionOf = ({ from, to, points }: Range): number =>
  Math.max(1, Math.ceil((to - from) / 1000 / points));

/** Points of one class; `values` are in the order of time. */
export function pointsOf(values: readonly Value[], kept: HistoryClass, range: Range): unknown[][] {
  switch (kept) {
    case "gauge":
      return gaugePoints(values, range);
    case "counter":
      return counterPoints(values, range);
    case "state":
      return statePoints(values, range);
  }
}

/** `[start,min,mean,max,count]`; steps without a value are left out. */
function gaugePoints(values: readonly Value[], range: Range): unknown[][] {
  return steps(values, range).map(({ start, values }) => {
    const numbers = values.map(({ value }) => Number(value));
    const sum = numbers.reduce((total, number) => total + number, 0);
    const least = numbers.reduce((one, other) => Math.min(one, other));
    const most = numbers.reduce((one, other) => Math.max(one, other));
    return [start, least, sum / numbers.length, most, numbers.length];
  });
}

/** `[start,increase,count]`; a total that fell was reset, and counted up from nothing since. */
function counterPoints(values: readonly Value[], range: Range): unknown[][] {
  let last: number | undefined;
  return steps(values, range).map(({ start, values }) => {
    let increase = 0;
    for (const { value } of values) {
      const total = Number(value);
      if (last !== undefined) increase += total >= last ? total - last : total;
      last = total;
    }
    return [start, increase, values.length];
  });
}

/** `[start,value,seconds]`: how long each value lasted; where there are too many, the longest of each step. */
function statePoints(values: readonly Value[], range: Range): unknown[][] {
  const runs: [start: number, value: unknown, seconds: number][] = [];
  values.forEach(({ at, value }, index) => {
    const until = index + 1 < values.length ? values[index + 1].at : range.to;
    const seconds = Math.max(0, until - at) / 1000;
    const run = runs[runs.length - 1];
    if (run && run[1] === value) run[2] += seconds;
    else runs.push([at, value, seconds]);
  });
  if (runs.length <= range.points) return runs;
  return steps(runs.map((run) => ({ at: run[0], value: run })), range)
    .map(({ values }) =>
      values.map(({ value }) => value as typeof runs[number]).reduce((one, other) => other[2] > one[2] ? other : one)
    );
}

/** Values by the step that they fall into; `to` itself is within the last one. */
function steps(values: readonly Value[], range: Range): { start: number; values: Value[] }[] {
  const step = resolutionOf(range) * 1000;
  const result: { start: number; values: Value[] }[] = [];
  const last = Math.max(0, Math.ceil((range.to - range.from) / step) - 1);
  for (const value of values) {
    const start = range.from + Math.min(last, Math.floor((value.at - range.from) / step)) * step;
    const open = result[result.length - 1];
    if (open?.start === start) open.values.push(value);
    else result.push({ start, values: [value] });
  }
  return result;
}
