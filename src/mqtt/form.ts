/** What `mqtt-packet` lets pass and MQTT does not: properties where they may not be, cut off or of no meaning; bytes too many. */
import { bodyAt } from "./framing.ts";

type Form = "flag" | 1 | 2 | 4 | "text" | "pair" | "number";

/** Each property of version 5: how it is written; a flag is 0 or 1. */
const FORMS: Record<number, Form> = {
  0x01: "flag",
  0x02: 4,
  0x03: "text",
  0x08: "text",
  0x09: "text",
  0x0b: "number",
  0x11: 4,
  0x15: "text",
  0x16: "text",
  0x17: "flag",
  0x18: 4,
  0x19: "flag",
  0x1c: "text",
  0x1f: "text",
  0x21: 2,
  0x22: 2,
  0x23: 2,
  0x26: "pair",
  0x27: 4,
};

const USER = 0x26, RESPONSE_TOPIC = 0x08, AUTH_METHOD = 0x15, AUTH_DATA = 0x16;
/** Receive maximum and maximum packet size are at least 1, and so is the number of a subscription. */
const NOT_ZERO: readonly number[] = [0x0b, 0x21, 0x27];

const CONNECT = [0x11, AUTH_METHOD, AUTH_DATA, 0x17, 0x19, 0x21, 0x22, USER, 0x27];
const WILL = [0x01, 0x02, 0x03, RESPONSE_TOPIC, 0x09, 0x18, USER];
const PUBLISH = 3, PUBACK = 4, SUBSCRIBE = 8, UNSUBSCRIBE = 10, PINGREQ = 12, DISCONNECT = 14;
/** Whatever else a client sends is refused unread. */
const OTHERS: Record<number, readonly number[]> = {
  [PUBLISH]: [0x01, 0x02, 0x03, RESPONSE_TOPIC, 0x09, 0x0b, 0x23, USER],
  [PUBACK]: [0x1f, USER],
  [SUBSCRIBE]: [0x0b, USER],
  [UNSUBSCRIBE]: [USER],
  [DISCONNECT]: [0x11, 0x1c, 0x1f, USER],
};
const DUP = 8, QOS = 6;
/** What may be said of a publish that came [MQTT-3.4.2-1]; the parser takes more than that where a bridge is set up. */
const PUBACK_REASONS: readonly (number | undefined)[] = [undefined, 0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];

const FAULT = -1;

/** Of a CONNECT whose version is spoken here: whether its parts fill it, and are what they may be. */
export function isWholeConnect(packet: Uint8Array): boolean {
  // After the protocol's name.
  const from = bodyAt(packet) + 6;
  const [isFive, flags] = [packet[from] === 5, packet[from + 1]];
  const block = (at: number, allowed: readonly number[]) => isFive ? afterProperties(packet, at, allowed) : at;
  let at = afterText(packet, block(from + 4, CONNECT));
  if (flags & 4) at = afterText(packet, afterText(packet, block(at, WILL)));
  if (flags & 128) at = afterText(packet, at);
  if (flags & 64) at = afterText(packet, at);
  return at === packet.length;
}

/** Of any further packet: whether it is as long as it has to be, and of version 5 its properties are what they may be. */
export function isWhole(packet: Uint8Array, isFive: boolean): boolean {
  const type = packet[0] >> 4;
  if (type === PINGREQ) return packet.length === 2;
  // [MQTT-3.3.1-2] What nobody acknowledges does not come again.
  if (type === PUBLISH && (packet[0] & (DUP | QOS)) === DUP) return false;
  if (!isFive) return type !== PUBACK || packet.length === 4;
  const allowed = OTHERS[type];
  if (allowed === undefined) return true;
  if (type === PUBACK && !PUBACK_REASONS.includes(packet[bodyAt(packet) + 2])) return false;
  const at = propertiesAt(packet, type);
  // Where they are the end, there may be none.
  const isEnd = type === PUBACK || type === DISCONNECT;
  if (isEnd && packet.length <= at) return true;
  const after = afterProperties(packet, at, allowed);
  return isEnd ? after === packet.length : after !== FAULT;
}

/** Behind a packet's id or topic, or the reason that it gives. */
function propertiesAt(packet: Uint8Array, type: number): number {
  const body = bodyAt(packet);
  if (type === PUBACK) return body + 3;
  if (type === DISCONNECT) return body + 1;
  if (type !== PUBLISH) return body + 2;
  const after = afterText(packet, body);
  return after === FAULT || (packet[0] & QOS) === 0 ? after : after + 2;
}

function afterProperties(packet: Uint8Array, from: number, allowed: readonly number[]): number {
  if (from === FAULT) return FAULT;
  let at = afterNumber(packet, from);
  if (at === FAULT) return FAULT;
  const end = at + numberAt(packet, from);
  if (end > packet.length) return FAULT;
  if (end === at) return at;
  const seen = new Set<number>();
  while (at < end) {
    const id = packet[at++];
    if (!allowed.includes(id) || (id !== USER && seen.has(id))) return FAULT;
    seen.add(id);
    const begin = at;
    at = afterValue(packet, at, FORMS[id]);
    if (at === FAULT || at > end || !isValue(packet, id, begin, at)) return FAULT;
  }
  return seen.has(AUTH_DATA) && !seen.has(AUTH_METHOD) ? FAULT : at;
}

function isValue(packet: Uint8Array, id: number, from: number, to: number): boolean {
  if (FORMS[id] === "flag") return packet[from] <= 1;
  if (NOT_ZERO.includes(id)) return packet.subarray(from, to).some((byte) => byte > 0);
  // A response topic is a topic: not empty, and without wildcards.
  return id !== RESPONSE_TOPIC ||
    (to - from > 2 && !packet.subarray(from + 2, to).some((byte) => byte === 0x23 || byte === 0x2b));
}

function afterValue(packet: Uint8Array, at: number, form: Form): number {
  if (form === "text") return afterText(packet, at);
  if (form === "pair") return afterText(packet, afterText(packet, at));
  if (form === "number") return afterNumber(packet, at);
  return at + (form === "flag" ? 1 : form);
}

function afterText(packet: Uint8Array, at: number): number {
  if (at === FAULT || at + 2 > packet.length) return FAULT;
  const after = at + 2 + (packet[at] << 8 | packet[at + 1]);
  return after > packet.length ? FAULT : after;
}

/** Seven bits a byte, in four bytes at most, and in no more than it takes [MQTT-1.5.5-1]. */
function afterNumber(packet: Uint8Array, from: number): number {
  let at = from;
  while (packet[at] >= 0x80) at += 1;
  const isWhole = at < packet.length && at - from < 4 && (at === from || packet[at] > 0);
  return isWhole ? at + 1 : FAULT;
}

function numberAt(packet: Uint8Array, from: number): number {
  let value = 0;
  for (let at = from, factor = 1;; at++, factor *= 128) {
    value += (packet[at] & 0x7f) * factor;
    if (packet[at] < 0x80) return value;
  }
}
