/** A device's samples, from the frame to the flush that writes them [T]. */
import type { Fault } from "../../protocol/fault.ts";
import { readSample } from "../../protocol/from_device.ts";
import { append, type Carried, NOTHING } from "../../history/carried.ts";
import { writeJournal } from "./journal.ts";
import { bootOf, type Device } from "../devices/device.ts";
import { acknowledgeOwed } from "../mqtt/owed.ts";
import type { Doc, Sample } from "../../history/sample.ts";
import type { TraceRow } from "../devices/rows.ts";
import { saveUses } from "../access/tokens.ts";
import type { Turn } from "../turn.ts";

interface Times {
  at?: number;
  ago?: number;
}

/** How far ahead a device's clock may be, in ms. */
export const AHEAD = 60_000;

/** When something happened, or when it arrived where the device's time is not believable [T3]. */
export function timeOf({ kind }: Device, { at, ago }: Times, now: number): { at: number; clock?: "wrong" } {
  const claimed = ago === undefined ? at ?? now : Math.round(now - ago * 1000);
  const believable = claimed <= now + AHEAD && claimed >= now - kind.retention.raw * 1000;
  return believable ? { at: claimed } : { at: now, clock: "wrong" };
}

export function sampleOf(device: Device, times: Times, now: number, data: Doc): Sample {
  const { at, clock } = timeOf(device, times, now);
  if (!clock) return { at, data };
  return times.at === undefined ? { at, data, clock } : { at, data, clock, off: times.at - now };
}

/** The good samples of a frame or a body, and the faults of those left out [T2]. */
export function readSamples(
  device: Device,
  frame: { data?: Doc; samples?: unknown[] } & Times,
  now: number,
  isBody = false,
): { good: Sample[]; faults: Fault[] } {
  const good: Sample[] = [];
  const faults: Fault[] = [];
  const take = (data: Doc, times: Times, under: readonly PropertyKey[]) => {
    const checked = device.kind.check.telemetry(data, under);
    if (checked.ok) good.push(sampleOf(device, times, now, checked.value));
    else faults.push(checked.fault);
  };
  if (frame.data) take(frame.data, frame, ["data"]);
  frame.samples?.forEach((entry, index) => {
    const sample = readSample(entry, index, isBody);
    if (sample.ok) take(sample.value.data, sample.value, ["samples", index, "data"]);
    else faults.push(sample.fault);
  });
  return { good, faults };
}

/** The newest value of each field wins [T4]. */
export function keepValues(trace: TraceRow, samples: readonly Sample[]): void {
  const before = trace.values;
  const values = { ...before };
  // From the last one back: nearly always it has the newest value of everything.
  for (let index = samples.length - 1; index >= 0; index--) {
    const { at, data, clock, off } = samples[index];
    for (const field of Object.keys(data)) {
      const known = values[field];
      // Of two of one time the later word counts: what came before these samples yields, what came after this one stays.
      if (known && (known === before[field] ? known.at > at : known.at >= at)) continue;
      const value = data[field];
      values[field] = !clock ? { value, at } : off === undefined ? { value, at, clock } : { value, at, clock, off };
    }
  }
  // An older word than the last `hello`'s is not told again with every sample.
  if (values.firmware !== trace.values.firmware) trace.firmware = String(values.firmware.value);
  trace.values = values;
}

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
    settle(turn, device, isLast);
    acknowledgeOwed(turn, device);
  }
}

export function saveTrace(turn: Turn, device: Device): void {
  turn.memory.untraced.delete(device.row.id);
  device.trace = { ...device.trace, saved: turn.mark() };
  turn.put("trace", device.trace);
}

/**
 * What of its trace nobody was promised [P8]. A job asks after a restart whom it was cut off from; and while the store
 * takes no writes nobody comes in [X1].
 */
export function saveTraceSoon(turn: Turn, device: Device): void {
  const { memory, env } = turn;
  const mayWait = memory.options.gathersTraces && memory.jobs.size === 0 && env.counts.refusingSince === null;
  if (!mayWait) return saveTrace(turn, device);
  memory.traceBy(device.row.id, turn.now + memory.options.window);
}

/** Everything of that. */
export function saveTraces(turn: Turn): void {
  const { memory } = turn;
  for (const id of memory.untraced) {
    const device = memory.devices.get(id);
    if (device) saveTrace(turn, device);
  }
  memory.untraced = new Set();
}

/** What it carries goes with the device itself. */
export function discardSamples(turn: Turn, device: Device): void {
  takeTold(turn, device);
  if (device.connection) turn.attach({ ...device.connection, carried: NOTHING });
}

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

const STORED_EVERY = 1_000;

/** `stored {seq}`, at most once a second; what is too early waits for the next flush, but for a scope's last one. */
function settle(turn: Turn, device: Device, isLast: boolean): void {
  const connection = device.connection!;
  if (connection.unsettled === null) return;
  const early = connection.storedAt + STORED_EVERY - turn.now;
  if (early > 0 && !isLast) return flushBy(turn, device, turn.now + early);
  turn.attach({ ...connection, unsettled: null, storedAt: turn.now });
  turn.vow();
  turn.toDevice(device, { type: "stored", seq: connection.unsettled });
}
