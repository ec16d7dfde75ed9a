/**
 * What one device told while its texts waited. Nearly all of it is plain samples: those are taken in one go, since what
 * costs most of one is to reach for the device, and to show and carry what the next one replaces.
 */
import type { Sample } from "../../history/sample.ts";
import { decode, isOver } from "../../protocol/frame.ts";
import { isPlainSample } from "../../protocol/from_device.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import { type DeviceConnection, takeFromBucket } from "../connection.ts";
import type { Heard } from "../hub.ts";
import type { Device } from "../memory.ts";
import { carrySamples, MOST_CARRIED, sampleOf } from "../samples.ts";
import { hear } from "../session.ts";
import type { Turn } from "../turn.ts";
import { onDeviceText } from "./mod.ts";

export function onDeviceTexts(turn: Turn, { id, device: of }: DeviceConnection, first: Heard): void {
  const device = turn.memory.devices.get(of);
  let heard: Heard | null = first;
  while (heard) {
    const connection = turn.memory.connections.get(id);
    // A text may have ended it.
    if (!device || connection?.sort !== "device") return;
    const rest: Heard | null = isPlain(turn, device, connection) ? takeSamples(turn, device, heard) : heard;
    if (rest === heard) {
      turn.now = heard.at;
      onDeviceText(turn, connection, heard.text);
      heard = heard.next;
    } else heard = rest;
  }
}

/** Does a sample of it mean no more than its values, and that it is there? */
const isPlain = (turn: Turn, device: Device, connection: DeviceConnection): boolean =>
  device.connection === connection && device.open.length === 0 && device.row.estop === null &&
  !turn.memory.watches.hasWatched(device.row.id);

/** Takes the plain samples that come first; answers what comes after them. */
function takeSamples(turn: Turn, device: Device, first: Heard): Heard | null {
  const samples: Sample[] = [];
  let { bucket } = device.connection!;
  let letters = 0;
  let heard: Heard | null = first;
  let last = first;
  while (heard && letters < MOST_CARRIED) {
    const data = plainData(device, heard.text);
    const taken = takeFromBucket(bucket, heard.at);
    if (data === null || !taken.within || taken.bucket.overSince !== null) break;
    bucket = taken.bucket;
    letters += heard.text.length;
    samples.push(sampleOf(device, data, heard.at, data.data));
    last = heard;
    heard = heard.next;
  }
  if (samples.length === 0) return first;
  turn.now = last.at;
  hear(turn, device);
  turn.draft(device.connection!).bucket = bucket;
  // [T7] By the first of them.
  turn.now = first.at;
  carrySamples(turn, device, samples, false);
  turn.now = last.at;
  return heard;
}

/** A sample as it nearly always comes, without a `seq`; null where it takes a closer look. */
function plainData(device: Device, text: string) {
  if (isOver(text, MAX_FRAME)) return null;
  const frame = decode(text);
  if (!frame.ok || !isPlainSample(frame.value) || frame.value.seq !== undefined) return null;
  return device.kind.check.isPlain(frame.value.data) ? frame.value : null;
}
