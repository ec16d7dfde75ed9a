/** A command's life after the door: sent in order, sent again, expired, unknown [C]. */
import { isOver } from "../protocol/frame.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { ToDevice } from "../protocol/to_device.ts";
import type { DeviceConnection } from "./connection.ts";
import { finish, keep, step } from "./ledger.ts";
import { deadlineOf, type Device, type OpenCommand } from "./memory.ts";
import type { Turn } from "./turn.ts";
import { standing } from "./view.ts";

/** How many may wait for one device [C5]. */
export const MOST_WAITING = 50;

const LANES = ["stop", "others"] as const;
type Lane = typeof LANES[number];
/** [C5] `stop` has a lane of its own. */
export const laneOf = (record: { name: string }): Lane => record.name === "stop" ? "stop" : "others";

/** Sends what is next in each lane, as far as the connection allows now. */
export function dispatch(turn: Turn, device: Device): void {
  for (const lane of LANES) {
    // A command that ends at its turn makes room for the next one.
    while (true) {
      const next = device.open.find((open) => laneOf(open.record) === lane);
      if (!next || !attempt(turn, device, next)) break;
    }
  }
}

/** Tries to send it; true when it ended instead, and the next one may go. */
function attempt(turn: Turn, device: Device, open: OpenCommand): boolean {
  const { record } = open;
  const { connection } = device;
  if (!connection || !maySend(turn, device, connection, open)) return false;
  // [C3] Looked at here too: the wake-up that expires it may come later than this turn.
  if (turn.now >= record.expiresAt) {
    if (record.status === "accepted") expire(turn, device, open);
    return record.status === "accepted";
  }
  const frame = frameOf(turn, open);
  if (isOver(JSON.stringify(frame), connection.maxFrame)) {
    finish(turn, device, open, record.status === "accepted" ? "rejected" : "unknown", {
      error: { code: "too_large", message: tooLarge(connection) },
    });
    return true;
  }
  send(turn, device, connection, open, frame);
  return false;
}

/** Accepted ones go; sent ones go again when the connection that they went over is gone [C8, C15, C16]. */
function maySend(
  turn: Turn,
  device: Device,
  connection: DeviceConnection,
  { record, pending, spec }: OpenCommand,
): boolean {
  if (spec.effect === "once" && standing(turn, device).presence === "suspect") return false;
  if (record.status === "accepted") return true;
  return pending.over !== connection.id && record.cancelAt === undefined && spec.effect !== "once" &&
    turn.now >= (connection.resendAt ?? 0) && !connection.working.includes(record.id);
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
  keep(turn, open, { over: connection.id, ...(spec.effect === "once" && { secrets: {} }) });
  step(turn, device, open, {
    status: record.status === "received" ? "received" : "sent",
    attempt: (record.attempt ?? 0) + 1,
    sentAt: turn.now,
    dueAt: turn.now + spec.timeout * 1000,
  });
  turn.toDevice(device, frame, { ...frame, params: record.params });
}

export const tooLarge = (connection: DeviceConnection): string =>
  `The device takes frames of at most ${connection.maxFrame} bytes; a hello can raise that`;

const expire = (turn: Turn, device: Device, open: OpenCommand): CommandRecord =>
  finish(turn, device, open, "expired", {
    error: { code: "expired", message: "It could not be sent in time, and never will be" },
  });

export const unknownOutcome = (turn: Turn, device: Device, open: OpenCommand, message: string): CommandRecord =>
  finish(turn, device, open, "unknown", { error: { code: "unknown_outcome", message } });

/** Is this `once` on a connection that is no more? Then nobody will ever know in time [C7]. */
export const isLost = ({ record, pending, spec }: OpenCommand, live: string | null): boolean =>
  spec.effect === "once" && record.status !== "accepted" && pending.over !== live;

/** [C7] What a `once` without its connection becomes. */
export function loseOnce(turn: Turn, device: Device, live: string | null, why: string): void {
  for (const open of device.open.filter((open) => isLost(open, live))) unknownOutcome(turn, device, open, why);
}

/** Commands whose time has come, and devices whose commands may go again [C3, C8, C15]. */
export function decideDue(turn: Turn): void {
  const { memory, now } = turn;
  const freed = new Set<Device>();
  for (let id = memory.deadlines.due(now); id !== undefined; id = memory.deadlines.due(now)) {
    const open = memory.commands.get(id);
    const device = memory.devices.get(open?.record.device ?? id);
    if (!device) continue;
    freed.add(device);
    // Only a hint: the command may be final, or have been given more time.
    if (!open || deadlineOf(open.record) > now) continue;
    if (open.record.status === "accepted") expire(turn, device, open);
    else unknownOutcome(turn, device, open, silent(open));
  }
  for (const device of freed) dispatch(turn, device);
}

const silent = ({ spec }: OpenCommand) => `No answer within ${spec.timeout} s. It may have acted: check the device`;
