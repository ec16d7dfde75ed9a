/** What happened to a field, from its record alone: no line of this is shared with the hub. */
import type { Recorded } from "./voyage.ts";

export type Value = number | string | boolean;

export interface Known {
  at: number;
  value: Value;
}

/** A field's values in the order of time. */
export const seriesOf = (record: readonly Recorded[], field: string): Known[] =>
  record.filter(({ data }) => field in data).map(({ at, data }) => ({ at, value: data[field] }))
    .sort((one, other) => one.at - other.at);

/** What a point of a gauge says of its values: the least, their mean, the greatest, and how many there were. */
export function levelOf(known: readonly Known[]): number[] {
  const numbers = known.map(({ value }) => Number(value));
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  return [Math.min(...numbers), mean, Math.max(...numbers), numbers.length];
}

/** By how much a total grew up to each of its values; what it says after it fell was counted from nothing. */
export function growthOf(series: readonly Known[]): { at: number; grown: number }[] {
  return series.map(({ at, value }, index) => {
    const before = index === 0 ? value : series[index - 1].value;
    const grown = value >= before ? Number(value) - Number(before) : Number(value);
    return { at, grown };
  });
}

export interface Stay {
  at: number;
  value: Value;
  seconds: number;
}

/** How long each value lasted: until another one came, the last one until `until`. */
export function staysOf(series: readonly Known[], until: number): Stay[] {
  const starts = series.filter(({ value }, index) => index === 0 || value !== series[index - 1].value);
  return starts.map(({ at, value }, index) => {
    const end = index + 1 < starts.length ? starts[index + 1].at : until;
    return { at, value, seconds: (end - at) / 1000 };
  });
}

/** How long a field was what, in all. */
export function timesOf(stays: readonly Stay[]): Map<Value, number> {
  const times = new Map<Value, number>();
  for (const { value, seconds } of stays) times.set(value, (times.get(value) ?? 0) + seconds);
  return times;
}

/** The parts of stays that lie in each step. */
export function cut(stays: readonly Stay[], from: number, to: number, step: number): Map<number, Stay[]> {
  const pieces: Stay[] = [];
  for (const { at, value, seconds } of stays) {
    const end = at + seconds * 1_000;
    for (let begun = at; begun < end;) {
      const next = from + (Math.floor((begun - from) / step) + 1) * step;
      pieces.push({ at: begun, value, seconds: (Math.min(next, end) - begun) / 1_000 });
      begun = next;
    }
  }
  return bySteps(pieces, from, to, step);
}

/** Whatever has a time, by the step of time that it falls into; the last one goes on to the end. */
export function bySteps<T extends { at: number }>(of: readonly T[], from: number, to: number, step: number) {
  const last = Math.max(0, Math.ceil((to - from) / step) - 1);
  return Map.groupBy(of, ({ at }) => from + Math.min(last, Math.floor((at - from) / step)) * step);
}
