/**
 * A day of a kind is settled once nothing of it can come late any more [Q4]: its minutes and hours are made of the
 * samples themselves, exactly, and those go. In steps that read so much and no more [Q11]; how far it came outlives the
 * hub's memory.
 */
import { pack, type Part } from "../../history/page.ts";
import { devicesOf, forgetDue, forgetSome, oldestDay } from "./forget.ts";
import type { Memory } from "../memory.ts";
import type { Reader } from "../ports.ts";
import { Ration } from "./ration.ts";
import { DAY, HOUR } from "./repack.ts";
import type { SettlingRow } from "./rows.ts";
import { SETTLED_PAGE, settleDevice } from "./settle_device.ts";
import { clearSome, isLeftOver } from "./settled.ts";
import { isSettled } from "./there.ts";
import type { Turn } from "../turn.ts";

/** A day that is being settled, with the devices that are still to come in the order of their ids. */
export interface Settling {
  row: SettlingRow;
  left: string[];
}

/** What may still be on its way into the journal, or waits there. */
const LATE = 2 * HOUR;

/** The next step. */
export function settleSome(turn: Turn): void {
  const { memory } = turn;
  memory.settling ??= nextDay(turn);
  if (memory.settling && isDone(turn, memory.settling)) memory.settling = null;
}

/** When the oldest day of any kind can be settled, or is to be forgotten; never where there is none. */
export function settleDue(memory: Memory, reader: Reader): number {
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
    // Its step of this turn.
    if (forgetSome(turn, kind)) return null;
    const day = oldestDay(reader, kind);
    if (day === null || dueAt(memory, kind, day) > now) continue;
    const row = begunOf(reader, kind) ??
      { id: kind, day, isAgain: isSettled(reader, kind, day), generation: turn.id(), after: "" };
    const { after } = row;
    return { row, left: after === null ? [] : devicesOf(memory, kind).filter((id) => id > after).sort() };
  }
  return null;
}

/** A day that was begun comes to its end before another one is. */
function begunOf(reader: Reader, kind: string): SettlingRow | undefined {
  const row = reader.get("settling", kind);
  return row && (row.after !== null || isLeftOver(reader, row)) ? row : undefined;
}

/** The next step of it; is that all? What a small day leaves goes at once. */
function isDone(turn: Turn, { row, left }: Settling): boolean {
  const ration = new Ration(turn.reader, turn.memory.options.settleSize);
  if (row.after !== null) {
    settleDevices(turn, ration, row, left);
    if (left.length === 0) row.after = null;
    turn.put("settling", { ...row });
  }
  return row.after === null && ration.isHalfLeft && clearSome(turn, row);
}

/** As many devices as fit; one that begins mostly ends too. */
function settleDevices(turn: Turn, ration: Ration, row: SettlingRow, left: string[]): void {
  const parts: Part[] = [];
  while (left.length > 0 && ration.isHalfLeft) {
    const [id] = left;
    const device = turn.memory.devices.get(id);
    const minutes = device ? settleDevice(turn, ration, row, device) : [];
    // The rest of it is for the next step.
    if (minutes === null) break;
    parts.push(...minutes.map((bytes) => ({ device: id, bytes })));
    row.after = id;
    delete row.begun;
    left.shift();
  }
  const minutes = { tier: "minute", kind: row.id, span: row.day } as const;
  for (const page of pack(minutes, row.generation, parts, SETTLED_PAGE, true)) turn.put("page", page);
}
