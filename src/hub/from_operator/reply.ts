/** The answer to an operator's request, on the connection that it came by [O1]. */
import { type Fault, FAULTS, type Outcome } from "../../protocol/fault.ts";
import { encode } from "../../protocol/frame.ts";
import type { ReplyError, ToOperator } from "../../protocol/to_operator.ts";
import type { Effect } from "../effect.ts";
import type { Turn } from "../turn.ts";

/**
 * Answers a request; `since` is where the effects stood before it: on its connection the answer comes before what
 * follows from it [O1]. What goes to others need not wait for that.
 */
export function sendReply(
  turn: Turn,
  connection: { id: string },
  id: string,
  outcome: Outcome<unknown>,
  since = turn.effects.length,
): void {
  const frame: ToOperator = outcome.ok
    ? { type: "reply", id, ok: true, value: outcome.value }
    : { type: "reply", id, ok: false, error: replyError(outcome.fault) };
  const isNext = (effect: Effect, at: number) =>
    at >= since && "connection" in effect && effect.connection === connection.id;
  const next = turn.effects.findIndex(isNext);
  turn.effects.splice(next === -1 ? turn.effects.length : next, 0, {
    do: "send",
    connection: connection.id,
    text: encode(frame),
  });
}

function replyError({ code, message, pointer, command }: Fault): ReplyError {
  return { code, message, retryable: FAULTS[code].retryable, ...(pointer && { pointer }), ...(command && { command }) };
}
