/** MQTT packets byte by byte: also those that a client which behaves cannot send. */

export type Bytes = number[];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const hex = (text: string): Bytes => (text.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => parseInt(pair, 16));
export const u16 = (value: number): Bytes => [value >> 8 & 255, value & 255];
export const u32 = (value: number): Bytes => [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
/** Its length in two bytes, and it: a text, or bytes that are none. */
export const string = (value: string | Bytes): Bytes => {
  const bytes = typeof value === "string" ? utf8(value) : value;
  return [...u16(bytes.length), ...bytes];
};
export const utf8 = (value: string): Bytes => [...encoder.encode(value)];

/** A number in seven bits a byte; more than four of them are no number of MQTT any more. */
export function varint(value: number): Bytes {
  const bytes: Bytes = [];
  do {
    const digit = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? digit | 128 : digit);
  } while (value > 0);
  return bytes;
}

/** A packet with this first byte, its length and its parts. */
export const packet = (head: number, ...parts: Bytes[]): Bytes => {
  const body = parts.flat();
  return [head, ...varint(body.length), ...body];
};

export interface Connect {
  /** Of the protocol; 4 is 3.1.1. */
  level?: number;
  name?: string | Bytes;
  /** Beside those of user name, password and will. */
  flags?: number;
  keepAlive?: number;
  /** Only at level 5. */
  properties?: Bytes;
  client?: string | Bytes;
  will?: { topic: string | Bytes; payload: string | Bytes; properties?: Bytes };
  user?: string | Bytes;
  password?: string | Bytes;
}

const CLEAN = 2;

export function connect(given: Connect): Bytes {
  const { level = 4, name = "MQTT", flags = CLEAN, keepAlive = 10, properties = [], client = "p", will } = given;
  const isFive = level === 5;
  const block = (of: Bytes) => isFive ? [...varint(of.length), ...of] : [];
  const bits = flags | (will ? 4 : 0) | (given.user === undefined ? 0 : 128) | (given.password === undefined ? 0 : 64);
  const willParts = will ? [block(will.properties ?? []), string(will.topic), string(will.payload)] : [];
  const credentials = [given.user, given.password].filter((one) => one !== undefined).map(string);
  return packet(
    0x10,
    string(name),
    [level, bits],
    u16(keepAlive),
    block(properties),
    string(client),
    ...willParts,
    ...credentials,
  );
}

export interface Packet {
  head: number;
  body: Uint8Array;
}

/** Whole packets out of pieces of a stream, however it was cut. */
export function unpacker(take: (packet: Packet) => void): (piece: Uint8Array) => void {
  let rest: Bytes = [];
  return (piece) => {
    rest.push(...piece);
    for (;;) {
      let [length, factor, at] = [0, 1, 1];
      while (at < rest.length && rest[at] & 128) {
        length += (rest[at++] & 127) * factor;
        factor *= 128;
      }
      if (at >= rest.length) return;
      length += rest[at++] * factor;
      if (rest.length < at + length) return;
      take({ head: rest[0], body: Uint8Array.from(rest.slice(at, at + length)) });
      rest = rest.slice(at + length);
    }
  };
}

const NAMES = ["", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK"]
  .concat("UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH");

/** What a server said, in a word and its numbers: `CONNACK 0`, `PUBACK 1234 0`, `SUBACK 7 1,128`, `DISCONNECT 81`. */
export function said({ head, body }: Packet, level: number): string {
  const name = NAMES[head >> 4];
  const code = (at: number) => (body[at] ?? 0).toString(16);
  const id = (at: number) => body[at] * 256 + body[at + 1];
  if (name === "CONNACK") return `${name} ${code(1)}`;
  if (name === "PUBACK") return `${name} ${id(0)} ${code(2)}`;
  if (name === "DISCONNECT") return `${name} ${code(0)}`;
  if (name === "PUBLISH") {
    const end = 2 + id(0);
    return `${name} ${head >> 1 & 3} ${decoder.decode(body.subarray(2, end))}`;
  }
  if (name === "SUBACK" || name === "UNSUBACK") {
    const codes = body.subarray(level === 5 ? 3 + body[2] : 2);
    return `${name} ${id(0)} ${Array.from(codes, (one) => one.toString(16)).join(",")}`;
  }
  return name;
}

/** What a PUBLISH has in it, its properties left out. */
export function published(
  { head, body }: Packet,
  level: number,
): { topic: string; qos: number; id: number; text: string } {
  const qos = head >> 1 & 3;
  let at = 2 + body[0] * 256 + body[1];
  const topic = decoder.decode(body.subarray(2, at));
  const id = qos > 0 ? body[at++] * 256 + body[at++] : 0;
  if (level === 5) {
    let [length, factor] = [0, 1];
    do {
      length += (body[at] & 127) * factor;
      factor *= 128;
    } while (body[at++] & 128);
    at += length;
  }
  return { topic, qos, id, text: decoder.decode(body.subarray(at)) };
}
