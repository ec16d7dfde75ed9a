/** Two machines with one token, as far as the hub can tell: refused while the first is alive, and flagged [P7]. */
import { type Outcome, refuse } from "../../protocol/fault.ts";
import type { Turn } from "../turn.ts";
import type { Device } from "./device.ts";
import { standing } from "./view.ts";

const MINUTE = 60_000;
const MOST_TAKEOVERS = 3;

/** When its connections were taken over, within the last minute. */
export const recentTakeovers = (turn: Turn, device: Device) =>
  device.row.takeovers.filter((at) => at > turn.now - MINUTE);

/** [P7] Two machines with one token would take turns for ever. */
export function refuseClone(turn: Turn, device: Device): Outcome<never> | null {
  const takeovers = recentTakeovers(turn, device);
  if (!device.connection || takeovers.length < MOST_TAKEOVERS || standing(turn, device).presence !== "online") {
    return null;
  }
  const retryAfter = Math.ceil((takeovers[0] + MINUTE - turn.now) / 1000);
  return refuse(
    "rate_limited",
    "Another connection of this device is alive and was taken over three times within a minute",
    { retryAfter },
  );
}

const CLONE_SUSPECTED = "clone suspected";

export function flagClone(turn: Turn, device: Device): void {
  if (device.row.flags.includes(CLONE_SUSPECTED)) return;
  device.row = { ...device.row, flags: [...device.row.flags, CLONE_SUSPECTED] };
  turn.put("device", device.row);
  turn.audit(null, "clone_suspected", device.row.id);
  turn.touch(device.row.id);
}

/** [P7] Whichever machine had the token that is gone now, it is out. */
export function unflagClone(turn: Turn, device: Device): void {
  if (!device.row.flags.includes(CLONE_SUSPECTED)) return;
  const flags = device.row.flags.filter((flag) => flag !== CLONE_SUSPECTED);
  device.row = { ...device.row, flags, takeovers: [] };
  turn.put("device", device.row);
  turn.touch(device.row.id);
}
