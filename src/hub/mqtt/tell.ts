/** What a device hears over MQTT [M5, M7, M12]: frames as publishes, acknowledgements, and why the hub hangs up. */
import type { CloseName } from "../../protocol/close.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import type { Reason } from "../../mqtt/reasons.ts";
import { joined, MAX_PACKET } from "../../mqtt/framing.ts";
import { topicOf, type TopicOut, TOPICS_OUT } from "../../mqtt/topics.ts";
import { disconnect, puback, publish } from "../../mqtt/write.ts";
import type { Connection, DeviceConnection } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { grantOf, hasRoom, type Speech } from "./speech.ts";

/** A device's connection over MQTT. */
export type Speaker = DeviceConnection & { mqtt: Speech };

/** The frame as a publish, where its topic is subscribed and the packet is not too large; false where nothing goes. */
export function publishTo(turn: Turn, { device, mqtt, id }: Speaker, { type, ...frame }: ToDevice): boolean {
  if (!isOut(type)) return false;
  const granted = grantOf(mqtt, type);
  if (granted === null) return false;
  const packetId = granted === 1 && hasRoom(mqtt) ? nextId(mqtt) : null;
  const bytes = publish(mqtt.version, {
    topic: topicOf(device, type),
    payload: JSON.stringify(frame),
    id: packetId,
  });
  if (bytes.length > (mqtt.maxPacket ?? Infinity)) return false;
  if (packetId !== null) speak(turn, id, { lastId: packetId, inFlight: [...mqtt.inFlight, packetId] });
  turn.sendBytes(id, bytes);
  return true;
}

const isOut = (type: ToDevice["type"]): type is TopicOut => (TOPICS_OUT as readonly string[]).includes(type);

const LAST_ID = 65_535;

/** Of those that nobody waits for an answer to. */
function nextId({ lastId, inFlight }: Speech): number {
  let id = lastId;
  do id = id === LAST_ID ? 1 : id + 1; while (inFlight.includes(id));
  return id;
}

/** Publishes of samples that waited for a flush: what they told is durable with this turn [M7]. */
export function acknowledgeOwed(turn: Turn, { connection }: Device): void {
  const mqtt = connection?.mqtt;
  if (!connection || !mqtt || mqtt.owed.length === 0) return;
  turn.vow();
  turn.sendBytes(connection.id, joined(mqtt.owed.map((id) => puback(mqtt.version, id))));
  speak(turn, connection.id, { owed: [] });
}

/** The connection goes on with these. */
export function speak(turn: Turn, id: string, changes: Partial<Speech>): void {
  const connection = turn.memory.connections.get(id);
  if (connection?.sort !== "device" || !connection.mqtt) return;
  const draft = turn.draft(connection);
  draft.mqtt = { ...draft.mqtt!, ...changes };
}

/** What the hub's words for the end of a connection are in MQTT's [M12]. */
const ENDS: Partial<Record<CloseName, Reason>> = {
  protocol_error: "protocol_error",
  too_big: "too_large",
  internal: "unspecified",
  overloaded: "busy",
  going_away: "shutting_down",
  restarting: "shutting_down",
  heartbeat_lost: "keep_alive_timeout",
  rate_limited: "too_many_messages",
  revoked: "administrative",
  taken_over: "taken_over",
  too_many_bad_frames: "bad_payload",
};

/** The last packet before the socket closes; 3.1.1 has none for it. */
export function farewell(turn: Turn, { id, mqtt }: Speaker, name: CloseName, reason?: Reason): void {
  if (mqtt.version === 5) turn.sendBytes(id, disconnect(reason ?? ENDS[name] ?? "unspecified"));
}

/** What is said to this connection where the hub ends as a whole, and nobody decides about it; null where nothing is. */
export const lastWords = (connection: Connection | null): Uint8Array | null =>
  connection?.sort === "device" && connection.mqtt?.version === 5 ? disconnect("shutting_down") : null;

/** How much of a packet the frame itself may be, so that the client takes it. */
export function roomIn(device: string, maxPacket: number): number {
  const HEAD = 12;
  return maxPacket - HEAD - topicOf(device, "welcome").length;
}

/** How much a payload of its own may be: what no packet has more than, without what every publish has. */
export function largestFrom(device: string): number {
  const [TYPE_AND_LENGTH, TOPIC_LENGTH, ID, PROPERTIES] = [3, 2, 2, 1];
  return MAX_PACKET - TYPE_AND_LENGTH - TOPIC_LENGTH - topicOf(device, "telemetry").length - ID - PROPERTIES;
}
