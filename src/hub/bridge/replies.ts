/** Who waits on the broker for a command's outcome: whoever asked for it, and asked again under its key [N26]. */
import type { ReplyTo } from "../../protocol/outbox.ts";
import { keep } from "../commands/ledger.ts";
import type { Turn } from "../turn.ts";

/** Of one command; of more the newest. */
const MOST = 8;

/** What is final already is answered by whoever asks. */
export function answerLater(turn: Turn, command: string, reply: ReplyTo): void {
  const open = turn.memory.commands.get(command);
  if (!open) return;
  const { replies = [] } = open.pending;
  const others = replies.filter(({ topic, correlation }) => topic !== reply.topic || correlation !== reply.correlation);
  keep(turn, open, { replies: [...others, reply].slice(-MOST) });
}
