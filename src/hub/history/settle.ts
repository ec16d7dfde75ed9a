/**
 * A day of a kind is settled once nothing of it can come late any more [T3]: its minutes and hours are made of the
 * samples themselves, exactly, and those go. A few devices at a time; how far it came outlives the hub's memory.
 */
import { readSeries, readStepsOf, together, writeStepsOf } from "../../history/extent.ts";
import { keysBefore, keysOfSpans, pack, type Part, partsOf, wholePartsOf } from "../../history/page.ts";
import { appendTo, columnIn, type Series, sortByTime } from "../../history/series.ts";
import { devicesOf, forget, forgetDue, oldestDay } from "./forget.ts";
import { stepsOfSeries } from "./kept.ts";
import type { Device, Memory } from "../memory.ts";
import { hourlyKey, pagesIn } from "./past.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import type { Reader } from "../ports.ts";
import type { SettlingRow } from "../rows.ts";
import type { Turn } from "../turn.ts";

/** A day that is being settled, with the devices that are still to come in the order of their ids. */
export interface Settling {
  row: SettlingRow;
  left: string[];
}

/** What may still be on its way into the journal, or waits there. */
const LATE = 2 * HOUR;
const DEVICES_A_STEP = 16;
const MINUTE_PAGE = 128 * 1024;
/** Between two steps, in ms. */
const PAUSE = 100;

/** Does the next step, and notes when to look again. */
export function settle(turn: Turn): void {
  const { memory, now } = turn;
  memory.settling ??= nextDay(turn);
  if (memory.settling) settleSome(turn, memory.settling);
  memory.settleAt = memory.settling ? now + PAUSE : nextDue(memory, turn.reader);
}

/** When the oldest day of any kind can be settled, or is to be forgotten; never where there is none. */
export function nextDue(memory: Memory, reader: Reader): number {
  return Math.min(
    Infinity,
    ...kindsOf(memory).flatMap((kind) => {
      const day = oldestDay(reader, kind);
      return [day === null ? Infinity : dueAt(memory, kind, day), forgetDue(memory, reader, kind)];
    }),
  );
}

/** Those whose files are there: what the fields of the others are, nobody knows until they come back. */
const kindsOf = (memory: Memory): string[] =>
  [...new Set([...memory.devices.values()].map(({ row }) => row.kind))].filter((kind) => memory.kinds.has(kind));

const dueAt = (memory: Memory, kind: string, day: number): number =>
  (day + 1) * DAY + memory.kindOf(kind).retention.raw * 1000 + LATE;

function nextDay(turn: Turn): Settling | null {
  const { memory, now, reader } = turn;
  for (const kind of kindsOf(memory)) {
    forget(turn, kind);
    const day = oldestDay(reader, kind);
    if (day === null || dueAt(memory, kind, day) > now) continue;
    const begun = reader.get("settling", kind);
    const row = begun && begun.after !== null
      ? begun
      : { id: kind, day, isAgain: isSettled(reader, kind, day), generation: turn.id(), after: "" };
    return { row, left: devicesOf(memory, kind).filter((id) => id > (row.after ?? "")).sort() };
  }
  return null;
}

const isSettled = (reader: Reader, kind: string, day: number): boolean =>
  reader.heads("page", keysOfSpans("minute", kind, day, day + 1)).some(({ isWhole }) => isWhole);

function settleSome(turn: Turn, { row, left }: Settling): void {
  const { id: kind, day, isAgain, generation } = row;
  const parts: Part[] = [];
  const minutes = { tier: "minute", kind, span: day } as const;
  for (const id of left.splice(0, DEVICES_A_STEP)) {
    const device = turn.memory.devices.get(id);
    // What was settled of the others goes on into the new pages.
    const settled = isAgain ? wholePartsOf(pagesIn(turn.reader), minutes, id) : [];
    const more = device ? settleDevice(turn, device, day) : [];
    parts.push(...[...settled, ...more].map((bytes) => ({ device: id, bytes })));
    row.after = id;
  }
  for (const page of pack(minutes, generation, parts, MINUTE_PAGE, true)) turn.put("page", page);
  if (left.length > 0) return turn.put("settling", { ...row });
  const raw = keysOfSpans("raw", kind, day * DAY / HOUR, (day + 1) * DAY / HOUR);
  turn.clear("page", raw.from, raw.below);
  const provisional = keysBefore(minutes, generation);
  turn.clear("page", provisional.from, provisional.below);
  turn.put("settling", { ...row, after: null });
  turn.memory.settling = null;
}

/** Its hours are written, its minutes handed back. */
function settleDevice(turn: Turn, device: Device, day: number): Uint8Array<ArrayBuffer>[] {
  const series = seriesOfDay(turn.reader, device, day);
  if (series.size === 0) return [];
  const id = hourlyKey(device.row.id, day);
  const settled = turn.reader.get("hourly", id);
  const hours = stepsOfSeries(device, series, HOUR);
  const all = settled ? together(readStepsOf(settled.bytes, HOUR), hours) : hours;
  turn.put("hourly", { id, bytes: writeStepsOf(all, HOUR) });
  return [writeStepsOf(stepsOfSeries(device, series, MINUTE), MINUTE)];
}

/** What it told that day, by field and in the order of time. */
function seriesOfDay(reader: Reader, device: Device, day: number): Series {
  const whole: Series = new Map();
  for (let hour = day * DAY / HOUR; hour < (day + 1) * DAY / HOUR; hour++) {
    const generations = partsOf(pagesIn(reader), { tier: "raw", kind: device.row.kind, span: hour }, device.row.id);
    for (const [field, column] of generations.reverse().flat().flatMap((bytes) => [...readSeries(bytes)])) {
      appendTo(columnIn(whole, field), column);
    }
  }
  for (const column of whole.values()) sortByTime(column);
  return whole;
}
