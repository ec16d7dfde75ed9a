/** A packet that a device sent, as a value; null where it is not well formed [M2]. `mqtt-packet` parses. */
import { type Packet, type Parser, parser } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { isWhole, isWholeConnect } from "./form.ts";
import { bodyAt } from "./framing.ts";
import { REASON, type Reason } from "./reasons.ts";

/** 4 is MQTT 3.1.1. */
export type Version = 4 | 5;

export interface Connect {
  version: Version;
  clientId: string;
  user: string;
  password: string;
  /** Seconds; 0 where nothing is promised. */
  keepAlive: number;
  clean: boolean;
  will: { topic: string; text: string; qos: number; retain: boolean } | null;
  /** How many publishes with QoS 1 it takes before it acknowledged the first, and how large a packet. */
  receiveMaximum: number;
  maxPacket: number;
  /** It wants no reason strings. */
  isTerse: boolean;
  /** It asks for an authentication of several steps. */
  asksAuth: boolean;
}

export interface Publish {
  cmd: "publish";
  topic: string;
  payload: Uint8Array;
  qos: number;
  /** Null with QoS 0. */
  id: number | null;
  retain: boolean;
  hasAlias: boolean;
}

export interface Subscribe {
  cmd: "subscribe";
  id: number;
  filters: readonly { filter: string; qos: number }[];
  /** It names its subscription. */
  hasId: boolean;
}

export type ClientPacket =
  | Publish
  | Subscribe
  | { cmd: "unsubscribe"; id: number; filters: readonly string[] }
  | { cmd: "puback"; id: number }
  | { cmd: "pingreq" }
  | { cmd: "disconnect"; reason: number }
  /** One that only a server sends, that belongs to what is not offered here, or that comes only once. */
  | { cmd: "misplaced" };

const CONNECT = 1;
const commandOf = (packet: Uint8Array): number => packet[0] >> 4;

export const isConnect = (packet: Uint8Array): boolean => commandOf(packet) === CONNECT;

/** Its version where it is spoken here; else how to say no, or null where it is not MQTT at all. */
export function versionOf(connect: Uint8Array): Version | { refuseAs: Version } | null {
  const at = bodyAt(connect);
  const name = new TextDecoder().decode(connect.subarray(at + 2, at + 2 + (connect[at] << 8 | connect[at + 1])));
  const level = connect[at + 2 + name.length];
  if ((name !== "MQTT" && name !== "MQIsdp") || level === undefined) return null;
  if (name === "MQTT" && (level === 4 || level === 5)) return level;
  return { refuseAs: level > 5 && level < 0x80 ? 5 : 4 };
}

/** Of a version that is spoken here. */
export function readConnect(bytes: Uint8Array): Connect | null {
  if (!isWholeConnect(bytes)) return null;
  const packet = CONNECTS(bytes);
  if (packet?.cmd !== "connect") return null;
  const { clientId, username = "", password, keepalive = 0, clean = false, will, properties = {} } = packet;
  // The parser keeps the packet.
  packet.password = undefined;
  const texts = [clientId, username, will?.topic ?? ""];
  if (texts.some(isBad) || (will && will.qos! > 2)) return null;
  const { receiveMaximum = 65_535, maximumPacketSize = Infinity, requestProblemInformation = true } = properties;
  return {
    version: packet.protocolVersion as Version,
    clientId,
    user: username,
    password: password ? textOf(password) ?? "" : "",
    keepAlive: keepalive,
    clean,
    will: will
      ? { topic: will.topic, text: will.payload.toString(), qos: will.qos ?? 0, retain: will.retain === true }
      : null,
    receiveMaximum,
    maxPacket: maximumPacketSize,
    isTerse: !requestProblemInformation,
    asksAuth: properties.authenticationMethod !== undefined,
  };
}

/** Any further packet, of a connection of this version. */
export function readPacket(bytes: Uint8Array, version: Version): ClientPacket | null {
  if (isConnect(bytes)) return { cmd: "misplaced" };
  if (!isWhole(bytes, version === 5)) return null;
  const packet = READERS[version](bytes);
  switch (packet?.cmd) {
    case undefined:
      return null;
    case "publish": {
      const { topic, payload, qos, messageId: id, retain, properties = {} } = packet;
      if ((qos > 0 && !isId(id)) || isBad(topic)) return null;
      // A client names no subscription in what it publishes [MQTT-3.3.4-6].
      if (properties.subscriptionIdentifier !== undefined) return { cmd: "misplaced" };
      const hasAlias = properties.topicAlias !== undefined;
      return { cmd: "publish", topic, payload: payload as Buffer, qos, id: qos > 0 ? id! : null, retain, hasAlias };
    }
    case "subscribe": {
      const { messageId: id, subscriptions, properties = {} } = packet;
      if (!isId(id) || subscriptions.length === 0 || subscriptions.some(({ topic }) => isBad(topic))) return null;
      const filters = subscriptions.map(({ topic, qos }) => ({ filter: topic, qos }));
      return { cmd: "subscribe", id, filters, hasId: properties.subscriptionIdentifier !== undefined };
    }
    case "unsubscribe": {
      const { messageId: id, unsubscriptions: filters } = packet;
      return isId(id) && filters.length > 0 && !filters.some(isBad) ? { cmd: "unsubscribe", id, filters } : null;
    }
    case "puback":
      return isId(packet.messageId) ? { cmd: "puback", id: packet.messageId } : null;
    case "pingreq":
      return { cmd: "pingreq" };
    case "disconnect":
      return { cmd: "disconnect", reason: packet.reasonCode ?? 0 };
    default:
      return { cmd: "misplaced" };
  }
}

type Read = (bytes: Uint8Array) => Packet | null;

/** Reads one whole packet after another; what is wrong with one harms no other. */
function readerOf(options?: { protocolVersion: Version }): Read {
  let packets: Packet[] = [];
  let isBroken = false;
  const begin = (): Parser =>
    parser(options).on("packet", (packet) => packets.push(packet)).on("error", () => isBroken = true);
  let current = begin();
  return (bytes) => {
    [packets, isBroken] = [[], false];
    try {
      current.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch {
      // It read beyond the end.
      isBroken = true;
    }
    if (!isBroken && packets.length === 1) return packets[0];
    // After what it could not read it would begin the next packet in its midst.
    current = begin();
    return null;
  };
}

const CONNECTS = readerOf();
const READERS: Record<Version, Read> = { 4: readerOf({ protocolVersion: 4 }), 5: readerOf({ protocolVersion: 5 }) };

const isId = (id: number | undefined): id is number => id !== undefined && id > 0;

/** [MQTT-1.5.4-1, MQTT-1.5.4-2] Where it was no UTF-8 the parser wrote U+FFFD, which nothing here is called. */
const isBad = (text: string): boolean => /[\0\ufffd]/.test(text);

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Null where it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

/** What the form of a packet says that is not offered here; null where nothing does. */
export function refusalOf(packet: ClientPacket): Reason | null {
  if (packet.cmd === "misplaced") return "protocol_error";
  if (packet.cmd === "subscribe" && packet.hasId) return "no_subscription_ids";
  if (packet.cmd !== "publish") return null;
  if (packet.qos === 2) return "no_qos_2";
  return packet.hasAlias ? "bad_alias" : null;
}

/** Did it take its leave in order, so that its will is void? */
export const isGoodbye = (reason: number): boolean => reason === REASON.success;
