/** PUBLISH: the frame whose topic it has, by the same handlers [M4, M7]. */
import { type Fault, type FaultCode, FAULTS, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { decodeBody, type Envelope } from "../../protocol/frame.ts";
import { type Publish, textOf } from "../../mqtt/read.ts";
import type { Reason } from "../../mqtt/reasons.ts";
import { typeIn } from "../../mqtt/topics.ts";
import { puback } from "../../mqtt/write.ts";
import { onBad, onEnvelope, takeRate } from "../from_device/mod.ts";
import type { Device } from "../devices/device.ts";
import { refuseFrame } from "../connections/refuse.ts";
import { cut } from "../devices/session.ts";
import { showFrame } from "../watching/show.ts";
import type { Turn } from "../turn.ts";
import { flushOwed, owe } from "./owed.ts";
import { speak, type Speaker } from "./tell.ts";

export function onPublish(turn: Turn, device: Device, packet: Publish): void {
  const type = typeIn(device.row.id, packet.topic);
  if (type === null) return onElsewhere(turn, device, packet);
  const { id } = device.connection as Speaker;
  const { samples } = turn.tally;
  const isOwed = type === "telemetry" && packet.id !== null;
  // Before it is heard: what it tells may be flushed at once.
  if (isOwed) owe(turn, device, [packet.id!]);
  turn.refused = null;
  const envelope = envelopeOf(type, packet.payload);
  showFrame(turn, device, "in", envelope.ok ? envelope.value : new TextDecoder().decode(packet.payload));
  if (envelope.ok) onEnvelope(turn, device, envelope.value);
  else onBad(turn, device, envelope.fault, { of: type });
  if (packet.id === null || turn.memory.connections.get(id)?.sort !== "device") return;
  const { refused } = turn;
  // [T2] Where some of its samples are good, it was taken.
  if (refused !== null && turn.tally.samples === samples) answerRefused(turn, device, packet.id, refused, isOwed);
  else if (!isOwed) acknowledge(turn, device, packet.id);
  else flushOwed(turn, device);
}

/** [F1] The topic is the frame's type, whatever the payload says. */
export function envelopeOf(type: string, payload: Uint8Array): Outcome<Envelope> {
  const text = textOf(payload);
  if (text === null) return refuse("bad_json", "this is not UTF-8");
  const body = decodeBody(text);
  return body.ok ? ok({ ...body.value, type }) : body;
}

function acknowledge(turn: Turn, { connection }: Device, packet: number): void {
  const { id, mqtt } = connection as Speaker;
  turn.sendBytes(id, puback(mqtt.version, packet));
}

const REASONS: Partial<Record<FaultCode, Reason>> = {
  bad_json: "bad_payload",
  bad_frame: "bad_payload",
  invalid_telemetry: "bad_payload",
  invalid_state: "bad_payload",
  rate_limited: "quota_exceeded",
  storage_unavailable: "implementation",
  forbidden: "not_authorized",
};

/** [M7] Version 5 hears why. To 3.1.1 an acknowledgement says only that it need not come again. */
export function answerRefused(turn: Turn, device: Device, packet: number, fault: Fault, isOwed = false): void {
  const { id, mqtt } = device.connection as Speaker;
  if (isOwed) speak(turn, id, { owed: mqtt.owed.filter((other) => other !== packet) });
  if (mqtt.version === 4) return FAULTS[fault.code].retryable ? undefined : acknowledge(turn, device, packet);
  const reason = REASONS[fault.code] ?? "implementation";
  const bytes = puback(5, packet, reason, mqtt.isTerse ? "" : `${fault.code}: ${fault.message}`);
  turn.sendBytes(id, bytes.length > (mqtt.maxPacket ?? Infinity) ? puback(5, packet, reason) : bytes);
}

/** [M4] No topic of this device's. */
function onElsewhere(turn: Turn, device: Device, packet: Publish): void {
  if ((device.connection as Speaker).mqtt.version === 4) return cut(turn, device, "protocol_error");
  if (!takeRate(turn, device) || !device.connection) return;
  const { fault } = refuse(
    "forbidden",
    `This device publishes under devices/${device.row.id}/ only, as PROTOCOL.md says`,
  );
  refuseFrame(turn, device.connection, fault, { of: "publish" });
  if (packet.id !== null) answerRefused(turn, device, packet.id, fault);
}
