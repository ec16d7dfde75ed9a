/**
 * What is still there of a device's days [Q2]: not what its kind keeps now, for it may have kept less when they were
 * settled, but what settling left of each.
 */
import { keysOfSpans } from "../../history/page.ts";
import { generationsOf } from "../../history/parts.ts";
import type { Device } from "../devices/device.ts";
import { dayOf, ownerOf, pagesIn, settledDays, type Span } from "./past.ts";
import type { Reader } from "../ports.ts";
import { DAY } from "./repack.ts";
import type { Turn } from "../turn.ts";

/** Is everything that it told then there as it came? What is late for a day that was settled is only a part of it. */
export function hasSamples({ reader }: Turn, device: Device, span: Span): boolean {
  const row = reader.get("settling", device.row.kind);
  // Of a day that is being settled for the first time all samples are there until its last device is done [Q11].
  const open = row && row.after !== null && !row.isAgain ? row.generation : null;
  if (settledDays(reader, device, span).some(({ generation = "" }) => generation !== open)) return false;
  // Where its hours are gone again there may be minutes.
  const settled = daysIn(span).filter((day) => isSettled(reader, device.row.kind, day));
  return settled.every((day) => (wholeOf(reader, device, day) ?? open) === open);
}

/** Of a day that is settled no older pages of minutes are left. */
export const isSettled = (reader: Reader, kind: string, day: number): boolean =>
  reader.heads("page", { ...keysOfSpans("minute", kind, day, day + 1), limit: 1 }).some(({ isWhole }) => isWhole);

/** Are minutes there wherever it told something? */
export const hasMinutes = ({ reader }: Turn, device: Device, span: Span): boolean =>
  settledDays(reader, device, span).every((row) => wholeOf(reader, device, dayOf(row)) !== undefined);

/** The generation of the minutes that stand for all before them. */
const wholeOf = (reader: Reader, device: Device, day: number): string | undefined =>
  generationsOf(pagesIn(reader), { tier: "minute", kind: device.row.kind, span: day }, ownerOf(device))
    .find(({ isWhole }) => isWhole)?.id;

const daysIn = ({ from, to }: Span): number[] => {
  const first = Math.floor(from / DAY);
  return Array.from({ length: Math.floor(to / DAY) - first + 1 }, (_, at) => first + at);
};
