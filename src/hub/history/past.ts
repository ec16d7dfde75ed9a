/** What is known of a field's past, at the resolution that a range asks for [Q2]: pages, the journal, and what no flush has written. */
import { readSeries, readStepsOf, type Steps } from "../../history/extent.ts";
import { keysOfTier, padded, type PageReader, placeOf } from "../../history/page.ts";
import { type Generation, generationsOf, type Owner, partsOf } from "../../history/parts.ts";
import { appendTo, type Column, NO_VALUES, seriesOf, sortByTime, within } from "../../history/series.ts";
import { type Class, every, type Fold, FOLDS, type StepOf, stepsOf } from "../../history/step.ts";
import type { Device } from "../devices/device.ts";
import type { Reader } from "../ports.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import type { HourlyRow } from "./rows.ts";

export interface Span {
  from: number;
  to: number;
}

/** The values themselves, in the order of time; `to` is within. */
export function valuesOf(reader: Reader, device: Device, field: string, { from, to }: Span): Column {
  const all: Column = { times: [], values: [] };
  const pages = pagesIn(reader);
  for (let span = Math.floor(from / HOUR); span <= Math.floor(to / HOUR); span++) {
    const generations = generationsOf(pages, { tier: "raw", kind: device.row.kind, span }, ownerOf(device));
    for (const bytes of partsOf(pages, generations)) appendTo(all, readSeries(bytes, field).get(field));
  }
  appendTo(all, unpacked(device, field));
  sortByTime(all);
  return within(all, from, to);
}

/** What is not in pages yet. */
function unpacked({ unpacked, spilled, connection }: Device, field: string): Column | undefined {
  const carried = connection ? [connection.carried] : [];
  return seriesOf([...unpacked.told(), ...spilled, ...carried]).get(field);
}

/** Steps of minutes whose beginnings are within; `to` is not. Those of several sources may overlap. */
export function minutesOf<C extends Class>(
  reader: Reader,
  device: Device,
  field: string,
  kept: C,
  span: Span,
): StepOf[C][] {
  const steps = [
    ...packedMinutes(reader, device, field, kept, span),
    ...unpackedMinutes(device, field, kept),
  ];
  return steps.filter(({ start }) => start >= span.from && start < span.to);
}

/** Steps of hours of days that are settled, of minutes of what came since and of days that are not settled yet. */
export function hoursOf<C extends Class>(
  reader: Reader,
  device: Device,
  field: string,
  kept: C,
  { from, to }: Span,
): StepOf[C][] {
  const hours = hourlyOf(reader, device, { from, to });
  const settled = new Map(hours.map((row) => [dayOf(row), row]));
  // Of the days before nothing came since they were settled.
  const open = Math.max(from, settledBefore(reader, device.row.kind) * DAY);
  const steps = [
    ...hours.flatMap(({ bytes }) => stepsIn(readStepsOf(bytes, HOUR, field), field, kept)),
    ...packedMinutes(reader, device, field, kept, { from: open, to }, settled),
    // Of any day: what came late may be the first of one that has no pages yet [T8].
    ...unpackedMinutes(device, field, kept),
  ];
  return steps.filter(({ start }) => start >= from && start < to);
}

const keysOfDays = ({ row }: Device, { from, to }: Span) => ({
  from: hourlyKey(row.id, Math.floor(from / DAY)),
  below: hourlyKey(row.id, Math.floor(to / DAY) + 1),
});

/** Its hours of the days of a range; those of another device that had its id are not [Q12]. */
const hourlyOf = (reader: Reader, device: Device, span: Span): HourlyRow[] =>
  reader.list("hourly", keysOfDays(device, span)).filter((row) => isOf(device, row));

/** The days of a range that were settled with something of it. */
export const settledDays = (reader: Reader, device: Device, span: Span): HourlyHead[] =>
  reader.heads("hourly", keysOfDays(device, span)).filter((row) => isOf(device, row));

export type HourlyHead = Omit<HourlyRow, "bytes">;

/** Of days that are `settled` only what came since. */
function packedMinutes<C extends Class>(
  reader: Reader,
  device: Device,
  field: string,
  kept: C,
  { from, to }: Span,
  settled: ReadonlyMap<number, HourlyHead> = new Map(),
): StepOf[C][] {
  const steps: StepOf[C][] = [];
  const pages = pagesIn(reader);
  for (let span = Math.floor(from / DAY); span * DAY < to; span++) {
    const all = generationsOf(pages, { tier: "minute", kind: device.row.kind, span }, ownerOf(device));
    const hours = settled.get(span);
    for (const bytes of partsOf(pages, hours ? all.filter((generation) => isSince(hours, generation)) : all)) {
      steps.push(...stepsIn(readStepsOf(bytes, MINUTE, field), field, kept));
    }
  }
  return steps;
}

function isSince({ generation, again = generation }: HourlyHead, { id, isWhole }: Generation): boolean {
  return again === undefined ? !isWhole : id > again;
}

const unpackedMinutes = <C extends Class>(device: Device, field: string, kept: C): StepOf[C][] =>
  stepsOf(FOLDS[kept] as unknown as Fold<StepOf[C]>, unpacked(device, field) ?? NO_VALUES, every(MINUTE));

/** Its kind may say otherwise since: what was kept by another class is no answer to this question. */
function stepsIn<C extends Class>(fields: ReadonlyMap<string, Steps>, field: string, kept: C): StepOf[C][] {
  const found = fields.get(field);
  return found?.kept === kept ? found.steps as StepOf[C][] : [];
}

/** The first day of which there may be samples as they came: those before have their steps, and no more. */
export function settledBefore(reader: Reader, kind: string): number {
  const [oldest] = reader.heads("page", { ...keysOfTier("raw", kind), limit: 1 });
  const [first] = reader.heads("journal", { limit: 1 });
  if (oldest) return Math.floor(placeOf(oldest).span * HOUR / DAY);
  return first ? Math.floor(first.at / DAY) - 1 : LAST_DAY;
}
export const LAST_DAY = 99_999_999;

/** The first day of which all samples are there: those of one that is settled go bit by bit [Q11]. */
export function samplesFrom(reader: Reader, kind: string): number {
  const settling = reader.get("settling", kind);
  const settled = settledBefore(reader, kind);
  return settling?.after === null ? Math.max(settled, settling.day + 1) : settled;
}

export const ownerOf = ({ row, since }: Device): Owner => ({ id: row.id, since });

/** Or another device's that had this id [Q12]? */
const isOf = ({ since }: Device, { generation = "" }: HourlyHead): boolean => generation >= since;

/** A device's days lie together, in their order. */
export const hourlyKey = (device: string, day: number): string => `${device} ${padded(Math.max(0, day))}`;

export const dayOf = ({ id }: { id: string }): number => Number(id.slice(id.indexOf(" ") + 1));

export const pagesIn = (reader: Reader): PageReader => ({
  heads: (page) => reader.heads("page", page),
  slice: (id, from, length) => reader.slice("page", id, from, length),
});
