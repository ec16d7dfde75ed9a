/** Packets of a device that came by the door for MQTT: each is evidence, and does what its frame does [M4-M9]. */
import { MAX_FRAME } from "../../protocol/words.ts";
import { type Framed, framed } from "../../mqtt/framing.ts";
import { type ClientPacket, isGoodbye, type Publish, readPacket, refusalOf } from "../../mqtt/read.ts";
import { type PlainPublish, plainPublish } from "../../mqtt/plain.ts";
import { isTopic, topicOf } from "../../mqtt/topics.ts";
import { PINGRESP } from "../../mqtt/write.ts";
import { dispatch } from "../commands/dispatch.ts";
import { takeRate } from "../from_device/mod.ts";
import type { Device } from "../devices/device.ts";
import { MOST_CARRIED, spill } from "../history/flush.ts";
import { cut, hear, leave } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { onPublish } from "./publish.ts";
import { NO_REST, restOf } from "./speech.ts";
import { onSubscribe, onUnsubscribe } from "./subscribe.ts";
import { speak, type Speaker } from "./tell.ts";

/** What a message that ends no packet counts as [M11]. */
const OF_A_FRAME = 0.1;

export function onMqttBytes(turn: Turn, { id, device: of, mqtt }: Speaker, bytes: Uint8Array): void {
  const device = turn.memory.devices.get(of);
  if (!device) return;
  if (bytes.length > MAX_FRAME) return cut(turn, device, "too_big");
  const pieces = framed(mqtt.rest.bytes, bytes);
  if (mqtt.rest.length > 0) speak(turn, id, { rest: NO_REST });
  hear(turn, device);
  if (pieces.packets.length === 0) takeRate(turn, device, OF_A_FRAME);
  onPackets(turn, id, pieces);
}

/** As long as the connection is there: each may end it. */
export function onPackets(turn: Turn, id: string, { packets, rest, fault }: Framed): void {
  for (const packet of packets) {
    const device = speakerOf(turn, id);
    if (!device) return;
    onPacket(turn, device, packet);
  }
  const device = speakerOf(turn, id);
  if (!device) return;
  if (fault === "too_large") return cut(turn, device, "too_big");
  if (fault) return cut(turn, device, "protocol_error", "malformed");
  if (rest.length > 0) keepRest(turn, device, rest);
}

/** The device that this connection still speaks for. */
function speakerOf(turn: Turn, id: string): Device | null {
  const connection = turn.memory.connections.get(id);
  return connection?.sort === "device" ? turn.memory.devices.get(connection.device) ?? null : null;
}

/** [M11] With what it carries a sleeping socket keeps no more than without. */
function keepRest(turn: Turn, device: Device, rest: Uint8Array): void {
  const { id, carried } = device.connection!;
  speak(turn, id, { rest: restOf(rest) });
  if (carried.length + rest.length > MOST_CARRIED) spill(turn, device, false);
}

function onPacket(turn: Turn, device: Device, bytes: Uint8Array): void {
  const { id, mqtt } = device.connection as Speaker;
  const topic = topicOf(device.row.id, "telemetry");
  const plain = plainPublish(bytes, topic, mqtt.version);
  if (plain) return onPublish(turn, device, publishOf(topic, plain));
  const packet = readPacket(bytes, mqtt.version);
  if (!packet) return cut(turn, device, "protocol_error", "malformed");
  const refused = refusalOf(packet) ?? topicFault(packet) ?? retainFault(packet, mqtt.version);
  if (refused) return cut(turn, device, "protocol_error", refused);
  switch (packet.cmd) {
    case "publish":
      return onPublish(turn, device, packet);
    case "puback":
      return onPuback(turn, device, packet.id);
    case "disconnect":
      return onDisconnect(turn, device, packet.reason);
  }
  const isWithin = takeRate(turn, device);
  if (!speakerOf(turn, id)) return;
  if (packet.cmd === "subscribe") return onSubscribe(turn, device, packet, isWithin);
  if (packet.cmd === "unsubscribe") return onUnsubscribe(turn, device, packet);
  if (packet.cmd === "pingreq" && isWithin) turn.sendBytes(id, PINGRESP);
}

const publishOf = (topic: string, { payload, id }: PlainPublish): Publish => ({
  cmd: "publish",
  topic,
  payload,
  qos: id === null ? 0 : 1,
  id,
  retain: false,
  hasAlias: false,
});

const topicFault = (packet: ClientPacket) => packet.cmd === "publish" && !isTopic(packet.topic) ? "bad_topic" : null;

/** 3.1.1 has no way to say that nothing is retained here: its flag means nothing. */
const retainFault = (packet: ClientPacket, version: number) =>
  packet.cmd === "publish" && packet.retain && version === 5 ? "no_retain" : null;

/** [M8] It has that publish: there is room for the next command. */
function onPuback(turn: Turn, device: Device, packet: number): void {
  const { id, mqtt } = device.connection as Speaker;
  if (!mqtt.inFlight.includes(packet)) return;
  speak(turn, id, { inFlight: mqtt.inFlight.filter((other) => other !== packet) });
  dispatch(turn, device);
}

/** [M10] */
function onDisconnect(turn: Turn, device: Device, reason: number): void {
  const connection = device.connection as Speaker;
  leave(turn, device, isGoodbye(reason) ? "closed" : connection.mqtt.will ?? "closed");
  turn.hangUp(connection);
}
