/** One device's part of a page: its values by field as they came, or its steps by field. */
import { Reader, Writer } from "./bytes.ts";
import { eachValueIn, type Told } from "./carried.ts";
import { readColumn, readWholes, writeColumn, writeWholes } from "./column.ts";
import { type Class, FOLDS, readSteps, type StepOf, type Value, writeSteps } from "./step.ts";

/** Values by field, each in the order of time. */
export type Series = Map<string, Value[]>;

/** Of what was told in this order. */
export function seriesOf(parts: Iterable<Told>): Series {
  const series: Series = new Map();
  for (const part of parts) {
    eachValueIn(part, (field, at, value) => {
      const values = series.get(field);
      if (values) values.push({ at, value });
      else series.set(field, [{ at, value }]);
    });
  }
  for (const values of series.values()) sortByTime(values);
  return series;
}

/** Of one instant the order of arrival counts, as of a total's last word and its reset. */
function sortByTime(values: Value[]): void {
  const isInOrder = values.every(({ at }, index) => index === 0 || values[index - 1].at <= at);
  if (!isInOrder) values.sort((one, other) => one.at - other.at);
}

/** By spans of so many ms, and in each in parts of at most so many values of a field. */
export function spansOf(series: Series, width: number, most = Infinity): Map<number, Series[]> {
  const spans = new Map<number, Series[]>();
  for (const [field, values] of series) {
    for (let from = 0, end = 0; from < values.length; from = end) {
      const span = Math.floor(values[from].at / width);
      const limit = Math.min(values.length, from + most);
      while (end < limit && values[end].at < (span + 1) * width) end++;
      partFor(spans, span, field).set(field, end - from === values.length ? values : values.slice(from, end));
    }
  }
  return spans;
}

/** The first part of a span that has nothing of this field. */
function partFor(spans: Map<number, Series[]>, span: number, field: string): Series {
  const parts = spans.get(span) ?? [];
  spans.set(span, parts);
  let part = parts.find((part) => !part.has(field));
  if (!part) parts.push(part = new Map());
  return part;
}

/** Fields that were told together share their times. */
export function writeSeries(series: Series): Uint8Array<ArrayBuffer> {
  const times: (readonly number[])[] = [];
  const fields = [...series].map(([name, values]) => ({ name, values, times: timesAmong(times, values) }));
  const to = new Writer();
  to.whole(times.length);
  for (const column of times) {
    to.whole(column.length);
    writeWholes(to, column);
  }
  for (const { name, values, times } of fields) {
    to.text(name);
    to.whole(times);
    writePart(to, (part) => writeColumn(part, values.map(({ value }) => value)));
  }
  return to.done();
}

function timesAmong(columns: (readonly number[])[], values: readonly Value[]): number {
  const known = columns.findIndex((column) =>
    column.length === values.length && values.every(({ at }, index) => at === column[index])
  );
  return known >= 0 ? known : columns.push(values.map(({ at }) => at)) - 1;
}

export function readSeries(bytes: Uint8Array, only?: string): Series {
  const from = new Reader(bytes);
  const times = Array.from({ length: from.whole() }, () => readWholes(from, from.whole()));
  const series: Series = new Map();
  while (!from.isDone) {
    const name = from.text();
    const column = times[from.whole()];
    const part = from.raw(from.whole());
    if (only !== undefined && name !== only) continue;
    const values = readColumn(new Reader(part), column.length);
    series.set(name, values.map((value, index) => ({ at: column[index], value })));
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
