/** `command`, `cancel`, `desire`, `select`, `lease`, `estop`: what REST can do too, through the same calls [O7]. */
import type { OperatorFrameOf } from "../../protocol/from_operator.ts";
import type { BridgeFrameOf } from "../../protocol/outbox.ts";
import { perform } from "../calls/mod.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import type { Operator } from "../access/identity.ts";
import { answerLater } from "../bridge/replies.ts";
import { sendReply } from "./reply.ts";
import type { Turn } from "../turn.ts";

export interface Asking {
  connection: OperatorConnection;
  operator: Operator;
}

export function onCommand(turn: Turn, asking: Asking, frame: BridgeFrameOf<"command">): void {
  const { type: _, id, key, reply, ...args } = frame;
  answer(turn, asking, id, () => {
    const sent = perform(turn, asking.operator, "send_command", args, key);
    if (sent.ok && reply) answerLater(turn, sent.value.id, reply);
    return sent;
  });
}

export function onCancel(turn: Turn, asking: Asking, { id, command }: OperatorFrameOf<"cancel">): void {
  answer(turn, asking, id, () => perform(turn, asking.operator, "cancel_command", { command }));
}

export function onDesire(turn: Turn, asking: Asking, { type: _, id, ...args }: OperatorFrameOf<"desire">): void {
  answer(turn, asking, id, () => perform(turn, asking.operator, "desire", args));
}

export function onSelect(turn: Turn, asking: Asking, { type: _, id, ...args }: OperatorFrameOf<"select">): void {
  answer(turn, asking, id, () => perform(turn, asking.operator, "select", args));
}

export function onLease(turn: Turn, asking: Asking, { type: _, id, ...args }: OperatorFrameOf<"lease">): void {
  answer(turn, asking, id, () => perform(turn, asking.operator, "lease", args));
}

export function onEstop(turn: Turn, asking: Asking, frame: OperatorFrameOf<"estop">): void {
  const { id, device, query, devices, action, reason } = frame;
  answer(
    turn,
    asking,
    id,
    () =>
      device === undefined
        ? perform(turn, asking.operator, "estop_many", { query, devices, action, reason })
        : perform(turn, asking.operator, "estop", { device, action, reason }),
  );
}

function answer(turn: Turn, { connection }: Asking, id: string, act: () => ReturnType<typeof perform>): void {
  const before = turn.effects.length;
  turn.asker = connection.id;
  sendReply(turn, connection, id, act(), before);
}
