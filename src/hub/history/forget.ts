/** What is older than its kind keeps it goes, also where nobody tells anything any more [K10, Q3]. */
import { keysOfSpans, keysOfTier, placeOf } from "../../history/page.ts";
import type { Memory } from "../memory.ts";
import { dayOf, hourlyKey, LAST_DAY } from "./past.ts";
import type { Reader } from "../ports.ts";
import { clearFirst, rowsIn } from "./ration.ts";
import { DAY, HOUR } from "./repack.ts";
import type { Turn } from "../turn.ts";

export const devicesOf = (memory: Memory, kind: string): string[] =>
  [...memory.devices.values()].filter(({ row }) => row.kind === kind).map(({ row }) => row.id);

/** The oldest day of which there are samples as they came. */
export function oldestDay(reader: Reader, kind: string): number | null {
  const [oldest] = reader.heads("page", { ...keysOfTier("raw", kind), limit: 1 });
  return oldest ? Math.floor(placeOf(oldest).span * HOUR / DAY) : null;
}

/** Some of it, as many rows as go in a step [Q11]: a kind may keep less from now on. Was there anything? */
export function forgetSome(turn: Turn, kind: string): boolean {
  const { memory, now, reader } = turn;
  const { minute, hour } = memory.kindOf(kind).retention;
  const firstKept = (seconds: number) => Math.max(0, Math.floor((now - seconds * 1000) / DAY));
  const most = rowsIn(memory.options.settleSize);
  let left = most;
  if (minute !== null) {
    // Minutes of days that are not settled yet stay: hours are told from them until then.
    const below = Math.min(firstKept(minute), oldestDay(reader, kind) ?? LAST_DAY);
    left -= clearFirst(turn, "page", keysOfSpans("minute", kind, 0, below), left);
  }
  for (const id of hour === null ? [] : devicesOf(memory, kind)) {
    const keys = { from: hourlyKey(id, 0), below: hourlyKey(id, firstKept(hour!)) };
    if (left > 0) left -= clearFirst(turn, "hourly", keys, left);
  }
  return left < most;
}

/** When the oldest day that is kept of a kind goes. */
export function forgetDue(memory: Memory, reader: Reader, kind: string): number {
  const { minute, hour } = memory.kindOf(kind).retention;
  return Math.min(
    minute === null ? Infinity : minutesDue(reader, kind, minute),
    hour === null ? Infinity : hoursDue(memory, reader, kind, hour),
  );
}

function minutesDue(reader: Reader, kind: string, kept: number): number {
  const [oldest] = reader.heads("page", { ...keysOfTier("minute", kind), limit: 1 });
  if (!oldest) return Infinity;
  const { span } = placeOf(oldest);
  return span < (oldestDay(reader, kind) ?? Infinity) ? (span + 1) * DAY + kept * 1000 : Infinity;
}

function hoursDue(memory: Memory, reader: Reader, kind: string, kept: number): number {
  const days = devicesOf(memory, kind).flatMap((id) =>
    reader.heads("hourly", { from: hourlyKey(id, 0), below: hourlyKey(id, LAST_DAY), limit: 1 }).map(dayOf)
  );
  return Math.min(Infinity, ...days.map((day) => (day + 1) * DAY + kept * 1000));
}
