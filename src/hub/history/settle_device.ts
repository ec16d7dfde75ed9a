/** One device's day becomes its minutes and hours [Q4], one stretch of time after another, as far as a step goes [Q11]. */
import { readStepsOf, together, writeStepsOf } from "../../history/extent.ts";
import { generationsOf, partsOf } from "../../history/parts.ts";
import { type Series, sortByTime } from "../../history/series.ts";
import { allHours, type Begun, begunPages, keysOfBegun, pageOf } from "./begun.ts";
import { type FieldSteps, stepsOfSeries } from "./kept.ts";
import type { Device } from "../devices/device.ts";
import { hourlyKey, ownerOf, pagesIn } from "./past.ts";
import type { Ration } from "./ration.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import type { HourlyRow, SettlingRow } from "./rows.ts";
import { addWindow } from "./settle_window.ts";
import type { Turn } from "../turn.ts";

type Bytes = Uint8Array<ArrayBufferLike>;

/** Bytes of a page of minutes that are settled. */
export const SETTLED_PAGE = 128 * 1024;

/** The minutes of its whole day; null while some of it is left, and then `row` says from when on. */
export function settleDevice(turn: Turn, ration: Ration, row: SettlingRow, device: Device): Bytes[] | null {
  const { id } = device.row;
  const at = row.begun?.device === id ? row.begun.at ?? row.begun.hour * HOUR : row.day * DAY;
  const end = (row.day + 1) * DAY;
  const { series, until } = readFrom(ration, row, device, at);
  const begun = at > row.day * DAY ? begunPages(turn.reader, row) : [];
  // Steps of minutes and hours do not reach over the end of an hour.
  const { span, minutes, hours } = (at % HOUR > 0 ? begun.pop() : null) ?? beginAt(at);
  const made: Begun = {
    span,
    minutes: stepsOfSeries(device, series, MINUTE, minutes),
    hours: stepsOfSeries(device, series, HOUR, hours),
  };
  if (until < end) {
    row.begun = { device: id, hour: Math.floor(until / HOUR), at: until };
    turn.put("page", pageOf(row, id, made));
    return null;
  }
  const keys = keysOfBegun(row);
  if (at > row.day * DAY) turn.clear("page", keys.from, keys.below);
  return keep(turn, row, device, [...begun, made]);
}

const beginAt = (at: number): Begun => ({ span: Math.floor(at / HOUR), minutes: new Map(), hours: new Map() });

/** What was packed since this settling began is for the next one. */
function readFrom(ration: Ration, row: SettlingRow, device: Device, from: number): { series: Series; until: number } {
  const series: Series = new Map();
  const end = (row.day + 1) * DAY;
  let until = from;
  do {
    const span = { tier: "raw", kind: row.id, span: Math.floor(until / HOUR) } as const;
    until = addWindow(series, ration, generationsOf(ration, span, ownerOf(device), row.generation), until);
  } while (until < end && ration.isLeft);
  for (const column of series.values()) sortByTime(column);
  return { series, until };
}

/** Its hours are written, and its minutes are for a page with those of others. */
function keep(turn: Turn, row: SettlingRow, device: Device, begun: readonly Begun[]): Bytes[] {
  const made = begun.filter(({ minutes }) => minutes.size > 0);
  const known = turn.reader.get("hourly", hourlyKey(device.row.id, row.day));
  if (made.length > 0) keepHours(turn, row, device, known, allHours(made));
  const minutes = made.map(({ minutes }) => writeStepsOf(minutes, MINUTE));
  if (!known && !row.isAgain) return minutes;
  // What was settled of it before goes on into the new pages.
  const span = { tier: "minute", kind: row.id, span: row.day } as const;
  const pages = pagesIn(turn.reader);
  const settled = generationsOf(pages, span, ownerOf(device)).filter(({ isWhole }) => isWhole);
  // Where its minutes are gone already, what came since would pass for all of them.
  return known && settled.length === 0 ? [] : [...partsOf(pages, settled), ...minutes];
}

function keepHours(
  turn: Turn,
  { day, generation }: SettlingRow,
  device: Device,
  known: HourlyRow | undefined,
  hours: FieldSteps,
): void {
  const id = hourlyKey(device.row.id, day);
  const all = known ? together(readStepsOf(known.bytes, HOUR), hours) : hours;
  const made = known ? { ...known, again: generation } : { id, generation };
  turn.put("hourly", { ...made, bytes: writeStepsOf(all, HOUR) });
}
