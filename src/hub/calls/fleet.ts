/** What happened in the whole fleet, newest first: of all devices or of those that a query finds [R15, R16]. */
import { ok, type Outcome } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import { type CommandRecord, type EventView, isFinal, type Stretch } from "../../protocol/record.ts";
import type { ArgsOf } from "../call.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { devicesOf } from "../devices/view.ts";
import { sinceOf } from "../history/erasures.ts";
import { stretch } from "./stretch.ts";

interface Asked {
  q?: string;
  limit?: number;
  cursor?: string;
}

/** Of what may be listed: whether it is asked for, and the newest rows below a key. */
interface Source<R> {
  /** Null where all of them are. */
  isWanted: ((row: R) => boolean) | null;
  read(below: string | undefined, limit: number): R[];
}

const newestIn =
  <T extends "event" | "command">({ reader }: Turn, table: T) => (below: string | undefined, limit: number) =>
    reader.list(table, { below, limit, newest: true });

export function listEvents(
  turn: Turn,
  _by: Operator,
  { name = [], ...asked }: ArgsOf<"list_fleet_events">,
): Outcome<Stretch<EventView>> {
  const isWanted = name.length > 0 ? (event: EventView) => name.includes(event.name) : null;
  return stretchOf(turn, asked, { isWanted, read: newestIn(turn, "event") });
}

export function listCommands(
  turn: Turn,
  _by: Operator,
  { name = [], status = [], ...asked }: ArgsOf<"list_fleet_commands">,
): Outcome<Stretch<CommandRecord>> {
  const isWanted = (command: CommandRecord) =>
    (name.length === 0 || name.includes(command.name)) && (status.length === 0 || status.includes(command.status));
  const isAny = name.length === 0 && status.length === 0;
  // What is not final is in memory, all of it: however much came since, nothing has to be looked through.
  const areOpen = status.length > 0 && !status.some(isFinal);
  return stretchOf(turn, asked, {
    isWanted: isAny ? null : isWanted,
    read: areOpen ? newestOpen(turn) : newestIn(turn, "command"),
  });
}

/** All of them: a look through memory needs no bound. */
function newestOpen({ memory }: Turn): Source<CommandRecord>["read"] {
  const open = [...memory.commands.values()].map(({ record }) => record);
  open.sort((one, other) => one.id < other.id ? 1 : -1);
  return (below) => below === undefined ? open : open.filter(({ id }) => id < below);
}

function stretchOf<R extends { id: string; device: string }>(
  turn: Turn,
  { q = "", ...page }: Asked,
  { isWanted, read }: Source<R>,
): Outcome<Stretch<R>> {
  const query = parseQuery(q);
  if (!query.ok) return query;
  const devices = query.value.length === 0 ? null : new Set(devicesOf(turn, query.value).map(({ row }) => row.id));
  if (devices?.size === 0) return ok({ items: [], next: null });
  const { erasures } = turn.memory;
  const isAsked = (row: R) =>
    (!devices || devices.has(row.device)) && (!isWanted || isWanted(row)) && row.id >= sinceOf(erasures, row.device);
  return ok(stretch(page, isWanted || devices || erasures.length > 0 ? isAsked : null, read));
}
