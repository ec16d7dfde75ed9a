/**
 * What a device told by field: times and values side by side in the order of time. Much is repacked at once, and an
 * object for each value would cost more than all the rest of it.
 */
import { readInto, type Told } from "./carried.ts";

export interface Column {
  /** In ms since the epoch. */
  times: number[];
  values: unknown[];
}

export type Series = Map<string, Column>;

export interface Value {
  at: number;
  value: unknown;
}

/** Of what was told in this order. */
export function seriesOf(parts: Iterable<Told>): Series {
  const series: Series = new Map();
  let names: readonly string[] = [];
  let columns: Column[] = [];
  for (const part of parts) {
    // Nearly always the same list as that of the part before.
    if (part.names !== names) columns = part.names.map((name) => columnIn(series, name));
    names = part.names;
    readInto(columns, part);
  }
  for (const column of series.values()) sortByTime(column);
  return series;
}

export function columnIn(series: Series, field: string): Column {
  const known = series.get(field);
  if (known) return known;
  const column = emptyColumn();
  series.set(field, column);
  return column;
}

/** The engine keeps numbers unboxed in arrays that began with a fraction, and then whole ones of others too. */
function emptyColumn(): Column {
  const column: Column = { times: [0.5], values: [0.5] };
  column.times.pop();
  column.values.pop();
  return column;
}

export const NO_VALUES: Readonly<Column> = { times: [], values: [] };

/** One after the other. */
export function appendTo(column: Column, { times, values }: Readonly<Column> = NO_VALUES): void {
  for (let at = 0; at < times.length; at++) {
    column.times.push(times[at]);
    column.values.push(values[at]);
  }
}

/** Of one instant the order of arrival counts, as of a total's last word and its reset. */
export function sortByTime(column: Column): void {
  if (isInOrder(column.times)) return;
  const { times, values } = column;
  const order = times.map((_, index) => index).sort((one, other) => times[one] - times[other]);
  column.times = order.map((index) => times[index]);
  column.values = order.map((index) => values[index]);
}

function isInOrder(times: readonly number[]): boolean {
  for (let at = 1; at < times.length; at++) if (times[at] < times[at - 1]) return false;
  return true;
}

/** By spans of so many ms, and in each in parts of at most so many values of a field, one after another in time. */
export function spansOf(series: Series, width: number, most = Infinity): Map<number, Series[]> {
  const spans = new Map<number, Series>();
  for (const [field, column] of series) {
    const { times } = column;
    for (let from = 0, end = 0; from < times.length; from = end) {
      const span = Math.floor(times[from] / width);
      const below = (span + 1) * width;
      while (end < times.length && times[end] < below) end++;
      let part = spans.get(span);
      if (!part) spans.set(span, part = new Map());
      part.set(field, end - from === times.length ? column : sliceOf(column, from, end));
    }
  }
  return new Map([...spans].map(([span, series]) => [span, cutInTime(series, most)]));
}

function cutInTime(series: Series, most: number): Series[] {
  if ([...series.values()].every(({ times }) => times.length <= most)) return [series];
  const parts: Series[] = [];
  const begun = new Map([...series.keys()].map((field) => [field, 0]));
  const isLong = ([field, { times }]: [string, Column]) => times.length - begun.get(field)! > most;
  while ([...series].some(isLong)) {
    const until = Math.min(...[...series].filter(isLong).map(([field, { times }]) => times[begun.get(field)! + most]));
    // All of one instant that is more than a part goes on in the next one.
    parts.push(takePart(series, begun, most, until) ?? takePart(series, begun, most, until + 1)!);
  }
  const last = takePart(series, begun, most, Infinity);
  return last ? [...parts, last] : parts;
}

/** What is before that time and was not taken yet; null where that is nothing. */
function takePart(series: Series, begun: Map<string, number>, most: number, until: number): Series | null {
  const part: Series = new Map();
  for (const [field, column] of series) {
    const { times } = column;
    const from = begun.get(field)!;
    let end = from;
    while (end < times.length && end - from < most && times[end] < until) end++;
    if (end > from) part.set(field, end - from === times.length ? column : sliceOf(column, from, end));
    begun.set(field, end);
  }
  return part.size > 0 ? part : null;
}

/** When it begins. */
export const beginningOf = (series: Series): number => Math.min(...[...series.values()].map(({ times }) => times[0]));

/** Those of a time from this one on until that one, both within. */
export function within(column: Column, from: number, to: number): Column {
  const { times } = column;
  let [first, end] = [0, times.length];
  while (first < end && times[first] < from) first++;
  while (end > first && times[end - 1] > to) end--;
  return sliceOf(column, first, end);
}

const sliceOf = ({ times, values }: Column, from: number, end: number): Column => ({
  times: times.slice(from, end),
  values: values.slice(from, end),
});

/** One by one, for what is drawn. */
export const pairsOf = ({ times, values }: Column): Value[] => times.map((at, index) => ({ at, value: values[index] }));
