/** A device's `seq`: what is a repeat in its scope, and what waits for its `stored` [T5, T6]. */
import { bootOf, type Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { flushBy, flushDevice } from "./flush.ts";
import { saveTrace } from "./traces.ts";

/** Is this `seq` not above the highest that its scope accepted [T5]? */
export const isRepeat = ({ connection }: Device, seq: number | undefined): boolean =>
  seq !== undefined && seq <= connection!.seq && !connection!.unkept?.includes(seq);

/** The highest from now on. What was refused never comes here: its repeat is refused again, not settled in silence. */
export function acceptSeq(turn: Turn, device: Device, seq: number | undefined): void {
  const connection = device.connection!;
  if (seq === undefined) return;
  const unkept = connection.unkept?.filter((other) => other !== seq);
  const after = { ...connection, seq: Math.max(seq, connection.seq), ...(unkept && { unkept }) };
  turn.attach(after);
  if (after.boot !== null) device.trace.boot = bootOf(after, after.boot);
}

/** More than any device sends while a store is full is not told apart. */
const MOST_UNKEPT = 64;

/** [X1] Refused for now: who never hears so says it again as it was, and is no repeat then. */
export function noteUnkept(turn: Turn, id: string, seq: number): void {
  const connection = turn.memory.connections.get(id);
  if (connection?.sort !== "device") return;
  turn.attach({ ...connection, unkept: [...connection.unkept ?? [], seq].slice(-MOST_UNKEPT) });
}

/** For what is durable with this turn: its `seq` is too, or it would be stored again after a crash. */
export function acceptSeqNow(turn: Turn, device: Device, seq: number | undefined): void {
  acceptSeq(turn, device, seq);
  if (seq !== undefined && device.connection!.boot !== null) flushDevice(turn, device);
}

/** The scope of a boot begins, with the highest that it is known for; what waits in the old one is settled first. */
export function enterScope(turn: Turn, device: Device, boot: string): void {
  flushDevice(turn, device, true);
  const known = device.trace.boot?.id === boot ? device.trace.boot : { id: boot, seq: -1 };
  device.trace = { ...device.trace, boot: known };
  saveTrace(turn, device);
  turn.attach({ ...device.connection!, boot, seq: known.seq, unkept: known.unkept ?? [] });
}

/** Notes that everything up to `seq` waits for its `stored` [T6]. */
export function awaitStored(turn: Turn, device: Device, seq: number | undefined): void {
  if (seq === undefined) return;
  const connection = device.connection!;
  turn.attach({ ...connection, unsettled: Math.max(seq, connection.unsettled ?? -1) });
  flushBy(turn, device, turn.now + turn.memory.options.sequencedWindow);
}
