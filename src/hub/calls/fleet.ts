/** What happened in the whole fleet, newest first: bounded looks through lists that nobody counts [R15]. */
import { ok, type Outcome } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import type { EventView, Stretch } from "../../protocol/record.ts";
import type { ArgsOf } from "../call.ts";
import type { Operator } from "../identity.ts";
import type { Rows } from "../ports.ts";
import type { Turn } from "../turn.ts";
import { devicesOf } from "../view.ts";
import { DEFAULT_LIMIT } from "./common.ts";

/** Rows that one answer looks at, where only some of them are wanted, and that are read at once. */
const MOST_READ = 2_000;
const CHUNK = 500;

interface Asked {
  q?: string;
  limit?: number;
  cursor?: string;
}

export function listEvents(
  turn: Turn,
  _by: Operator,
  { name, ...asked }: ArgsOf<"list_fleet_events">,
): Outcome<Stretch<EventView>> {
  return stretchOf(turn, "event", asked, name?.length ? (event) => name.includes(event.name) : null);
}

/** `isWanted` is null where all of them are. */
function stretchOf<T extends "event" | "command">(
  turn: Turn,
  table: T,
  { q = "", limit = DEFAULT_LIMIT, cursor }: Asked,
  isWanted: ((row: Rows[T]) => boolean) | null,
): Outcome<Stretch<Rows[T]>> {
  const query = parseQuery(q);
  if (!query.ok) return query;
  const devices = query.value.length === 0 ? null : new Set(devicesOf(turn, query.value).map(({ row }) => row.id));
  if (devices?.size === 0) return ok({ items: [], next: null });
  const size = isWanted || devices ? CHUNK : limit + 1;
  const items: Rows[T][] = [];
  /** Everything from this one on was looked at. */
  let below = cursor;
  for (let read = 0; read < MOST_READ; read += size) {
    const rows = turn.reader.list(table, { below, limit: size, newest: true });
    for (const row of rows) {
      if (items.length === limit) return ok({ items, next: below! });
      below = row.id;
      if ((!devices || devices.has(row.device)) && (!isWanted || isWanted(row))) items.push(row);
    }
    if (rows.length < size) return ok({ items, next: null });
  }
  return ok({ items, next: below! });
}
