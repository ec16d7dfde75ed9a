/**
 * One device's day becomes its minutes and hours [Q4], hour after hour, as far as a step goes [Q11]. Where that is not
 * all of it, its minutes wait where no answer looks. Its hours need not: they are told of days that are settled only.
 */
import { readSeries, readStepsOf, together, writeStepsOf } from "../../history/extent.ts";
import { type Keys, keysOfSpans, pack, partsOf, wholePartsOf } from "../../history/page.ts";
import { appendTo, columnIn, type Series, sortByTime } from "../../history/series.ts";
import { stepsOfSeries } from "./kept.ts";
import type { Device } from "../memory.ts";
import { hourlyKey, ownerOf, pagesIn } from "./past.ts";
import type { Ration } from "./ration.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import type { SettlingRow } from "../rows.ts";
import type { Turn } from "../turn.ts";

type Bytes = Uint8Array<ArrayBufferLike>;

const HOURS = DAY / HOUR;
const NO_STEPS = new Uint8Array(0);

/** Bytes of a page of minutes that are settled. */
export const SETTLED_PAGE = 128 * 1024;

/** The minutes of its whole day; null while hours of it are left, and then `row` says from which one on. */
export function settleDevice(turn: Turn, ration: Ration, row: SettlingRow, device: Device): Bytes[] | null {
  const { id: kind, day, isAgain } = row;
  const { id } = device.row;
  const first = row.begun?.device === id ? row.begun.hour : day * HOURS;
  const end = (day + 1) * HOURS;
  const series: Series = new Map();
  let hour = first;
  do addHour(series, ration, row, device, hour++); while (hour < end && ration.isLeft);
  for (const column of series.values()) sortByTime(column);
  if (series.size > 0) keepHours(turn, row, device, series);
  const minutes = series.size > 0 ? [writeStepsOf(stepsOfSeries(device, series, MINUTE), MINUTE)] : [];
  if (hour < end) {
    row.begun = { device: id, hour };
    const parts = minutes.map((bytes) => ({ device: id, bytes }));
    const pages = pack({ tier: "begun", kind, span: first }, row.generation, parts, SETTLED_PAGE);
    for (const page of pages) turn.put("page", page);
    return null;
  }
  const waited = first > day * HOURS ? takeBegun(turn, row) : [];
  // What was settled of it before goes on into the new pages.
  const settled = isAgain
    ? wholePartsOf(pagesIn(turn.reader), { tier: "minute", kind, span: day }, ownerOf(device))
    : [];
  return [...settled, ...waited, ...minutes];
}

/** What it told within an hour. What was packed since this settling began is for the next one. */
function addHour(series: Series, ration: Ration, row: SettlingRow, device: Device, span: number): void {
  const generations = partsOf(ration, { tier: "raw", kind: row.id, span }, ownerOf(device), row.generation);
  for (const bytes of generations.reverse().flat()) {
    for (const [field, column] of readSeries(bytes)) {
      appendTo(columnIn(series, field), column);
      ration.unpacked(column.times.length);
    }
  }
}

function keepHours(turn: Turn, row: SettlingRow, device: Device, series: Series): void {
  const id = hourlyKey(device.row.id, row.day);
  const known = turn.reader.get("hourly", id) ?? { generation: row.generation, bytes: NO_STEPS };
  const all = together(readStepsOf(known.bytes, HOUR), stepsOfSeries(device, series, HOUR));
  turn.put("hourly", { ...known, id, bytes: writeStepsOf(all, HOUR) });
}

/** The minutes that waited, in the order of their hours. */
function takeBegun(turn: Turn, row: SettlingRow): Bytes[] {
  const keys = keysOfBegun(row);
  turn.clear("page", keys.from, keys.below);
  return turn.reader.list("page", keys).map(({ bytes }) => bytes);
}

const keysOfBegun = ({ id: kind, day }: SettlingRow): Keys =>
  keysOfSpans("begun", kind, day * HOURS, (day + 1) * HOURS);
