/** The end of a command before its outcome, where that is still possible [C16]. */
import type { CommandRecord } from "../protocol/record.ts";
import { tellCancel } from "./command.ts";
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
