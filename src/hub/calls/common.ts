/** What calls share: finding a device, and pages of rows [R3, R5]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { List } from "../call.ts";
import type { Device } from "../devices/device.ts";
import type { Rows, Table } from "../rows.ts";
import type { Turn } from "../turn.ts";

export const NO_DEVICE = refuse("not_found", "There is no such device");

export const deviceOf = (turn: Turn, id: string): Device | undefined => turn.memory.devices.get(id);

export const DEFAULT_LIMIT = 100;

/** What is kept of a device one by one; of another one that had its id nothing is shown [Q12]. */
export function ownPageOf<T extends "event" | "command">(
  turn: Turn,
  table: T,
  { device: id, ...page }: { device: string; limit?: number; cursor?: string },
): Outcome<List<Rows[T]>> {
  const device = deviceOf(turn, id);
  return device ? ok(pageOf(turn, table, page, id, device.since || undefined)) : NO_DEVICE;
}

/** Rows newest first; the cursor is the last id of the page before. Those before `from` are nobody's. */
export function pageOf<T extends Table>(
  turn: Turn,
  table: T,
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string },
  owner?: string,
  from?: string,
): List<Rows[T]> {
  const rows = turn.reader.list(table, { owner, from, below: cursor, limit: limit + 1, newest: true });
  const items = rows.slice(0, limit);
  return {
    items,
    next: rows.length > limit ? items[items.length - 1].id : null,
    total: turn.reader.count(table, owner, from),
  };
}
