/** Real-time lanes: the newest frame or none, kept in memory only [L]. */
import { isOver } from "../protocol/frame.ts";
import type { ToDevice } from "../protocol/to_device.ts";
import type { Device } from "./memory.ts";
import { evidenceOf } from "./presence.ts";
import type { Turn } from "./turn.ts";

type Stream = Extract<ToDevice, { type: "stream" }>;

export interface Lane {
  /** Who drives, and when the last frame came: a new drive is in the audit. */
  by: string;
  heardAt: number;
  /** Frames that were sent and not answered, oldest first. */
  unanswered: { n: number; at: number }[];
  /** The newest frame that could not be sent yet. */
  held: { frame: Stream; at: number } | null;
}

/** A lane that was quiet for so long, in ms, is driven anew. */
const DRIVE_ENDS = 60_000;
/** In dead-man times: a device that forgot to answer the last frames of a drive is not shut out [L4]. */
const FORGIVEN_AFTER = 10;

/** The lane, and whether this begins a drive. */
export function drive(device: Device, name: string, by: string, now: number): { lane: Lane; begins: boolean } {
  const known = device.lanes.get(name);
  const lane = known ?? { by, heardAt: now, unanswered: [], held: null };
  const begins = !known || known.by !== by || now - known.heardAt > DRIVE_ENDS;
  device.lanes.set(name, Object.assign(lane, { by, heardAt: now }));
  return { lane, begins };
}

/** [L3] Sends it, or lets it wait in the place of the one that waits. */
export function pass(turn: Turn, device: Device, lane: Lane, frame: Stream): void {
  forgive(turn, device, lane, frame.name);
  const [oldest] = lane.unanswered;
  if (oldest && turn.now - oldest.at > deadmanOf(device, frame.name)) lane.held = { frame, at: turn.now };
  else send(turn, device, lane, frame);
}

/** [L4] Everything that was sent up to this frame is answered. */
export function answered(turn: Turn, device: Device, name: string, n: number): void {
  const lane = device.lanes.get(name);
  if (!lane) return;
  // Not by `n` alone: with a new driver it began anew.
  lane.unanswered.splice(0, lane.unanswered.findLastIndex((sent) => sent.n <= n) + 1);
  const { held } = lane;
  if (!held) return;
  lane.held = null;
  if (turn.now - held.at <= deadmanOf(device, name)) pass(turn, device, lane, held.frame);
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
