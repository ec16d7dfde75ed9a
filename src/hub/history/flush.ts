/** Samples on their way to the journal: carried for a window by their connection, then in one row with others [T6, T7]. */
import { append, type Carried, NOTHING } from "../../history/carried.ts";
import type { Sample } from "../../history/sample.ts";
import { saveUses } from "../access/tokens.ts";
import type { Device } from "../devices/device.ts";
import { acknowledgeOwed } from "../mqtt/tell.ts";
import type { Turn } from "../turn.ts";
import { writeJournal } from "./journal.ts";
import { keepValues } from "./samples.ts";
import { saveTrace, saveTraces, saveTraceSoon } from "./traces.ts";

/** Bytes of samples that a connection may carry until the next flush: what fits a sleeping socket's attachment. */
export const MOST_CARRIED = 8_192;

/** Samples of a device's socket: seen at once, written with the others of this window [T7, T8]. */
export function carrySamples(turn: Turn, device: Device, samples: readonly Sample[], isSequenced: boolean): void {
  const connection = turn.draft(device.connection!);
  keepValues(device.trace, samples);
  turn.tally.samples += samples.length;
  connection.carried = append(connection.carried, samples);
  flushBy(turn, device, turn.now + turn.memory.options.window);
  if (device.connection!.carried.length > MOST_CARRIED) spill(turn, device, isSequenced);
}

/** A device that tells much forces no row. What is to be `stored` is written all the same: a sleep must not lose it. */
export function spill(turn: Turn, device: Device, isSequenced: boolean): void {
  const { memory } = turn;
  const { carried, unsettled, mqtt } = device.connection!;
  const isFull = memory.spilledBytes + carried.length > memory.options.spill;
  const isAwaited = isSequenced || unsettled !== null || (mqtt !== undefined && mqtt.owed.length > 0);
  if (isAwaited || isFull) return flush(turn);
  device.spilled = [...device.spilled, carried];
  memory.spilledBytes += carried.length;
  turn.attach({ ...device.connection!, carried: NOTHING });
}

/** All that it told since the last flush, which is nobody's any more. */
function takeTold(turn: Turn, device: Device): Carried[] {
  const told = [...device.spilled, ...device.connection ? [device.connection.carried] : []];
  turn.memory.spilledBytes -= device.spilled.reduce((sum, { length }) => sum + length, 0);
  device.spilled = [];
  return told;
}

export function flushBy(turn: Turn, device: Device, at: number): void {
  const { flushAt } = device.connection!;
  if (flushAt === null || at < flushAt) turn.draft(device.connection!).flushAt = at;
  turn.memory.flushBy(device.row.id, at);
}

/** [T7] One row for everything that this window gathered, and what waited for it is settled [T6]. */
export function flush(turn: Turn): void {
  const { memory } = turn;
  const waiting = [...memory.unflushed].flatMap((id) => memory.devices.get(id) ?? []);
  memory.unflushed = new Set();
  memory.flushAt = null;
  memory.beat = nextBeat(turn, waiting);
  turn.tally.isFlush = waiting.length > 0;
  flushAll(turn, waiting);
  saveTraces(turn);
  saveUses(turn);
}

/** A fleet that told something goes on with it: the wake-up for that is asked for now, and once. */
function nextBeat({ now, memory: { options } }: Turn, waiting: readonly Device[]): number | null {
  if (waiting.length === 0) return null;
  const isSequenced = waiting.some(({ connection }) => connection && connection.unsettled !== null);
  return now + (isSequenced ? options.sequencedWindow : options.window);
}

/**
 * Writes what this device's connection carries, with its trace. A trace is never written without: a `seq` on disk
 * before its samples would make them repeats after a crash.
 */
export function flushDevice(turn: Turn, device: Device, isLast = false): void {
  turn.memory.unflushed.delete(device.row.id);
  flushAll(turn, [device], isLast);
  saveTrace(turn, device);
}

/** Its connection ended. Where that told nothing since the last flush, there is nothing that a trace could be ahead of. */
export function flushLast(turn: Turn, device: Device): void {
  const told = device.spilled.length > 0 || device.connection!.carried.length > 0 ||
    device.connection!.unsettled !== null;
  if (told) flushDevice(turn, device);
  else saveTraceSoon(turn, device);
}

function flushAll(turn: Turn, devices: readonly Device[], isLast = false): void {
  writeJournal(
    turn,
    devices.flatMap((device) => takeTold(turn, device).map((carried) => ({ device, carried }))),
  );
  for (const device of devices) {
    const { connection } = device;
    if (!connection) continue;
    // Bytes of its own from now on: the ones before are what is carried again should this turn fail.
    turn.attach({ ...connection, carried: NOTHING, flushAt: null });
    tellStored(turn, device, isLast);
    acknowledgeOwed(turn, device);
  }
}

/** What it carries goes with the device itself. */
export function discardSamples(turn: Turn, device: Device): void {
  takeTold(turn, device);
  if (device.connection) turn.attach({ ...device.connection, carried: NOTHING });
}

const STORED_EVERY = 1_000;

/** `stored {seq}`, at most once a second; what is too early waits for the next flush, but for a scope's last one. */
function tellStored(turn: Turn, device: Device, isLast: boolean): void {
  const connection = device.connection!;
  if (connection.unsettled === null) return;
  const early = connection.storedAt + STORED_EVERY - turn.now;
  if (early > 0 && !isLast) return flushBy(turn, device, turn.now + early);
  turn.attach({ ...connection, unsettled: null, storedAt: turn.now });
  turn.vow();
  turn.toDevice(device, { type: "stored", seq: connection.unsettled });
}
