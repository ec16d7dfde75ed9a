/**
 * The journal becomes pages [Q3]: what one device told lies together then, as it came and by the minute, and the traces of
 * whoever told something are written as a checkpoint. One commit, so that nothing is ever there twice or missing.
 */
import { pack, type Part } from "../../history/page.ts";
import { writeSeries, writeStepsOf } from "../../history/extent.ts";
import { beginningOf, type Series, seriesOf, spansOf } from "../../history/series.ts";
import { stepsOfSeries } from "./kept.ts";
import { NO_JOURNAL } from "./journal.ts";
import type { Memory } from "../memory.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Bytes of a page: what an answer may have to pass over for the few of one device. */
export const RAW_PAGE = 128 * 1024;
const MINUTE_PAGE = 64 * 1024;
/** Values of a field in one part: a page of one part stays far below what a store takes. */
const MOST_VALUES = 16_384;
/** Rows of a journal that is repacked whatever its size, as of devices that post each sample by itself. */
const MOST_ROWS = 4_096;
/** Checkpoints after which one of all devices takes their place. */
const MOST_CHECKPOINTS = 16;
const TRACES_A_ROW = 400;
/** In ms. */
export const SOON = 100;

/** When what lies in the journal is old enough to go, should nothing more come; null while there is nothing. */
export const repackDue = ({ journal }: Memory): number | null => journal.rows === 0 ? null : journal.since + HOUR;

export const isRepackDue = ({ journal, options }: Memory, now: number): boolean =>
  journal.rows > 0 &&
  (journal.bytes >= options.journalSize || journal.rows >= MOST_ROWS || journal.since + HOUR <= now);

/** Of all that is in the journal, also by this turn. */
export function repack(turn: Turn): void {
  const { memory } = turn;
  const generation = turn.id();
  for (const [kind, devices] of unsavedByKind(memory)) writePages(turn, kind, generation, devices);
  writeCheckpoint(turn, generation);
  turn.clear("journal", "", generation);
  memory.journal = NO_JOURNAL;
  // There may be a day to settle that was not there before, and what the journal had of the deleted is gone.
  memory.upkeepAt = Math.min(memory.upkeepAt, turn.now + SOON);
}

/** In the order of their ids. */
function unsavedByKind({ unsaved, devices }: Memory): Map<string, Device[]> {
  const kinds = new Map<string, Device[]>();
  for (const id of [...unsaved].sort()) {
    const device = devices.get(id);
    if (device) addTo(kinds, device.row.kind, device);
  }
  return kinds;
}

function writePages(turn: Turn, kind: string, generation: string, devices: readonly Device[]): void {
  const hours = new Map<number, Part[]>();
  const days = new Map<number, Part[]>();
  for (const device of devices) {
    const series = seriesOf(device.unpacked.told());
    device.unpacked.clear();
    for (const [hour, parts] of spansOf(series, HOUR, MOST_VALUES)) {
      for (const part of parts) addTo(hours, hour, partFor(device.row.id, hour, part, parts.length === 1));
    }
    for (const [day, [whole]] of spansOf(series, DAY)) {
      const steps = stepsOfSeries(device, whole, MINUTE);
      addTo(days, day, { device: device.row.id, bytes: writeStepsOf(steps, MINUTE) });
    }
  }
  for (const [span, parts] of hours) {
    for (const page of pack({ tier: "raw", kind, span }, generation, parts, RAW_PAGE)) turn.put("page", page);
  }
  for (const [span, parts] of days) {
    for (const page of pack({ tier: "minute", kind, span }, generation, parts, MINUTE_PAGE)) turn.put("page", page);
  }
}

/** Which of several is when, so that not all of them have to be read for a while [Q11]. */
function partFor(device: string, hour: number, series: Series, isOnly: boolean): Part {
  const part = { device, bytes: writeSeries(series) };
  return isOnly ? part : { ...part, first: beginningOf(series) - hour * HOUR };
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Last values are in the journal only until it goes. */
function writeCheckpoint(turn: Turn, generation: string): void {
  const { memory } = turn;
  const isWhole = memory.checkpoints >= MOST_CHECKPOINTS;
  const ids = isWhole ? [...memory.devices.keys()] : [...memory.unsaved].filter((id) => memory.devices.has(id));
  if (isWhole) {
    turn.clear("checkpoint", "", generation);
    memory.checkpoints = 0;
  }
  for (let at = 0; at < ids.length; at += TRACES_A_ROW) {
    const traces = ids.slice(at, at + TRACES_A_ROW).map((id) => {
      const device = memory.devices.get(id)!;
      return device.trace = { ...device.trace, saved: generation };
    });
    turn.put("checkpoint", { id: `${generation} ${at}`, traces });
    memory.checkpoints += 1;
  }
  memory.unsaved = new Set();
}
