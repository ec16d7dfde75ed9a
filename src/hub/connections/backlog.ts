/** What waits for a reader that is slow: never more than it is worth [O8]. */
import type { OperatorConnection } from "./connection.ts";
import { evidenceOf } from "../devices/presence.ts";
import type { Turn } from "../turn.ts";

/** Bytes that may wait for a slow reader before frames are merged for it, and before it is closed. */
const SLOW = 256 * 1024;
const TOO_SLOW = 4 * 1024 * 1024;
const PATIENCE = 30_000;
/** Where the runtime does not tell what waits: silence of somebody who pings, in ms. Hidden tabs ping once a minute. */
const SILENT = 90_000;

/** The connection as it goes on; null once it asked and asked and never read an answer. */
export function stillReads(turn: Turn, { id }: OperatorConnection): OperatorConnection | null {
  isSlow(turn, id);
  return turn.memory.connections.get(id) as OperatorConnection | undefined ?? null;
}

/** May nothing more be put before this reader now? One that never reads is closed. */
export function isSlow(turn: Turn, id: string): boolean {
  const connection = turn.memory.connections.get(id);
  if (connection?.sort !== "operator") return true;
  const waiting = turn.env.backlog(id);
  if (waiting === null ? !isSilent(turn, connection) : waiting <= SLOW) {
    if (connection.slowSince !== null) turn.attach({ ...connection, slowSince: null });
    return false;
  }
  const since = connection.slowSince ?? turn.now;
  if ((waiting ?? 0) > TOO_SLOW || turn.now - since > PATIENCE) turn.close(connection, "slow_consumer");
  else if (connection.slowSince === null) turn.attach({ ...connection, slowSince: since });
  return true;
}

/** It promised a sign of life by its first `ping`, and gives none. */
export function isSilent(turn: Turn, connection: OperatorConnection): boolean {
  const pingedAt = turn.env.pingedAt(connection.id);
  return pingedAt !== null && turn.now - evidenceOf(connection, pingedAt) > SILENT;
}
