/** The end of a command before its outcome, where that is still possible [C16]. */
import type { CommandRecord } from "../protocol/record.ts";
import { dispatch, laneOf, tellCancel } from "./command.ts";
import { finish, step } from "./ledger.ts";
import type { Device, OpenCommand } from "./memory.ts";
import type { Turn } from "./turn.ts";

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

/** [I5] What somebody asked for who may ask no more, and what nobody sent yet. A stop is a stop, whoever asked for it. */
export function withdraw(turn: Turn, { id, name }: { id: string; name: string }): void {
  const { commands, devices } = turn.memory;
  const error = { code: "cancelled" as const, message: `The credential of ${name}, who asked for it, was revoked` };
  for (const open of [...commands.values()]) {
    const { by, status, device: of } = open.record;
    const device = devices.get(of);
    if (!device || by.id !== id || status !== "accepted" || laneOf(open.record) === "stop") continue;
    cancel(turn, device, open, error);
    dispatch(turn, device);
  }
}
