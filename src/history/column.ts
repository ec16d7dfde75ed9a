/** Many values of one field as bytes: numbers as differences of decimals, anything else as runs of few values. */
import type { Reader, Writer } from "./bytes.ts";
import { decimalsOf, fromWhole, isExact, MOST_DECIMALS, toWhole } from "./decimal.ts";

/** A column begins with its number of decimals, or with one of these. */
const FLOATS = MOST_DECIMALS + 1;
const RUNS = MOST_DECIMALS + 2;

export function writeColumn(to: Writer, values: readonly unknown[]): void {
  if (!isNumbers(values)) return writeRuns(to, values);
  const wholes = new Float64Array(values.length);
  const decimals = wholesOf(values, wholes);
  to.byte(decimals < 0 ? FLOATS : decimals);
  if (decimals < 0) { for (const value of values) to.float(value); }
  else writeWholes(to, wholes);
}

export function readColumn(from: Reader, count: number): unknown[] {
  const form = from.byte();
  if (form === RUNS) return readRuns(from, count);
  if (form === FLOATS) return times(count, () => from.float());
  return readWholes(from, count).map((whole) => fromWhole(whole, form));
}

/** Whole numbers, each as the difference to the one before. */
export function writeWholes(to: Writer, values: ArrayLike<number>): void {
  let before = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    to.signed(value - before);
    before = value;
  }
}

export function readWholes(from: Reader, count: number): number[] {
  let value = 0;
  return times(count, () => value += from.signed());
}

export function isNumbers(values: readonly unknown[]): values is number[] {
  for (let at = 0; at < values.length; at++) if (typeof values[at] !== "number") return false;
  return true;
}

/** The least decimals in which all are exact, and what wholes they are then; -1 where there are none. */
function wholesOf(values: readonly number[], wholes: Float64Array): number {
  let decimals = 0;
  for (let at = 0; at < values.length; at++) {
    if (isExact(values[at], decimals)) {
      wholes[at] = toWhole(values[at], decimals);
      continue;
    }
    decimals = decimalsOf(values[at], decimals);
    if (decimals < 0) return -1;
    // More decimals make larger wholes, so those before are looked at anew.
    at = -1;
  }
  return decimals;
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
