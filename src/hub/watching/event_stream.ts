/** A stream of server-sent events: an operator's connection without a socket, and with one watch [R7, R8]. */
import type { Credential } from "../../protocol/credential.ts";
import type { StreamQuery } from "../../protocol/event_stream.ts";
import { ok, type Outcome } from "../../protocol/fault.ts";
import { refuseDevice } from "../access/audit.ts";
import { stillReads } from "../connections/backlog.ts";
import { type OperatorConnection, operatorConnection, type WatchDefinition } from "../connections/connection.ts";
import { identify, isOpen } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { openWatch, sendSnapshot } from "./merged.ts";

interface Opening {
  credential: Credential;
  connection: string;
  ask: StreamQuery;
}

export function openStream(turn: Turn, { credential, connection: id, ask }: Opening): Outcome<OperatorConnection> {
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (caller.value.sort === "device") return refuseDevice(turn, caller.value, "stream");
  const { id: by, name, role, from, session } = caller.value;
  const definition = definitionOf(ask);
  const connection: OperatorConnection = {
    ...operatorConnection(id, turn.now, { operator: { id: by, name, role }, from, session }),
    isStream: true,
    watches: [definition],
  };
  const watch = openWatch(turn, connection, definition);
  if (!watch.ok) return watch;
  turn.attach(connection);
  sendSnapshot(turn, watch.value);
  return ok(connection);
}

const definitionOf = ({ q, from, limit, sort, fields, rate, include }: StreamQuery): WatchDefinition => ({
  id: "stream",
  query: q,
  window: [from, limit],
  rate,
  include,
  ...(sort !== undefined && { sort }),
  ...(fields && { fields }),
});

/** [R11] A stream never speaks, so whether it may go on is looked at now and then; one that is cut hears so at once. */
export function lookAtStreams(turn: Turn): void {
  for (const connection of turn.memory.operators()) {
    if (!connection.isStream) continue;
    if (!isOpen(turn, connection.session)) turn.close(connection, "token_expired");
    else stillReads(turn, connection);
  }
}
