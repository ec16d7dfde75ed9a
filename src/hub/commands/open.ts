/** A command that is not final, and what follows from how far it came [C]. */
import type { AnyKind, Command } from "../../kind/kind.ts";
import type { CommandRecord } from "../../protocol/record.ts";
import type { Device } from "../devices/device.ts";
import type { PendingRow } from "./rows.ts";

export interface OpenCommand {
  record: CommandRecord;
  pending: PendingRow;
  spec: Command;
}

/** When the ledger has to decide about a command that is not final, should nothing more come [C3, C8]. */
export function deadlineOf(record: CommandRecord): number {
  if (record.status === "accepted") return record.expiresAt;
  const due = record.dueAt ?? record.expiresAt;
  return record.effect === "once" ? due : Math.max(due, record.expiresAt);
}

/** Is it not sent yet, or was sent over a connection that is gone and is to go again [C8, C15, C16]? */
export const waits = ({ connection }: Device, { record, pending, spec }: OpenCommand): boolean =>
  record.status === "accepted" ||
  (spec.effect !== "once" && record.cancelAt === undefined && !pending.isSpent &&
    pending.over !== (connection?.id ?? null) &&
    !connection?.working.includes(record.id));

/** What a command was declared as; one that its kind no longer has ends by its deadlines. */
export function specOf(kind: AnyKind, record: { name: string; effect: Command["effect"] }): Command {
  const spec: Command | undefined = Object.hasOwn(kind.commands, record.name) ? kind.commands[record.name] : undefined;
  return spec ?? { ...kind.commands.identify, effect: record.effect };
}
