/** One device's part of a page: its values by field as they came, or its steps by field. */
import { Reader, Writer } from "./bytes.ts";
import { readColumn, readWholes, writeColumn, writeWholes } from "./column.ts";
import type { Column, Series } from "./series.ts";
import { type Class, FOLDS, readSteps, type StepOf, writeSteps } from "./step.ts";

/** Fields that were told together share their times. */
export function writeSeries(series: Series): Uint8Array<ArrayBuffer> {
  const times: (readonly number[])[] = [];
  const fields = [...series].map(([name, column]) => ({
    name,
    values: column.values,
    times: timesAmong(times, column),
  }));
  const to = new Writer();
  to.whole(times.length);
  for (const column of times) {
    to.whole(column.length);
    writeWholes(to, column);
  }
  for (const { name, values, times } of fields) {
    to.text(name);
    to.whole(times);
    writePart(to, (part) => writeColumn(part, values));
  }
  return to.done();
}

function timesAmong(known: (readonly number[])[], { times }: Column): number {
  const at = known.findIndex((others) => isSame(others, times));
  return at >= 0 ? at : known.push(times) - 1;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

export function readSeries(bytes: Uint8Array, only?: string): Series {
  const from = new Reader(bytes);
  const times = Array.from({ length: from.whole() }, () => readWholes(from, from.whole()));
  const series: Series = new Map();
  while (!from.isDone) {
    const name = from.text();
    const shared = times[from.whole()];
    const part = from.raw(from.whole());
    if (only !== undefined && name !== only) continue;
    series.set(name, { times: shared, values: readColumn(new Reader(part), shared.length) });
  }
  return series;
}

/** Steps of one field, by its class when they were made. */
export type Steps = { [C in Class]: { kept: C; steps: StepOf[C][] } }[Class];

const CLASSES: readonly Class[] = ["gauge", "counter", "state"];

export function writeStepsOf(fields: ReadonlyMap<string, Steps>, width: number): Uint8Array<ArrayBuffer> {
  const to = new Writer();
  for (const [name, { kept, steps }] of fields) {
    to.text(name);
    to.byte(CLASSES.indexOf(kept));
    writePart(to, (part) => writeSteps(part, FOLDS[kept] as never, steps as never, width));
  }
  return to.done();
}

export function readStepsOf(bytes: Uint8Array, width: number, only?: string): Map<string, Steps> {
  const from = new Reader(bytes);
  const fields = new Map<string, Steps>();
  while (!from.isDone) {
    const name = from.text();
    const kept = CLASSES[from.byte()];
    const part = from.raw(from.whole());
    if (only !== undefined && name !== only) continue;
    const steps = readSteps(new Reader(part), FOLDS[kept] as never, width);
    fields.set(name, { kept, steps } as Steps);
  }
  return fields;
}

/** Steps of two sources; those of one field that was kept in two ways are the later ones. */
export function together(some: ReadonlyMap<string, Steps>, more: ReadonlyMap<string, Steps>): Map<string, Steps> {
  const all = new Map(some);
  for (const [field, { kept, steps }] of more) {
    const known = all.get(field);
    const both = known?.kept === kept
      ? [...known.steps, ...steps].sort((one, other) => one.first - other.first)
      : steps;
    all.set(field, { kept, steps: both } as Steps);
  }
  return all;
}

/** With its length before it, so that a reader of one field passes over the others. */
function writePart(to: Writer, write: (part: Writer) => void): void {
  const part = new Writer();
  write(part);
  to.whole(part.length);
  to.raw(part.bytes.subarray(0, part.length));
}
