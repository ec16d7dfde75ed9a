/** How commands go to their device: in order, as far as it takes them, and again after a connection that is gone [C]. */
import { isOver } from "../../protocol/frame.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import type { DeviceConnection } from "../connections/connection.ts";
import { endStop, expire } from "./end.ts";
import { finish, keep, step } from "./ledger.ts";
import { forbids, interlockFault, type Refusal } from "../control/forbids.ts";
import { grantOf, takesCommands } from "../mqtt/speech.ts";
import { type OpenCommand, waits } from "./open.ts";
import type { Device } from "../devices/device.ts";
import { supersede } from "./supersede.ts";
import type { Turn } from "../turn.ts";
import { standing } from "../devices/view.ts";

const LANES = ["stop", "others"] as const;
type Lane = typeof LANES[number];
/** [C5] `stop` has a lane of its own. */
export const laneOf = (record: { name: string }): Lane => record.name === "stop" ? "stop" : "others";

/** Sends what is next in each lane, as far as the connection allows now; a stop before anything else [E2]. */
export function dispatch(turn: Turn, device: Device): void {
  for (const lane of LANES) {
    // A command that ends at its turn makes room for the next one.
    while (dispatchNext(turn, device, lane)) continue;
    if (lane === "stop") repeatCancels(turn, device);
  }
}

/** True when the lane is to be looked at again. */
function dispatchNext(turn: Turn, device: Device, lane: Lane): boolean {
  let room = lane === "stop" ? 1 : device.kind.inFlight;
  for (const open of inTurn(device, lane)) {
    if (room === 0) return false;
    if (waits(device, open)) {
      const tried = attempt(turn, device, open);
      if (tried === "ended") return true;
      // The order of acceptance is the order of sending.
      if (tried === "stays") return false;
      if (tried === "sent") room -= 1;
    } else if (isUnderWay(turn, device, open)) room -= 1;
  }
  return false;
}

/** [C5] In the order of acceptance; [E2] but a stop of the latch waits for none but one that it sent before. */
function inTurn({ open, row, connection }: Device, lane: Lane): OpenCommand[] {
  const queue = open.filter(({ record }) => laneOf(record) === lane);
  if (lane !== "stop" || !row.estop) return queue;
  const { at, command } = row.estop;
  const rank = ({ record, pending }: OpenCommand): number => {
    if (!pending.isLatched || pending.isSpent || record.createdAt < at) return 2;
    return pending.over !== null && pending.over === connection?.id ? 0 : record.id === command ? 1 : 2;
  };
  return queue.sort((one, other) => rank(one) - rank(other));
}

/** [C5] Is the device at it, as far as anybody knows? What went over a connection that is gone holds nothing up. */
const isUnderWay = (turn: Turn, { connection }: Device, { record, pending }: OpenCommand): boolean =>
  connection !== null &&
  (pending.over === connection.id || connection.working.includes(record.id) || mayStillGreet(turn, connection));

/** Tries to send it: it goes, it ends instead, it stays where it is for now, or it is too late to go again. */
function attempt(turn: Turn, device: Device, open: OpenCommand): "sent" | "ended" | "stays" | "over" {
  const { record } = open;
  const { connection } = device;
  if (!connection || !maySend(turn, device, connection, open)) return "stays";
  const isAccepted = record.status === "accepted";
  // [C3] Looked at here too: the wake-up that expires it may come later than this turn.
  if (turn.now >= record.expiresAt) {
    if (isAccepted) expire(turn, device, open);
    return isAccepted ? "ended" : "over";
  }
  if (supersede(turn, device, open)) return "ended";
  if (open.pending.isLatched && record.id !== device.row.estop?.command) return endStop(turn, device, open);
  const forbidden = forbids(turn, device, { ...record, fence: record.fence }) ??
    interlockFault(turn, device, record.name);
  if (forbidden) return refuseAtSending(turn, device, open, forbidden);
  const frame = frameOf(turn, open);
  if (!isOver(JSON.stringify(frame), connection.maxFrame)) {
    send(turn, device, connection, open, frame);
    return "sent";
  }
  if (!isAccepted || mayStillGreet(turn, connection)) return "stays";
  return refuseAtSending(turn, device, open, { code: "too_large", message: tooLarge(connection) });
}

/** [C21] What may be with the device already is not refused any more, and not sent again either. */
export function refuseAtSending(turn: Turn, device: Device, open: OpenCommand, error: Refusal): "ended" {
  if (open.record.status === "accepted") finish(turn, device, open, "rejected", { error });
  else {
    step(turn, device, open, { cancelAt: turn.now });
    repeatCancels(turn, device);
  }
  return "ended";
}

/** [C15] A `hello` that names commands, or raises `maxFrame`, may be on its way. */
const mayStillGreet = (turn: Turn, { resendAt }: DeviceConnection): boolean => turn.now < (resendAt ?? 0);

/** [C16] What was cancelled while the device was away is told once it is back. */
function repeatCancels(turn: Turn, device: Device): void {
  const { connection } = device;
  if (!connection || mayStillGreet(turn, connection)) return;
  for (const open of device.open) {
    const isTold = open.record.cancelAt === undefined || open.pending.told === connection.id;
    if (!isTold) tellCancel(turn, device, connection, open);
  }
}

export function tellCancel(turn: Turn, device: Device, connection: DeviceConnection, open: OpenCommand): void {
  // It is told once it subscribes to that [M8].
  if (connection.mqtt && grantOf(connection.mqtt, "cancel") === null) return;
  keep(turn, open, { told: connection.id });
  turn.toDevice(device, { type: "cancel", id: open.record.id });
}

/** Accepted ones go; sent ones go again once the device could have said `hello`. */
function maySend(turn: Turn, device: Device, connection: DeviceConnection, open: OpenCommand): boolean {
  // [M8]
  if (connection.mqtt && !takesCommands(connection.mqtt)) return false;
  if (open.record.status !== "accepted") return !mayStillGreet(turn, connection);
  return open.spec.effect !== "once" || standing(turn, device).presence !== "suspect";
}

function frameOf(turn: Turn, { record, pending }: OpenCommand): Extract<ToDevice, { type: "command" }> {
  const attempt = (record.attempt ?? 0) + 1;
  return {
    type: "command",
    id: record.id,
    name: record.name,
    params: { ...record.params, ...pending.secrets },
    ttl: (record.expiresAt - turn.now) / 1000,
    expires: record.expiresAt,
    ...(attempt > 1 && { attempt }),
    ...(record.fence !== undefined && { fence: record.fence }),
  };
}

/** [C7] Sent is written before it is sent: after a crash in between a `once` is unknown, never sent twice. */
function send(
  turn: Turn,
  device: Device,
  connection: DeviceConnection,
  open: OpenCommand,
  frame: Extract<ToDevice, { type: "command" }>,
): void {
  const { record, spec } = open;
  // [C25] Somebody waits for the machine.
  turn.toDevice(device, frame, { ...frame, params: record.params });
  keep(turn, open, { over: connection.id, ...(spec.effect === "once" && { secrets: {} }) });
  step(turn, device, open, {
    status: record.status === "received" ? "received" : "sent",
    attempt: (record.attempt ?? 0) + 1,
    sentAt: turn.now,
    dueAt: turn.now + spec.timeout * 1000,
  });
}

export const tooLarge = (connection: DeviceConnection): string =>
  `The device takes frames of at most ${connection.maxFrame} bytes; a hello can raise that`;
