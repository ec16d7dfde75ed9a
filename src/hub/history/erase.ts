/** A device that is deleted takes its history with it, also out of the pages that it shares with others. */
import { keysOfTier, type Tier } from "../../history/page.ts";
import { hourlyKey } from "./past.ts";
import type { Turn } from "../turn.ts";

export function eraseHistory(turn: Turn, device: string, kind: string): void {
  for (const tier of ["raw", "minute", "begun"] as const) eraseFromPages(turn, device, kind, tier);
  eraseFromJournal(turn, device);
  for (const { id, traces } of turn.reader.list("checkpoint")) {
    const others = traces.filter((trace) => trace.id !== device);
    if (others.length < traces.length) turn.put("checkpoint", { id, traces: others });
  }
  turn.clear("hourly", hourlyKey(device, 0), `${hourlyKey(device, LAST_DAY)}~`);
  turn.memory.unsaved.delete(device);
}

const LAST_DAY = 99_999_999;

function eraseFromPages(turn: Turn, device: string, kind: string, tier: Tier): void {
  for (const { id, entries } of turn.reader.heads("page", keysOfTier(tier, kind))) {
    if (!entries.some(([one]) => one === device)) continue;
    const page = turn.reader.get("page", id)!;
    const isOther = ([one]: readonly [string, ...unknown[]]) => one !== device;
    const bytes = without(page.bytes, entries.map(([one, length]) => ({ length, isKept: one !== device })));
    // Its key stays where it is: it only says from whom on the page has parts.
    if (bytes.length === 0) turn.drop("page", id);
    else turn.put("page", { ...page, entries: entries.filter(isOther), bytes });
  }
}

function eraseFromJournal(turn: Turn, device: string): void {
  for (const { id, entries } of turn.reader.heads("journal")) {
    const isOther = ([one]: readonly [string, ...unknown[]]) => one !== device;
    if (entries.every(isOther)) continue;
    const row = turn.reader.get("journal", id)!;
    const bytes = without(row.bytes, entries.map((entry) => ({ length: entry[1], isKept: isOther(entry) })));
    turn.put("journal", { ...row, entries: entries.filter(isOther), bytes });
  }
}

function without(bytes: Uint8Array, parts: readonly { length: number; isKept: boolean }[]): Uint8Array {
  const kept = new Uint8Array(parts.reduce((size, { length, isKept }) => isKept ? size + length : size, 0));
  let from = 0;
  let to = 0;
  for (const { length, isKept } of parts) {
    if (isKept) {
      kept.set(bytes.subarray(from, from + length), to);
      to += length;
    }
    from += length;
  }
  return kept;
}
