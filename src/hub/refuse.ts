/** What a peer hears of a frame that was refused [F2, F10]. */
import type { Fault } from "../protocol/fault.ts";
import type { ErrorFrame } from "../protocol/to_device.ts";
import type { Connection } from "./connection.ts";
import type { Turn } from "./turn.ts";

const ERRORS_EVERY = 1_000;
/** Longer words than these would not fit the smallest frame that a device takes [F7]. */
const LONGEST_MESSAGE = 200;
const LONGEST_POINTER = 200;

/** At most one a second, unless it settles a `seq` or answers an id. */
export function refuseFrame(
  turn: Turn,
  connection: Connection,
  fault: Fault,
  about: { of?: string; seq?: number; id?: string } = {},
): void {
  const { seq, id, of } = about;
  turn.memory.count(`refused ${fault.code}`);
  const { errors } = turn.memory.connections.get(connection.id) ?? connection;
  const mayWait = seq === undefined && id === undefined;
  if (mayWait && turn.now - errors.at < ERRORS_EVERY) {
    return note(turn, connection, { ...errors, more: errors.more + 1 });
  }
  const { message, pointer } = fault;
  const frame: ErrorFrame = {
    type: "error",
    code: fault.code,
    message: message.slice(0, LONGEST_MESSAGE),
    ...(of !== undefined && { of: of.slice(0, 64) }),
    ...(seq !== undefined && { seq }),
    ...(id !== undefined && { id }),
    ...(pointer !== undefined && pointer.length <= LONGEST_POINTER && { pointer }),
    ...(errors.more > 0 && { more: errors.more }),
  };
  send(turn, connection, frame);
  note(turn, connection, { at: mayWait ? turn.now : errors.at, more: 0 });
}

function send(turn: Turn, connection: Connection, frame: ErrorFrame): void {
  const device = connection.sort === "device" && turn.memory.devices.get(connection.device);
  if (device) turn.toDevice(device, frame);
  else turn.toOperator(connection, frame);
}

function note(turn: Turn, connection: Connection, errors: Connection["errors"]): void {
  const newest = turn.memory.connections.get(connection.id);
  if (newest) turn.attach({ ...newest, errors });
}
