/** Presence is computed, so its change by mere silence has to be looked for [P3, P4, P5], as that of `seen:` [O13]. */
import type { Memory } from "./memory.ts";
import { dispatch } from "./command.ts";
import { repeatStop } from "./estop.ts";
import { lookAtStreams } from "./event_stream.ts";
import { cut } from "./session.ts";
import type { Turn } from "./turn.ts";
import { standing } from "./view.ts";

/** How often while somebody watches, in ms. */
const WATCHED_SWEEP = 5_000;

/** When presence is to be looked over next; null while no silence could mean anything. */
export function sweepDue(memory: Memory, now: number): number | null {
  if (memory.connections.size === 0 && memory.posting.size === 0) return null;
  return (memory.sweptAt ?? now) + periodOf(memory);
}

const periodOf = (memory: Memory) => memory.watches.isEmpty ? memory.options.idleSweep : WATCHED_SWEEP;

/** Tells watches of changed presence, and closes what has been silent for too long. */
export function sweep(turn: Turn): void {
  const { memory, now } = turn;
  // A memory that never looked was just woken to do so.
  if (memory.sweptAt !== null && memory.sweptAt + periodOf(memory) > now) return;
  memory.sweptAt = now;
  // [G6] A `ping` that the runtime answered has renewed it, and nothing else tells who watches.
  for (const id of memory.leased) turn.touch(id);
  for (const device of memory.devices.values()) {
    const { presence } = standing(turn, device);
    if (device.presence !== presence) turn.touch(device.row.id);
    if (presence === "online" && device.presence !== null && device.presence !== "online") repeatStop(turn, device);
    device.presence = presence;
    // [C4] Its proof of life may have been a `ping` that the runtime answered.
    if (presence === "online" && device.open.length > 0) dispatch(turn, device);
    if (presence !== "offline") continue;
    memory.posting.delete(device.row.id);
    if (device.connection) cut(turn, device, "heartbeat_lost");
  }
  memory.watches.markAged(turn);
  lookAtStreams(turn);
}
