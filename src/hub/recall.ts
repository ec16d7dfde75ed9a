/** What a new memory takes up of the store and of connections that outlived the one before. */
import { samplesIn } from "../history/carried.ts";
import { deadlineOf, specOf } from "./commands/open.ts";
import type { Connection, DeviceConnection } from "./connections/connection.ts";
import { bootOf, type Device, FREE, freshTrace } from "./devices/device.ts";
import { sinceOf } from "./history/erasures.ts";
import { replayJournal } from "./history/journal.ts";
import { keepValues } from "./history/samples.ts";
import type { Memory } from "./memory.ts";
import type { Reader } from "./ports.ts";

export function recallDevices(memory: Memory, reader: Reader): void {
  memory.erasures = reader.list("erasure");
  for (const { id } of memory.erasures) memory.noteId(id);
  const traces = new Map(reader.list("trace").map((trace) => [trace.id, trace]));
  const checkpoints = reader.list("checkpoint");
  memory.checkpoints = checkpoints.length;
  for (const trace of checkpoints.flatMap(({ traces }) => traces)) {
    const known = traces.get(trace.id)?.saved ?? sinceOf(memory.erasures, trace.id);
    if (trace.saved > known) traces.set(trace.id, trace);
  }
  for (const row of reader.list("device")) {
    const trace = traces.get(row.id) ?? freshTrace(row.id);
    memory.addDevice({ ...FREE, ...row }, trace);
    if (trace.saved !== "") memory.noteId(trace.saved);
  }
  for (const { generation } of reader.list("settling")) memory.noteId(generation);
  replayJournal(memory, reader);
}

export function recallCommands(memory: Memory, reader: Reader): void {
  for (const pending of reader.list("pending")) {
    const record = reader.get("command", pending.id);
    const device = memory.devices.get(pending.device);
    if (!record || !device) continue;
    const open = { record, pending, spec: specOf(device.kind, record) };
    device.open.push(open);
    memory.commands.set(record.id, open);
    memory.deadlines.add(deadlineOf(record), record.id);
  }
}

/** A connection that outlived this memory. One that was taken over meanwhile is not the device's any more [P6]. */
export function takeBack(memory: Memory, connection: Connection): void {
  if (connection.sort !== "device") {
    memory.know(connection);
    return;
  }
  const device = memory.devices.get(connection.device);
  if (!device || device.row.epoch !== connection.epoch) return;
  memory.know(connection);
  device.connection = connection;
  memory.posting.delete(connection.device);
  beganAgain(memory, device, connection);
  device.trace.seen = Math.max(device.trace.seen ?? 0, connection.evidence);
  if (connection.boot !== null) device.trace.boot = bootOf(connection, connection.boot);
  keepValues(device.trace, samplesIn(connection.carried));
  if (device.open.length > 0 || device.row.estop) memory.isAtStake = true;
  if (connection.resendAt !== null) memory.deadlines.add(connection.resendAt, connection.device);
  if (connection.flushAt !== null) memory.flushBy(connection.device, connection.flushAt);
  if (connection.blob?.key) memory.deadlines.add(connection.blob.until, connection.device);
}

/** The memory that knew that it began may have been lost before that was written. */
function beganAgain(memory: Memory, device: Device, { openedAt }: DeviceConnection): void {
  const { seen, gone, posting } = device.trace;
  if (!memory.options.gathersTraces || (seen !== null && gone === null && posting === null)) return;
  device.trace = { ...device.trace, gone: null, posting: null };
  memory.traceBy(device.row.id, openedAt + memory.options.window);
}
