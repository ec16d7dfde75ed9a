/** A command's record and the one way to change it: every step is durable, told and counted [C]. */
import type { ReplyTo } from "../../protocol/outbox.ts";
import { type CommandRecord, type FinalStatus, isFinal } from "../../protocol/record.ts";
import { deadlineOf, type OpenCommand } from "./open.ts";
import type { Device } from "../devices/device.ts";
import { owe } from "../bridge/outbox.ts";
import { sinceOf } from "../history/erasures.ts";
import type { Doc } from "../../history/sample.ts";
import type { Turn } from "../turn.ts";
import { showCommand } from "../watching/show.ts";

/** Takes one step. */
export function step(turn: Turn, device: Device, open: OpenCommand, change: Partial<CommandRecord>): CommandRecord {
  const record = { ...open.record, ...change };
  open.record = record;
  turn.put("command", record);
  if (isFinal(record.status)) close(turn, device, open);
  else turn.memory.deadlines.add(deadlineOf(record), record.id);
  turn.touch(device.row.id);
  showCommand(turn, record);
  return record;
}

/** The last step. */
export function finish(
  turn: Turn,
  device: Device,
  open: OpenCommand,
  status: FinalStatus,
  change: Partial<CommandRecord> = {},
): CommandRecord {
  return step(turn, device, open, { ...change, status, finishedAt: turn.now });
}

/** What only the hub knows of it changes: over which connection it went, which secrets it still needs, who waits. */
export function keep(
  turn: Turn,
  open: OpenCommand,
  change: { over?: string; told?: string; isSpent?: true; secrets?: Doc; replies?: ReplyTo[] },
): void {
  open.pending = { ...open.pending, ...change };
  turn.put("pending", open.pending);
}

/** As it is written; the ledger of a device that is deleted is gone, though its rows go step by step [Q12]. */
export function keptRecord({ memory, reader }: Turn, id: string): CommandRecord | undefined {
  const record = reader.get("command", id);
  return record && id >= sinceOf(memory.erasures, record.device) ? record : undefined;
}

/** Its secrets go with its pending row [C19]. */
function close(turn: Turn, device: Device, open: OpenCommand): void {
  const { id } = open.record;
  device.open = device.open.filter((other) => other.record.id !== id);
  turn.memory.commands.delete(id);
  turn.drop("pending", id);
  turn.settled(open.record);
  owe(turn, { what: "outcome", command: open.record });
  for (const reply of open.pending.replies ?? []) owe(turn, { what: "reply", command: open.record, ...reply });
}
