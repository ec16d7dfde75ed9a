/** Many values of one field as bytes: numbers as differences of decimals, anything else as runs of few values. */
import type { Reader, Writer } from "./bytes.ts";
import { decimalsOf, fromWhole, isExact, MOST_DECIMALS, toWhole } from "./decimal.ts";

/** A column begins with its number of decimals, or with one of these. */
const FLOATS = MOST_DECIMALS + 1;
const RUNS = MOST_DECIMALS + 2;

export function writeColumn(to: Writer, values: readonly unknown[]): void {
  if (!isNumbers(values)) return writeRuns(to, values);
  const decimals = commonDecimals(values);
  to.byte(decimals < 0 ? FLOATS : decimals);
  if (decimals < 0) { for (const value of values) to.float(value); }
  else writeWholes(to, values.map((value) => toWhole(value, decimals)));
}

export function readColumn(from: Reader, count: number): unknown[] {
  const form = from.byte();
  if (form === RUNS) return readRuns(from, count);
  if (form === FLOATS) return times(count, () => from.float());
  return readWholes(from, count).map((whole) => fromWhole(whole, form));
}

/** Whole numbers, each as the difference to the one before. */
export function writeWholes(to: Writer, values: readonly number[]): void {
  let before = 0;
  for (const value of values) {
    to.signed(value - before);
    before = value;
  }
}

export function readWholes(from: Reader, count: number): number[] {
  let value = 0;
  return times(count, () => value += from.signed());
}

const isNumbers = (values: readonly unknown[]): values is number[] =>
  values.every((value) => typeof value === "number");

function commonDecimals(values: readonly number[]): number {
  let decimals = 0;
  for (const value of values) {
    decimals = decimalsOf(value, decimals);
    if (decimals < 0) return -1;
  }
  // More decimals make larger wholes: those of the first ones were not looked at.
  return values.every((value) => isExact(value, decimals)) ? decimals : -1;
}

/** Each distinct value once, and then how often which comes. */
function writeRuns(to: Writer, values: readonly unknown[]): void {
  const indexes = new Map<string, number>();
  const runs: [index: number, count: number][] = [];
  for (const value of values) {
    const text = JSON.stringify(value);
    const index = indexes.get(text) ?? indexes.size;
    indexes.set(text, index);
    const last = runs[runs.length - 1];
    if (last?.[0] === index) last[1] += 1;
    else runs.push([index, 1]);
  }
  to.byte(RUNS);
  to.whole(indexes.size);
  for (const text of indexes.keys()) to.text(text);
  for (const [index, count] of runs) {
    to.whole(index);
    to.whole(count);
  }
}

function readRuns(from: Reader, count: number): unknown[] {
  const distinct = times(from.whole(), () => JSON.parse(from.text()));
  const values: unknown[] = [];
  while (values.length < count) {
    const value = distinct[from.whole()];
    for (let left = from.whole(); left > 0; left--) values.push(value);
  }
  return values;
}

function times<V>(count: number, make: () => V): V[] {
  const values = new Array<V>(count);
  for (let at = 0; at < count; at++) values[at] = make();
  return values;
}
