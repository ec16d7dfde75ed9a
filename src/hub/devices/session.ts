/** A device's connection: taking over, welcome, and the end [P6, P7, D6, C7, C8]. */
import { ok, type Outcome } from "../../protocol/fault.ts";
import { isOver } from "../../protocol/frame.ts";
import { type CloseName, closeName } from "../../protocol/close.ts";
import { MAX_BLOB, MAX_FRAME } from "../../protocol/words.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import { dropIncoming, dropLeftovers } from "./blobs.ts";
import { flagClone, recentTakeovers, refuseClone } from "./clone.ts";
import { dispatch } from "../commands/dispatch.ts";
import { loseOnce } from "../commands/end.ts";
import { BURST, type Connection, type DeviceConnection, deviceConnection, RATE } from "../connections/connection.ts";
import { repeatStop, sendStop } from "../control/estop.ts";
import type { DeviceCaller } from "../access/identity.ts";
import type { Device } from "./device.ts";
import { largestFrom, roomIn } from "../mqtt/tell.ts";
import type { Speech } from "../mqtt/speech.ts";
import type { Reason } from "../../mqtt/reasons.ts";
import { lostReason } from "./presence.ts";
import { saveTraceSoon } from "../history/traces.ts";
import { flushLast } from "../history/flush.ts";
import type { Ending } from "../metrics/tally.ts";
import type { Turn } from "../turn.ts";
import { lostAt, standing } from "./view.ts";

/** How long commands of an earlier connection wait for a `hello`, in ms [C15]. */
const HELLO_GRACE = 500;

/**
 * The device's newest connection. Authentication is done; nothing of the old one changes when this refuses. One over
 * MQTT is welcomed once it subscribes to that [M6].
 */
export function enter(
  turn: Turn,
  id: string,
  { device, token }: DeviceCaller,
  mqtt?: Speech,
): Outcome<DeviceConnection> {
  const refused = refuseClone(turn, device);
  if (refused) {
    flagClone(turn, device);
    return refused;
  }
  const old = makeRoom(turn, device);
  device.trace = { ...device.trace, seen: turn.now, posting: null, gone: null };
  turn.memory.posting.delete(device.row.id);
  saveTraceSoon(turn, device);
  const connection = deviceConnection(id, turn.now, {
    device: device.row.id,
    token: token.id,
    epoch: device.row.epoch,
  });
  turn.attach(mqtt ? overMqtt(connection, mqtt) : connection);
  dropLeftovers(turn, device);
  if (!mqtt) welcome(turn, device);
  if (old) turn.close(old, "taken_over");
  // [M8] Over MQTT it listens later.
  if (!mqtt) resendLater(turn, device);
  sendStop(turn, device);
  dispatch(turn, device);
  turn.touch(device.row.id);
  return ok(connection);
}

/**
 * The device has no connection any more; answers the one that is taken over. Where none was, there is nothing to tell
 * the next one from: its epoch stays, and nothing is written that would have to wait for the disk [P6].
 */
function makeRoom(turn: Turn, device: Device): DeviceConnection | null {
  if (!device.connection) return null;
  // [P5] Whose end nobody noticed is not taken over from.
  if (lostAt(turn, device) !== null) cut(turn, device, "heartbeat_lost");
  const old = device.connection;
  const takeovers = old ? [...recentTakeovers(turn, device), turn.now] : recentTakeovers(turn, device);
  if (old) {
    leave(turn, device, "taken_over");
    turn.tally.takeovers += 1;
  }
  device.row = { ...device.row, epoch: device.row.epoch + 1, takeovers };
  turn.put("device", device.row);
  return old;
}

/** [M9] Its keep-alive is a promise from the beginning on. */
const overMqtt = (connection: DeviceConnection, mqtt: Speech): DeviceConnection => ({
  ...connection,
  promisedAt: mqtt.keepAlive > 0 ? connection.openedAt : null,
  maxFrame: Math.min(connection.maxFrame, roomIn(connection.device, mqtt.maxPacket ?? Infinity)),
  mqtt,
});

export function welcome(turn: Turn, device: Device): void {
  const { version, state } = device.row.desired;
  const { maxFrame, mqtt } = device.connection!;
  const isStopped = device.row.estop !== null;
  const frame: Extract<ToDevice, { type: "welcome" }> = {
    type: "welcome",
    protocol: 1,
    device: device.row.id,
    time: turn.now,
    heartbeat: mqtt?.keepAlive ?? device.kind.heartbeat,
    limits: {
      maxFrame: mqtt ? largestFrom(device.row.id) : MAX_FRAME,
      rate: RATE,
      burst: BURST,
      maxBlob: mqtt ? 0 : MAX_BLOB,
    },
    desired: { version, state },
  };
  const isWhole = !isStopped && !isOver(JSON.stringify(frame), maxFrame);
  turn.toDevice(device, isWhole ? frame : { ...frame, desired: { version } });
  if (isWhole) turn.attach({ ...device.connection!, desired: version });
}

/** [C15] What an earlier connection may have carried, or this one does not take yet, waits a moment for a `hello`. */
export function resendLater(turn: Turn, device: Device): void {
  if (device.open.length === 0) return;
  const resendAt = turn.now + HELLO_GRACE;
  turn.attach({ ...device.connection!, resendAt });
  turn.memory.deadlines.add(resendAt, device.row.id);
}

/** [P2] A proof of life; what was held back from a suspect connection goes now [C4]. */
export function hear(turn: Turn, device: Device): void {
  // Asked only where something may have been held back: with most frames nothing is.
  const mayWait = device.open.length > 0 || device.row.estop !== null;
  const wasSuspect = mayWait && standing(turn, device).presence !== "online";
  if (device.connection) turn.draft(device.connection).evidence = turn.now;
  device.trace.seen = turn.now;
  turn.touch(device.row.id);
  if (!wasSuspect) return;
  repeatStop(turn, device);
  dispatch(turn, device);
}

/** The connection is no more: what it carried is written, and what only it could answer is unknown. */
export function leave(turn: Turn, device: Device, reason: string): void {
  const connection = device.connection!;
  // [P5] It may have been gone before anybody looked.
  const lost = lostAt(turn, device);
  const gone = lost === null ? { at: turn.now, reason } : { at: lost, reason: lostReason(connection) };
  device.trace = { ...device.trace, seen: lastSeen(turn, connection), gone };
  flushLast(turn, device);
  dropIncoming(turn, device);
  device.lanes.clear();
  device.connection = null;
  turn.forget(connection);
  loseOnce(turn, device, null, "Its connection ended before the outcome. It may have acted: check the device");
  turn.touch(device.row.id);
}

const lastSeen = (turn: Turn, connection: DeviceConnection) =>
  Math.max(connection.evidence, turn.env.pingedAt(connection.id) ?? 0);

/** The hub ends it; `inMqtt` is why, where that has a better word for it. */
export function cut(turn: Turn, device: Device, name: CloseName, inMqtt?: Reason): void {
  const connection = device.connection!;
  leave(turn, device, name);
  turn.close(connection, name, "", inMqtt);
}

/** The hub ends a connection of either sort. */
export function end(turn: Turn, connection: Connection, name: CloseName): void {
  const device = connection.sort === "device" && turn.memory.devices.get(connection.device);
  if (device) cut(turn, device, name);
  else turn.close(connection, name);
}

/** The peer or the network ended it, with this code. */
export function left(turn: Turn, device: Device, code: number): void {
  const ending = endingOf(code);
  // [M10] A process that ends says so itself.
  leave(turn, device, ending === "restarting" ? ending : device.connection?.mqtt?.will ?? ending);
}

/** What there is to say of a connection that ended with this code. */
export const endingOf = (code: number): Ending => code === 1000 ? "closed" : closeName(code) ?? "connection_lost";
