/** What a field did within a step of time, by its class: made of its values, joined with the next, told as a point. */
import type { Reader, Writer } from "./bytes.ts";
import { readColumn, readWholes, writeColumn, writeWholes } from "./column.ts";
import type { Column } from "./series.ts";

/** As `class` of a field has it [K4]. */
export type Class = "gauge" | "counter" | "state";

/** When the step begins to which a time belongs. */
export type StartOf = (at: number) => number;
/** Steps of one width, in ms, that begin at its multiples. */
export const every = (width: number): StartOf => (at) => Math.floor(at / width) * width;

interface Timed {
  /** When its step begins, and when its first and its last value came; all in ms since the epoch. */
  start: number;
  first: number;
  last: number;
  count: number;
}

export interface Gauge extends Timed {
  min: number;
  max: number;
  sum: number;
}

export interface Counter extends Timed {
  /** The total at its beginning and at its end, and what was added in between, over resets too. */
  from: number;
  to: number;
  increase: number;
}

export interface State extends Timed {
  /** What it was from the first value until the last one, each for so many ms; and the last one itself. */
  runs: [value: unknown, ms: number][];
  value: unknown;
}

export interface StepOf {
  gauge: Gauge;
  counter: Counter;
  state: State;
}

export interface Fold<S extends Timed> {
  begin(start: number, at: number, value: unknown): S;
  /** One more value, later than all of it. */
  add(step: S, at: number, value: unknown): void;
  write(to: Writer, steps: readonly S[]): void;
  read(from: Reader, times: readonly Timed[]): S[];
}

export interface Joining<S extends Timed> extends Fold<S> {
  /** What came later, or meanwhile from another source. */
  join(step: S, other: S): void;
}

/** Steps of values in the order of time; each belongs to the one that `startOf` names. The last of those `begun` goes on. */
export function stepsOf<S extends Timed>(
  fold: Fold<S>,
  { times, values }: Column,
  startOf: StartOf,
  begun: readonly S[] = [],
): S[] {
  const steps = [...begun];
  let open: S | null = steps[steps.length - 1] ?? null;
  for (let index = 0; index < times.length; index++) {
    const start = startOf(times[index]);
    if (open?.start === start) fold.add(open, times[index], values[index]);
    else steps.push(open = fold.begin(start, times[index], values[index]));
  }
  return steps;
}

/** Steps of several sources, in the order of time, as wider ones, or as ones of the same width. */
export function widerOf<S extends Timed>(fold: Joining<S>, steps: readonly S[], startOf: StartOf): S[] {
  const joined: S[] = [];
  for (const step of [...steps].sort((one, other) => one.first - other.first)) {
    const start = startOf(step.start);
    const open = joined[joined.length - 1];
    if (open?.start === start) fold.join(open, step);
    else joined.push({ ...step, start });
  }
  return joined;
}

export function writeSteps<S extends Timed>(to: Writer, fold: Fold<S>, steps: readonly S[], width: number): void {
  to.whole(steps.length);
  writeWholes(to, steps.map(({ start }) => start / width));
  writeWholes(to, steps.map(({ start, first }) => first - start));
  writeWholes(to, steps.map(({ first, last }) => last - first));
  writeWholes(to, steps.map(({ count }) => count));
  fold.write(to, steps);
}

export function readSteps<S extends Timed>(from: Reader, fold: Fold<S>, width: number): S[] {
  const length = from.whole();
  const [starts, firsts, lasts, counts] = [0, 1, 2, 3].map(() => readWholes(from, length));
  const times = starts.map((at, index) => {
    const first = at * width + firsts[index];
    return { start: at * width, first, last: first + lasts[index], count: counts[index] };
  });
  return fold.read(from, times);
}

export const gauge: Joining<Gauge> = {
  begin: (start, at, value) => {
    const number = Number(value);
    return { start, first: at, last: at, count: 1, min: number, max: number, sum: number };
  },
  add(step, at, value) {
    const number = Number(value);
    step.last = at;
    step.count += 1;
    step.sum += number;
    if (number < step.min) step.min = number;
    if (number > step.max) step.max = number;
  },
  join(step, later) {
    step.last = Math.max(step.last, later.last);
    step.count += later.count;
    step.sum += later.sum;
    step.min = Math.min(step.min, later.min);
    step.max = Math.max(step.max, later.max);
  },
  write(to, steps) {
    writeColumn(to, steps.map(({ min }) => min));
    writeColumn(to, steps.map(({ max }) => max));
    writeColumn(to, steps.map(({ sum }) => withoutDust(sum)));
  },
  read(from, times) {
    const [min, max, sum] = [0, 1, 2].map(() => readColumn(from, times.length) as number[]);
    return times.map((time, at) => ({ ...time, min: min[at], max: max[at], sum: sum[at] }));
  },
};

/** A total that fell was reset, and counted up from nothing since. */
export const increaseOf = (from: number, to: number): number => to >= from ? to - from : to;

export const counter: Joining<Counter> = {
  begin: (start, at, value) => {
    const total = Number(value);
    return { start, first: at, last: at, count: 1, from: total, to: total, increase: 0 };
  },
  add(step, at, value) {
    const total = Number(value);
    step.increase += increaseOf(step.to, total);
    step.to = total;
    step.last = at;
    step.count += 1;
  },
  join(step, later) {
    step.count += later.count;
    if (later.first < step.last) return overlap(step, later);
    step.increase += increaseOf(step.to, later.from) + later.increase;
    step.to = later.to;
    step.last = later.last;
  },
  write(to, steps) {
    writeColumn(to, steps.map(({ from }) => from));
    writeColumn(to, steps.map((step) => step.to));
    writeColumn(to, steps.map(({ increase }) => withoutDust(increase)));
  },
  read(from, times) {
    const [begun, ended, increase] = [0, 1, 2].map(() => readColumn(from, times.length) as number[]);
    return times.map((time, at) => ({ ...time, from: begun[at], to: ended[at], increase: increase[at] }));
  },
};

/** Late samples between those that are known: one total that grew, told in two parts; made anew once nothing is late. */
function overlap(step: Counter, other: Counter): void {
  const to = other.last > step.last ? other.to : step.to;
  step.increase = Math.max(step.increase, other.increase, to - step.from);
  step.to = to;
  step.last = Math.max(step.last, other.last);
}

/** More changes than these within a step are told by how long each value lasted in all. */
const MOST_RUNS = 8;

const state: Fold<State> = {
  begin: (start, at, value) => ({ start, first: at, last: at, count: 1, runs: [], value }),
  add(step, at, value) {
    run(step, step.value, at - step.last);
    step.value = value;
    step.last = at;
    step.count += 1;
  },
  write(to, steps) {
    writeColumn(to, steps.map(({ value }) => value));
    writeWholes(to, steps.map(({ runs }) => runs.length));
    const runs = steps.flatMap((step) => step.runs);
    writeColumn(to, runs.map(([value]) => value));
    writeWholes(to, runs.map(([, ms]) => ms));
  },
  read(from, times) {
    const values = readColumn(from, times.length);
    const lengths = readWholes(from, times.length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const shown = readColumn(from, total);
    const lasted = readWholes(from, total);
    let at = 0;
    return times.map((time, index) => ({
      ...time,
      value: values[index],
      runs: Array.from({ length: lengths[index] }, (): [unknown, number] => [shown[at], lasted[at++]]),
    }));
  },
};

function run(step: State, value: unknown, ms: number): void {
  if (ms <= 0) return;
  const open = step.runs[step.runs.length - 1];
  if (open && isSame(open[0], value)) open[1] += ms;
  else step.runs.push([value, ms]);
  if (step.runs.length > MOST_RUNS) step.runs = inAll(step.runs);
}

/** Of more values than these within a step the shortest are told together, as null. */
const MOST_VALUES = 32;

/** By value, in the order of their first appearance. */
function inAll(runs: State["runs"]): State["runs"] {
  const totals: State["runs"] = [];
  for (const [value, ms] of runs) addTo(totals, value, ms);
  while (totals.length > MOST_VALUES) {
    const named = totals.filter(([value]) => value !== null);
    const shortest = named.reduce((one, other) => other[1] < one[1] ? other : one);
    totals.splice(totals.indexOf(shortest), 1);
    addTo(totals, null, shortest[1]);
  }
  return totals;
}

function addTo(totals: State["runs"], value: unknown, ms: number): void {
  const known = totals.find(([other]) => isSame(other, value));
  if (known) known[1] += ms;
  else totals.push([value, ms]);
}

/** Values of a kind are plain JSON; most are texts, numbers or flags. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));

export const FOLDS: { [C in Class]: Fold<StepOf[C]> } = { gauge, counter, state };

/** Sums of decimals carry the dust of binary fractions, which nobody measured and which fills bytes. */
function withoutDust(sum: number): number {
  const rounded = Math.round(sum * 1e9) / 1e9;
  return Math.abs(rounded - sum) <= Math.abs(sum) * 1e-13 ? rounded : sum;
}
