/** What a peer hears of a frame that was refused [F2, F10]. */
import { type Fault, FAULTS } from "../../protocol/fault.ts";
import { type Envelope, isOver } from "../../protocol/frame.ts";
import type { ErrorFrame } from "../../protocol/to_device.ts";
import type { Connection, DeviceConnection } from "./connection.ts";
import type { Turn } from "../turn.ts";

/** What an answer names of the frame that it is about. */
export interface About {
  of?: string;
  seq?: number;
  id?: string;
}

/** As far as it can be told of a frame whose form nobody checked. */
export const aboutFrame = ({ type, seq, id }: Envelope): About => ({
  of: type,
  ...(Number.isSafeInteger(seq) && { seq: seq as number }),
  ...(typeof id === "string" && { id }),
});

export function refuseFrame(turn: Turn, connection: Connection, fault: Fault, about: About = {}): void {
  turn.tally.refuseFrame(fault.code);
  turn.refused = fault;
  if (connection.sort === "operator") turn.toOperator(connection, frameOf(fault, about));
  else refuseDevice(turn, connection.id, fault, about);
}

const ERRORS_EVERY = 1_000;

const ANSWERED = ["result", "blob"];

/** At most one a second, unless it settles a `seq`, a result or a blob. */
function refuseDevice(turn: Turn, id: string, fault: Fault, about: About): void {
  const connection = turn.memory.connections.get(id) as DeviceConnection | undefined;
  const device = connection && turn.memory.devices.get(connection.device);
  if (!device) return;
  const { at, more } = connection.errors;
  const mayWait = about.seq === undefined && !(ANSWERED.includes(about.of!) && about.id !== undefined);
  if (mayWait && turn.now - at < ERRORS_EVERY) {
    return turn.attach({ ...connection, errors: { at, more: more + 1 } });
  }
  turn.attach({ ...connection, errors: { at: mayWait ? turn.now : at, more: 0 } });
  turn.toDevice(device, fitting({ ...frameOf(fault, about), ...(more > 0 && { more }) }, connection.maxFrame));
}

/** Counts faults that nobody is told one by one: the next error says how many. */
export function leaveOut(turn: Turn, connection: DeviceConnection, faults: number): void {
  const { at, more } = connection.errors;
  if (faults > 0) turn.attach({ ...connection, errors: { at, more: more + faults } });
}

const LONGEST_MESSAGE = 200;
const LONGEST_NAME = 64;

const frameOf = ({ code, message, pointer }: Fault, { of, seq, id }: About): ErrorFrame => ({
  type: "error",
  code,
  message: message.slice(0, LONGEST_MESSAGE),
  ...(of !== undefined && { of: of.slice(0, LONGEST_NAME) }),
  ...(seq !== undefined && { seq }),
  ...(id !== undefined && { id: id.slice(0, LONGEST_NAME) }),
  ...(pointer !== undefined && { pointer }),
});

/** [F7] What names a long offence would not fit: then the code speaks for itself. */
function fitting(frame: ErrorFrame, maxFrame: number): ErrorFrame {
  if (!isOver(JSON.stringify(frame), maxFrame)) return frame;
  const { pointer: _, ...rest } = frame;
  return { ...rest, message: FAULTS[frame.code].title };
}
