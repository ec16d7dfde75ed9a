/** Real-time lanes: the newest frame or none, kept in memory only [L]. */
import { isOver } from "../../protocol/frame.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import { forbids, interlockFault, type Refusal } from "./forbids.ts";
import type { Device } from "../devices/device.ts";
import { evidenceOf } from "../devices/presence.ts";
import type { Turn } from "../turn.ts";
import type { By } from "../access/by.ts";

type Stream = Extract<ToDevice, { type: "stream" }>;

export interface Lane {
  /** Operators who drive, and when each was last heard: a new drive is in the audit. */
  drivers: Map<string, number>;
  /** Frames that were sent and not answered, oldest first. */
  unanswered: { n: number; at: number }[];
  /** The newest frame that could not be sent yet. */
  held: { frame: Stream; at: number; by: By } | null;
}

/** Who was quiet for so long, in ms, drives anew. */
const DRIVE_ENDS = 60_000;
/** In dead-man times: a device that forgot to answer the last frames of a drive is not shut out [L4]. */
const FORGIVEN_AFTER = 10;

/** The lane, and whether this begins a drive. */
export function drive(device: Device, name: string, by: string, now: number): { lane: Lane; begins: boolean } {
  const lane: Lane = device.lanes.get(name) ?? { drivers: new Map(), unanswered: [], held: null };
  const begins = now - (lane.drivers.get(by) ?? -Infinity) > DRIVE_ENDS;
  lane.drivers.set(by, now);
  device.lanes.set(name, lane);
  return { lane, begins };
}

/** [L3] Sends it, or lets it wait in the place of the one that waits. */
export function pass(turn: Turn, device: Device, lane: Lane, frame: Stream, { id, name }: By): void {
  forgive(turn, device, lane, frame.name);
  if (isStalled(turn, device, lane, frame.name)) lane.held = { frame, at: turn.now, by: { id, name } };
  else send(turn, device, lane, frame);
}

/** [L2] What forbids a frame now, also one that waited. */
export function laneFault(turn: Turn, device: Device, name: string, by: By, fence?: number): Refusal | null {
  return forbids(turn, device, { name, effect: "stream", by, fence }) ?? interlockFault(turn, device, name);
}

/** [L4] Everything that was sent up to this frame is answered. */
export function answered(turn: Turn, device: Device, name: string, n: number): void {
  const lane = device.lanes.get(name);
  if (!lane) return;
  // Not by `n` alone: with a new driver it began anew.
  lane.unanswered.splice(0, lane.unanswered.findLastIndex((sent) => sent.n <= n) + 1);
  const { held } = lane;
  if (!held || isStalled(turn, device, lane, name)) return;
  lane.held = null;
  const isFresh = turn.now - held.at <= deadmanOf(device, name);
  if (isFresh && !laneFault(turn, device, name, held.by, held.frame.fence)) send(turn, device, lane, held.frame);
}

function isStalled(turn: Turn, device: Device, { unanswered: [oldest] }: Lane, name: string): boolean {
  return oldest !== undefined && turn.now - oldest.at > deadmanOf(device, name);
}

function send(turn: Turn, device: Device, lane: Lane, frame: Stream): void {
  lane.held = null;
  lane.unanswered.push({ n: frame.n, at: turn.now });
  turn.toDevice(device, frame);
}

function forgive(turn: Turn, device: Device, lane: Lane, name: string): void {
  const [oldest] = lane.unanswered;
  const connection = device.connection!;
  const heard = evidenceOf(connection, turn.env.pingedAt(connection.id));
  const deadman = deadmanOf(device, name);
  if (oldest && turn.now - oldest.at > FORGIVEN_AFTER * deadman && heard > oldest.at + deadman) lane.unanswered = [];
}

/** [F7] */
export const fits = (device: Device, frame: Stream): boolean =>
  !isOver(JSON.stringify(frame), device.connection!.maxFrame);

const deadmanOf = ({ kind }: Device, name: string): number => kind.commands[name].deadman! * 1000;
