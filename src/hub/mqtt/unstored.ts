/** What came over MQTT while the store takes no writes [X1, M7]: what was to be kept is refused, and may come again. */
import { refuse } from "../../protocol/fault.ts";
import { bodyAt, framed } from "../../mqtt/framing.ts";
import { type ClientPacket, isConnect, type Publish, readPacket, versionOf } from "../../mqtt/read.ts";
import { typeIn } from "../../mqtt/topics.ts";
import { PINGRESP, suback } from "../../mqtt/write.ts";
import type { Guest } from "../connections/connection.ts";
import { type About, aboutFrame, refuseFrame } from "../connections/refuse.ts";
import { noteUnkept } from "../history/seq.ts";
import type { Turn } from "../turn.ts";
import { turnAway } from "./connect.ts";
import { answerRefused, envelopeOf } from "./publish.ts";
import { restOf } from "./speech.ts";
import { speak, type Speaker } from "./tell.ts";

const FULL = refuse("storage_unavailable", "The store does not take writes now; nothing of this was kept").fault;

/** Who comes in is written down. */
export function onUnstoredGuest(turn: Turn, connection: Guest, bytes: Uint8Array): void {
  const [first] = framed(connection.rest.bytes, bytes).packets;
  const version = first && isConnect(first) ? versionOf(first) : null;
  if (version !== 4 && version !== 5) return turn.close(connection, "protocol_error");
  turnAway(turn, connection, version, { reason: "unavailable", why: FULL.message, fault: FULL });
}

/** Whole packets all the same, or what comes next could not be read. */
export function onUnstoredPackets(turn: Turn, connection: Speaker, bytes: Uint8Array): void {
  const { packets, rest } = framed(connection.mqtt.rest.bytes, bytes);
  speak(turn, connection.id, { rest: restOf(rest) });
  for (const packet of packets) {
    const read = readPacket(packet, connection.mqtt.version);
    if (read) leaveUndone(turn, connection.id, read);
  }
}

function leaveUndone(turn: Turn, id: string, packet: ClientPacket): void {
  const connection = turn.memory.connections.get(id) as Speaker;
  const { mqtt, device: name } = connection;
  const device = turn.memory.devices.get(name);
  if (!device) return;
  switch (packet.cmd) {
    case "publish": {
      const about = aboutPublish(name, packet);
      refuseFrame(turn, connection, FULL, about);
      // Its repeat is no repeat then.
      if (about.seq !== undefined) noteUnkept(turn, id, about.seq);
      return packet.id === null ? undefined : answerRefused(turn, device, packet.id, FULL);
    }
    case "subscribe": {
      const granted = packet.filters.map(() => "implementation" as const);
      return turn.sendBytes(id, suback(mqtt.version, packet.id, granted));
    }
    case "puback":
      return speak(turn, id, { inFlight: mqtt.inFlight.filter((other) => other !== packet.id) });
    case "pingreq":
      return turn.sendBytes(id, PINGRESP);
    case "disconnect":
      // Its socket's end follows, and is written down when that can be.
      return packet.reason === 0 ? speak(turn, id, { will: null }) : undefined;
  }
}

function aboutPublish(device: string, { topic, payload }: Publish): About {
  const type = typeIn(device, topic);
  const envelope = type === null ? null : envelopeOf(type, payload);
  return envelope?.ok ? aboutFrame(envelope.value) : { of: type ?? "publish" };
}

/** The type of the frame that these bytes begin with, where that can be told. */
export function typeOfBytes(bytes: Uint8Array): string | null {
  const PUBLISH = 3;
  if (bytes[0] >> 4 !== PUBLISH) return null;
  const at = bodyAt(bytes);
  const topic = new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + (bytes[at] << 8 | bytes[at + 1])));
  return topic.slice(topic.lastIndexOf("/") + 1);
}
