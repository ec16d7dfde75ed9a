/** A socket of MQTT until its CONNECT [M2]: who it is comes with that, and until then nobody is kept waiting for it. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { framed } from "../../mqtt/framing.ts";
import { isConnect } from "../../mqtt/read.ts";
import { type Guest, guest } from "../connections/connection.ts";
import type { Memory } from "../memory.ts";
import type { Turn } from "../turn.ts";
import { onConnect } from "./connect.ts";
import { onPackets } from "./packets.ts";
import { restOf } from "./speech.ts";

const MOST_GUESTS = 1_000;
/** How long each has, in ms. */
const PATIENCE = 10_000;

export function letIn(turn: Turn, id: string): Outcome<Guest> {
  if (turn.memory.guests.size >= MOST_GUESTS) {
    const retryAfter = PATIENCE / 1000;
    return refuse("rate_limited", "Too many sockets wait for their CONNECT", { status: 503, retryAfter });
  }
  const connection = guest(id, turn.now);
  turn.attach(connection);
  return ok(connection);
}

export function onGuestBytes(turn: Turn, connection: Guest, bytes: Uint8Array): void {
  const { packets: [first, ...others], rest, fault } = framed(connection.rest.bytes, bytes);
  if (first && !isConnect(first)) return turn.close(connection, "protocol_error");
  if (first) {
    onConnect(turn, connection, first);
    return onPackets(turn, connection.id, { packets: others, rest, fault });
  }
  if (fault) return turn.close(connection, fault === "too_large" ? "too_big" : "protocol_error");
  turn.attach({ ...connection, rest: restOf(rest) });
}

/** When the one that waits longest has waited too long; null where nobody waits. */
export function guestsDue({ guests }: Memory): number | null {
  for (const { openedAt } of guests.values()) return openedAt + PATIENCE;
  return null;
}

export function dropGuests(turn: Turn): void {
  for (const connection of [...turn.memory.guests.values()]) {
    if (connection.openedAt + PATIENCE > turn.now) return;
    turn.close(connection, "protocol_error");
  }
}
