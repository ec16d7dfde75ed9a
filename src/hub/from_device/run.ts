/**
 * What one device told while its texts waited. Nearly all of it is plain samples: those are taken in one go, since what
 * costs most of one is to reach for the device, and to show and carry what the next one replaces.
 */
import type { Doc, Sample } from "../../history/sample.ts";
import { decode, type Envelope, isOver } from "../../protocol/frame.ts";
import { isPlainSample } from "../../protocol/from_device.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import { type DeviceConnection, takeFromBucket } from "../connections/connection.ts";
import type { Heard } from "../event.ts";
import type { Device } from "../devices/device.ts";
import { flushOwed, owe } from "../mqtt/owed.ts";
import { sampleOf } from "../history/samples.ts";
import { carrySamples, MOST_CARRIED } from "../history/flush.ts";
import { hear } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { onDeviceText } from "./mod.ts";

/** A sample as it nearly always comes, with the packet that it came in where that has to be acknowledged [M7]. */
export interface Plain {
  data: Doc;
  at?: number;
  ago?: number;
  packet?: number | null;
}

/** How a device's messages are read and decided, by the door that it came by. */
export interface Way {
  /** Null where it takes a closer look. */
  read(device: Device, heard: Heard): Plain | null;
  decide(turn: Turn, connection: DeviceConnection, heard: Heard): void;
}

const BY_TEXT: Way = {
  read: (device, { text }) => plainData(device, text),
  decide: (turn, connection, { text }) => onDeviceText(turn, connection, text),
};

export const onDeviceTexts = (turn: Turn, connection: DeviceConnection, first: Heard): void =>
  onDeviceMessages(turn, connection, first, BY_TEXT);

export function onDeviceMessages(turn: Turn, { id, device: of }: DeviceConnection, first: Heard, way: Way): void {
  const device = turn.memory.devices.get(of);
  let heard: Heard | null = first;
  while (heard) {
    const connection = turn.memory.connections.get(id);
    // One may have ended it.
    if (!device || connection?.sort !== "device") return;
    const rest: Heard | null = isPlain(turn, device, connection) ? takeSamples(turn, device, heard, way) : heard;
    if (rest === heard) {
      turn.now = heard.at;
      way.decide(turn, connection, heard);
      heard = heard.next;
    } else heard = rest;
  }
}

/** Does a sample of it mean no more than its values, and that it is there? */
const isPlain = (turn: Turn, device: Device, connection: DeviceConnection): boolean =>
  device.connection === connection && device.open.length === 0 && device.row.estop === null &&
  !turn.memory.watches.hasWatched(device.row.id);

/** Takes the plain samples that come first; answers what comes after them. */
function takeSamples(turn: Turn, device: Device, first: Heard, way: Way): Heard | null {
  const samples: Sample[] = [];
  const packets: number[] = [];
  let { bucket } = device.connection!;
  let letters = 0;
  let heard: Heard | null = first;
  let last = first;
  while (heard && letters < MOST_CARRIED) {
    const data = way.read(device, heard);
    const taken = takeFromBucket(bucket, heard.at);
    if (data === null || !taken.within || taken.bucket.overSince !== null) break;
    bucket = taken.bucket;
    letters += (heard.bytes ?? heard.text).length;
    samples.push(sampleOf(device, data, heard.at, data.data));
    if (data.packet) packets.push(data.packet);
    last = heard;
    heard = heard.next;
  }
  if (samples.length === 0) return first;
  turn.now = last.at;
  hear(turn, device);
  turn.draft(device.connection!).bucket = bucket;
  // [T7] By the first of them.
  turn.now = first.at;
  // Before they are carried: they may be flushed at once.
  if (packets.length > 0) owe(turn, device, packets);
  carrySamples(turn, device, samples, false);
  if (packets.length > 0) flushOwed(turn, device);
  turn.now = last.at;
  return heard;
}

/** Without a `seq`. */
function plainData(device: Device, text: string): Plain | null {
  if (isOver(text, MAX_FRAME)) return null;
  const frame = decode(text);
  return frame.ok ? plainOf(device, frame.value) : null;
}

export function plainOf(device: Device, frame: Envelope): Plain | null {
  if (!isPlainSample(frame) || frame.seq !== undefined) return null;
  return device.kind.check.isPlain(frame.data) ? frame : null;
}
