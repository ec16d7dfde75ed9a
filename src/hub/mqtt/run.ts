/** What a device over MQTT told while its messages waited: nearly all of it is plain samples, as over its own socket. */
import { decodeBody } from "../../protocol/frame.ts";
import { plainPublish } from "../../mqtt/plain.ts";
import { textOf } from "../../mqtt/read.ts";
import { topicOf } from "../../mqtt/topics.ts";
import { onDeviceMessages, type Plain, plainOf, type Way } from "../from_device/run.ts";
import type { Heard } from "../event.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { onMqttBytes } from "./packets.ts";
import type { Speaker } from "./tell.ts";

const BY_MQTT: Way = {
  read: plainData,
  decide: (turn, connection, { bytes }) => onMqttBytes(turn, connection as Speaker, bytes!),
};

export const onMqttMessages = (turn: Turn, connection: Speaker, first: Heard): void =>
  onDeviceMessages(turn, connection, first, BY_MQTT);

function plainData(device: Device, { bytes }: Heard): Plain | null {
  const { mqtt } = device.connection as Speaker;
  // What begins with it is the end of another packet.
  if (mqtt.rest.length > 0) return null;
  const packet = plainPublish(bytes!, topicOf(device.row.id, "telemetry"), mqtt.version);
  const text = packet && textOf(packet.payload);
  const body = text === null ? null : decodeBody(text);
  if (!packet || !body?.ok) return null;
  // The topic has its type.
  const plain = plainOf(device, Object.assign(body.value, { type: "telemetry" }));
  return plain && { data: plain.data, at: plain.at, ago: plain.ago, packet: packet.id };
}
