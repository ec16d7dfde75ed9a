/** The end of a command before its outcome, where that is still possible [C16]. */
import type { CommandRecord } from "../../protocol/record.ts";
import { dispatch, laneOf, tellCancel } from "./dispatch.ts";
import { finish, step } from "./ledger.ts";
import type { OpenCommand } from "./open.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

/** What is not sent yet ends here; what is with the device ends as the device says. */
export function cancel(
  turn: Turn,
  device: Device,
  open: OpenCommand,
  error: NonNullable<CommandRecord["error"]>,
): CommandRecord {
  if (open.record.status === "accepted") return finish(turn, device, open, "cancelled", { error });
  const asked = step(turn, device, open, { cancelAt: open.record.cancelAt ?? turn.now });
  if (device.connection) tellCancel(turn, device, device.connection, open);
  return asked;
}

/** [I5] What somebody asked for who may ask no more. A stop is a stop, whoever asked for it. */
export function withdrawOf(turn: Turn, { id, name }: { id: string; name: string }): void {
  const why = `The credential of ${name}, who asked for it, was revoked`;
  withdraw(turn, (record) => record.by.id === id && laneOf(record) !== "stop", why);
}

/** Cancels, of what nobody sent yet, whatever is meant; what waited behind it has its turn. */
export function withdraw(turn: Turn, isMeant: (record: CommandRecord) => boolean, message: string): void {
  const { commands, devices } = turn.memory;
  for (const open of [...commands.values()]) {
    const { record } = open;
    if (record.status !== "accepted" || !isMeant(record)) continue;
    const device = devices.get(record.device)!;
    cancel(turn, device, open, { code: "cancelled", message });
    dispatch(turn, device);
  }
}
