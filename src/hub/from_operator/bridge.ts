/** `take` and `bridge`: what only the hub's own bridge asks and tells [N23, N27]. */
import { ok } from "../../protocol/fault.ts";
import type { BridgeFrameOf } from "../../protocol/outbox.ts";
import type { OperatorConnection } from "../connection.ts";
import { take } from "../take.ts";
import type { Turn } from "../turn.ts";

export function onTake(turn: Turn, { id: by }: OperatorConnection, frame: BridgeFrameOf<"take">): void {
  turn.reply({ id: by }, frame.id, ok(take(turn, frame)));
}

export function onHealth(
  turn: Turn,
  connection: OperatorConnection,
  { type: _, id, ...health }: BridgeFrameOf<"bridge">,
): void {
  turn.attach({ ...connection, health });
  turn.reply(connection, id, ok(null));
}
