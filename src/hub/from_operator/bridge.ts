/** `take` and `bridge`: what only the hub's own bridge asks and tells [N23, N27]. */
import { ok } from "../../protocol/fault.ts";
import type { BridgeFrameOf } from "../../protocol/outbox.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import { take } from "../bridge/take.ts";
import { sendReply } from "./reply.ts";
import type { Turn } from "../turn.ts";

export function onTake(turn: Turn, connection: OperatorConnection, frame: BridgeFrameOf<"take">): void {
  const value = take(turn, frame);
  const newest = value.rows.findLast(({ what }) => what !== "gone")?.id ?? "";
  if (newest > (connection.taken ?? "")) turn.attach({ ...connection, taken: newest });
  sendReply(turn, connection, frame.id, ok(value));
}

export function onHealth(
  turn: Turn,
  connection: OperatorConnection,
  { type: _, id, ...health }: BridgeFrameOf<"bridge">,
): void {
  turn.attach({ ...connection, health });
  sendReply(turn, connection, id, ok(null));
}
