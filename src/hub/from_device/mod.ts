/** A text from a device: evidence first, then the frame, then its handler. */
import { type Fault, refuse } from "../../protocol/fault.ts";
import { decode, type Envelope, isOver, isPing } from "../../protocol/frame.ts";
import { type DeviceFrame, readDeviceFrame } from "../../protocol/from_device.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import { countFault, type DeviceConnection, takeFromBucket } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import { type About, aboutFrame, refuseFrame } from "../connections/refuse.ts";
import { cut, hear } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { showFrame } from "../watching/show.ts";
import { onBlob, onBytes, swallow } from "./blob.ts";
import { onEvent } from "./event.ts";
import { onHello } from "./hello.ts";
import { onProgress } from "./progress.ts";
import { onReceived } from "./received.ts";
import { onResult } from "./result.ts";
import { onState } from "./state.ts";
import { onStreamed } from "./streamed.ts";
import { onTelemetry } from "./telemetry.ts";

/** How long a device may stay over its rate, in ms [F9]. */
const OVER_FOR = 10_000;

export function onDeviceText(turn: Turn, connection: DeviceConnection, text: string): void {
  const device = turn.memory.devices.get(connection.device);
  if (!device) return;
  hear(turn, device);
  if (isPing(text)) return onPing(turn, connection);
  if (isOver(text, MAX_FRAME)) return cut(turn, device, "too_big");
  showFrame(turn, device, "in", text);
  const envelope = decode(text);
  if (!envelope.ok) return onBad(turn, device, envelope.fault, {});
  onEnvelope(turn, device, envelope.value);
}

/** However it came. */
export function onEnvelope(turn: Turn, device: Device, envelope: Envelope): void {
  const { type, size } = envelope;
  const announced = type === "blob" ? size : undefined;
  if (!isWithinRate(turn, device, envelope)) return swallow(turn, device, announced);
  const frame = readDeviceFrame(envelope);
  if (frame.ok) return handle(turn, device, frame.value);
  onBad(turn, device, frame.fault, aboutFrame(envelope));
  swallow(turn, device, announced);
}

/** What a binary frame counts as [F9]: small controllers send a picture in many. */
const OF_A_FRAME = 0.1;

/** [B1] A binary frame: some bytes of the blob that a header announced. */
export function onDeviceBytes(turn: Turn, { device: id, blob }: DeviceConnection, bytes: Uint8Array): void {
  const device = turn.memory.devices.get(id);
  if (!device) return;
  hear(turn, device);
  if (bytes.length > MAX_FRAME) return cut(turn, device, "too_big");
  showFrame(turn, device, "in", `(${bytes.length} bytes)`);
  if (!blob) return cut(turn, device, "binary_not_expected");
  const isWithin = takeRate(turn, device, OF_A_FRAME);
  if (device.connection) onBytes(turn, device, bytes, isWithin);
}

/** [P3] The first one is a promise. The runtime answers most pings without asking the hub. */
function onPing(turn: Turn, { id }: DeviceConnection): void {
  const connection = turn.memory.connections.get(id) as DeviceConnection;
  turn.attach({ ...connection, promisedAt: connection.promisedAt ?? turn.now });
  turn.pong(connection);
}

/** [F3] Only what breaks the form of frames counts towards the end of the connection. */
export function onBad(turn: Turn, device: Device, fault: Fault, about: About): void {
  refuseFrame(turn, device.connection!, fault, about);
  if (fault.code !== "bad_json" && fault.code !== "bad_frame") return;
  const { connection, tooMany } = countFault(device.connection!, turn.now);
  turn.attach(connection);
  if (tooMany) cut(turn, device, "too_many_bad_frames");
}

const TOO_MANY = refuse("rate_limited", "Too many frames; wait a little").fault;

/** [F9] What a command's outcome hangs on is never refused for its rate. */
const UNLIMITED = ["result", "received", "progress"];

function isWithinRate(turn: Turn, device: Device, envelope: Envelope): boolean {
  if (UNLIMITED.includes(envelope.type) || takeRate(turn, device)) return true;
  if (device.connection) refuseFrame(turn, device.connection, TOO_MANY, aboutFrame(envelope));
  return false;
}

/** Counts one more frame, or a part of one; false when it is over the rate. */
export function takeRate(turn: Turn, device: Device, frames = 1): boolean {
  const connection = turn.draft(device.connection!);
  const { bucket, within } = takeFromBucket(connection.bucket, turn.now, frames);
  connection.bucket = bucket;
  const { overSince } = bucket;
  const isOverdone = overSince !== null && turn.now - overSince >= OVER_FOR;
  if (isOverdone) cut(turn, device, "rate_limited");
  return within && !isOverdone;
}

function handle(turn: Turn, device: Device, frame: DeviceFrame): void {
  switch (frame.type) {
    case "hello":
      return onHello(turn, device, frame);
    case "telemetry":
      return onTelemetry(turn, device, frame);
    case "state":
      return onState(turn, device, frame);
    case "event":
      return onEvent(turn, device, frame);
    case "received":
      return onReceived(turn, device, frame);
    case "progress":
      return onProgress(turn, device, frame);
    case "result":
      return onResult(turn, device, frame);
    case "blob":
      return onBlob(turn, device, frame);
    case "streamed":
      return onStreamed(turn, device, frame);
    default:
      return frame satisfies never;
  }
}
