/** How a command ends without a word from its device: expired, unknown, or let go by its emergency stop [C3, C7, E2]. */
import type { CommandRecord } from "../../protocol/record.ts";
import type { Device } from "../devices/device.ts";
import { finish, keep } from "./ledger.ts";
import type { OpenCommand } from "./open.ts";
import type { Turn } from "../turn.ts";

export const expire = (turn: Turn, device: Device, open: OpenCommand): CommandRecord =>
  finish(turn, device, open, "expired", {
    error: { code: "expired", message: "It could not be sent in time, and never will be" },
  });

export const unknownOutcome = (turn: Turn, device: Device, open: OpenCommand, message: string): CommandRecord =>
  finish(turn, device, open, "unknown", { error: { code: "unknown_outcome", message } });

/** Is this `once` on a connection that is no more? Then nobody will ever know in time [C7]. */
const isLost = ({ record, pending, spec }: OpenCommand, live: string | null): boolean =>
  spec.effect === "once" && record.status !== "accepted" && pending.over !== live;

/** [C7] What a `once` without its connection becomes. */
export function loseOnce(turn: Turn, device: Device, live: string | null, why: string): void {
  for (const open of device.open.filter((open) => isLost(open, live))) unknownOutcome(turn, device, open, why);
}

/** [E2, E6] Its latch was cleared, or sent a newer one: this one does not go, and does not go again. */
export function endStop(turn: Turn, device: Device, open: OpenCommand): "ended" {
  const error = { code: "cancelled" as const, message: "Its emergency stop was cleared, or sent another" };
  if (open.record.status === "accepted") finish(turn, device, open, "cancelled", { error });
  else keep(turn, open, { isSpent: true });
  return "ended";
}
