/** What is pushed to operators as it happens, beside what they watch [O5, O7, O14, R8]. */
import type { JobView } from "../../protocol/job.ts";
import { matches } from "../../protocol/query.ts";
import { type BlobView, type CommandRecord, type EventView, isFinal } from "../../protocol/record.ts";
import type { ToOperator } from "../../protocol/to_operator.ts";
import { isSlow } from "../connections/backlog.ts";
import { isBridge, type OperatorConnection } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { queriedOf } from "../devices/view.ts";

/** Every step of a command goes to whoever sent it by itself and whoever watches its device's commands [O5, O7]. */
export function showCommand(turn: Turn, command: CommandRecord): void {
  for (const connection of turn.memory.operators()) {
    // Whoever asks hears of the acceptance by its reply.
    const isTold = connection.id === turn.asker && command.status === "accepted";
    // [J14] Of a job there would be thousands.
    const isOwn = connection.operator.id === command.by.id && command.job === undefined && !connection.isStream &&
      // [N26] It takes its outcomes from the outbox.
      !isBridge(connection);
    // [R8] In a stream a command is one line.
    const isDue = !connection.isStream || isFinal(command.status);
    if (!isTold && isDue && (isOwn || includes(turn, connection, command.device, "commands"))) {
      push(turn, connection, { type: "command", command });
    }
  }
}

/** [J14] To whoever made it. */
export function showJob(turn: Turn, job: JobView): void {
  for (const connection of turn.memory.operators()) {
    if (connection.operator.id === job.by.id && !connection.isStream) push(turn, connection, { type: "job", job });
  }
}

export function showEvent(turn: Turn, event: EventView): void {
  for (const connection of turn.memory.operators()) {
    if (includes(turn, connection, event.device, "events")) push(turn, connection, { type: "event", ...event });
  }
}

/** [B8] */
export function showBlob(turn: Turn, blob: BlobView): void {
  for (const connection of turn.memory.operators()) {
    if (includes(turn, connection, blob.device, "events")) push(turn, connection, { type: "blob", ...blob });
  }
}

const LONGEST_SHOWN = 4_096;

/** The raw frames of one device, for whoever asked to see them [O5]. */
export function showFrame(turn: Turn, device: Device, direction: "in" | "out", frame: { type: string } | string): void {
  if (!turn.memory.watches.hasWatched(device.row.id)) return;
  for (const connection of turn.memory.operators()) {
    for (const watch of connection.watches) {
      if (watch.device !== device.row.id || !watch.include?.includes("frames")) continue;
      const text = (typeof frame === "string" ? frame : JSON.stringify(frame)).slice(0, LONGEST_SHOWN);
      push(turn, connection, { type: "frame", watch: watch.id, device: device.row.id, direction, at: turn.now, text });
    }
  }
}

/** Does it watch this device, or a query that finds it now [R8, O14], with these? */
const includes = (turn: Turn, connection: OperatorConnection, device: string, what: "commands" | "events"): boolean =>
  connection.watches.some(({ id, device: watched, include, tells }) =>
    (include?.includes(what) || tells?.includes(what)) &&
    (watched === undefined ? finds(turn, connection, id, device) : watched === device)
  );

function finds(turn: Turn, { id }: OperatorConnection, name: string, of: string): boolean {
  const query = turn.memory.watches.queryOf(id, name);
  const device = turn.memory.devices.get(of);
  return query !== undefined && device !== undefined && matches(query, queriedOf(turn, device), turn.now);
}

/** What cannot be merged: never an unbounded queue, so a reader that is slow misses it [O8]. */
export function push(turn: Turn, connection: OperatorConnection, frame: ToOperator): void {
  if (isSlow(turn, connection.id)) turn.tally.skipped += 1;
  else turn.toOperator(connection, frame);
}
