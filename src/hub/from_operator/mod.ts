/** A text from an operator: who is it still, then the frame, then its handler. */
import { type Fault, refuse } from "../../protocol/fault.ts";
import { decode, isOver, isPing } from "../../protocol/frame.ts";
import { readOperatorFrame } from "../../protocol/from_operator.ts";
import { type BridgeFrame, readBridgeFrame } from "../../protocol/outbox.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import { countFault, isBridge, type OperatorConnection, takeFromBucket } from "../connections/connection.ts";
import { fromSource, isOpen, type Operator } from "../access/identity.ts";
import { lapseOverdue } from "../control/lease.ts";
import { refuseFrame } from "../connections/refuse.ts";
import { sendReply } from "./reply.ts";
import type { Turn } from "../turn.ts";
import { stillReads } from "../connections/backlog.ts";
import { onHealth, onTake } from "./bridge.ts";
import { onCancel, onCommand, onDesire, onEstop, onLease, onSelect } from "./requests.ts";
import { onStream } from "./stream.ts";
import { onSeen, onUnwatch, onWatch } from "./watch.ts";

export function onOperatorText(turn: Turn, asking: OperatorConnection, text: string): void {
  const known = stillReads(turn, asking);
  if (!known) return;
  lapseOverdue(turn, known);
  if (isPing(text)) {
    turn.attach({ ...known, evidence: turn.now });
    return turn.pong(known);
  }
  if (isOver(text, MAX_FRAME)) return turn.close(known, "too_big");
  const operator = fromSource(turn, known.from);
  // [I5] Its token went by a way that did not close its sockets, such as a changed setting.
  if (!operator) return turn.close(known, "revoked");
  if (!isOpen(turn, known.session)) return turn.close(known, "token_expired");
  const connection = turn.draft(known);
  connection.evidence = turn.now;
  const { bucket, within } = takeFromBucket(connection.bucket, turn.now);
  connection.bucket = bucket;
  const envelope = decode(text);
  if (!envelope.ok) return onBad(turn, connection, envelope.fault);
  const id = typeof envelope.value.id === "string" && envelope.value.id.length <= 64 ? envelope.value.id : undefined;
  // [N20] For anybody else its frames do not exist.
  const read = isBridge(connection) ? readBridgeFrame : readOperatorFrame;
  const frame = within || isUnmetered(envelope.value.type, read === readBridgeFrame)
    ? read(envelope.value)
    : refuse("rate_limited", "Too many requests; wait a little");
  if (!frame.ok) return onBad(turn, connection, frame.fault, envelope.value.type, id);
  handle(turn, connection, operator, frame.value);
}

/** [E1] The red button has no rate; [N20] what a flood over the broker asks for must not keep back what is owed to it. */
const isUnmetered = (type: string, isOfBridge: boolean): boolean =>
  type === "estop" || (isOfBridge && (type === "take" || type === "bridge"));

/** [O1] A request that can be named gets its reply, anything else an error. */
function onBad(turn: Turn, connection: OperatorConnection, fault: Fault, of?: string, id?: string): void {
  if (id !== undefined && of !== "seen") sendReply(turn, connection, id, { ok: false, fault });
  else refuseFrame(turn, connection, fault, { of });
  // [N20] Who made it so is somebody on the broker, and the line is of all who ask there.
  if ((fault.code !== "bad_json" && fault.code !== "bad_frame") || isBridge(connection)) return;
  const counted = countFault(turn.memory.connections.get(connection.id) as OperatorConnection, turn.now);
  turn.attach(counted.connection);
  if (counted.tooMany) turn.close(counted.connection, "too_many_bad_frames");
}

function handle(turn: Turn, connection: OperatorConnection, operator: Operator, frame: BridgeFrame): void {
  switch (frame.type) {
    case "watch":
      return onWatch(turn, connection, frame);
    case "unwatch":
      return onUnwatch(turn, connection, frame);
    case "seen":
      return onSeen(turn, connection, frame);
    case "command":
      return onCommand(turn, { connection, operator }, frame);
    case "cancel":
      return onCancel(turn, { connection, operator }, frame);
    case "desire":
      return onDesire(turn, { connection, operator }, frame);
    case "select":
      return onSelect(turn, { connection, operator }, frame);
    case "lease":
      return onLease(turn, { connection, operator }, frame);
    case "estop":
      return onEstop(turn, { connection, operator }, frame);
    case "stream":
      return onStream(turn, { connection, operator }, frame);
    case "take":
      return onTake(turn, connection, frame);
    case "bridge":
      return onHealth(turn, connection, frame);
    default:
      return frame satisfies never;
  }
}
