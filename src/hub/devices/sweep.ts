/** Presence is computed, so its change by mere silence has to be looked for [P3, P4, P5], as that of `seen:` [O13]. */
import type { Memory } from "../memory.ts";
import type { Device } from "./device.ts";
import { dispatch } from "../commands/dispatch.ts";
import { repeatStop } from "../control/estop.ts";
import { lookAtStreams } from "../watching/event_stream.ts";
import { reaches } from "../control/latched.ts";
import { cut } from "./session.ts";
import type { Turn } from "../turn.ts";
import { lostAt, standing } from "./view.ts";

/** How often while somebody watches, in ms. */
const WATCHED_SWEEP = 5_000;
/** How often where a command or a stop hangs on it. */
const STAKED_SWEEP = 60_000;

/** When to be woken to look presence over; null while no silence could mean anything to anybody. */
export function sweepDue(memory: Memory, now: number): number | null {
  if (memory.connections.size === 0 && memory.posting.size === 0) return null;
  const period = wakesEvery(memory);
  return period === null ? null : (memory.sweptAt ?? memory.startedAt ?? now) + period;
}

function wakesEvery({ options: { idleSweep }, isAtStake, watches }: Memory): number | null {
  if (!watches.isEmpty) return WATCHED_SWEEP;
  return idleSweep ?? (isAtStake ? STAKED_SWEEP : null);
}

/** What wakes the hub anyway looks presence over, where it was not just now. */
function isDue(memory: Memory, now: number): boolean {
  // A memory that never looked was just woken to do so.
  return memory.sweptAt === null || memory.sweptAt + (wakesEvery(memory) ?? STAKED_SWEEP) <= now;
}

/** Tells watches of changed presence, and closes what has been silent for too long. */
export function sweep(turn: Turn): void {
  const { memory, now } = turn;
  if (!isDue(memory, now)) return;
  memory.sweptAt = now;
  // [G6] A `ping` that the runtime answered has renewed it, and nothing else tells who watches.
  for (const id of memory.leased) turn.touch(id);
  memory.isAtStake = false;
  for (const device of memory.devices.values()) look(turn, device);
  memory.watches.markAged(turn);
  memory.watches.lookers.lookOver(turn);
  lookAtStreams(turn);
}

function look(turn: Turn, device: Device): void {
  const { memory } = turn;
  const { presence } = standing(turn, device);
  if (device.presence !== presence) turn.touch(device.row.id);
  if (presence === "online" && device.presence !== null && device.presence !== "online") repeatStop(turn, device);
  device.presence = presence;
  // [C4] Its proof of life may have been a `ping` that the runtime answered.
  if (presence === "online" && device.open.length > 0) dispatch(turn, device);
  if (presence === "offline") memory.posting.delete(device.row.id);
  if (lostAt(turn, device) !== null) cut(turn, device, "heartbeat_lost");
  if (device.connection && (device.open.length > 0 || awaitsStop(device))) memory.isAtStake = true;
}

const awaitsStop = ({ row: { estop }, kind }: Device): boolean =>
  estop !== null && estop.confirmedAt === null && reaches(kind);
