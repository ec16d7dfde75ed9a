/** The least MQTT 3.1.1 over WebSocket that a load needs: what a whole client costs would be taken from the broker. */
import { Lost } from "./harness.ts";

export type Qos = 0 | 1;

export interface MqttLine {
  send(packet: Uint8Array<ArrayBuffer>): void;
  isOpen(): boolean;
  /** What was published with QoS 1 and acknowledged. */
  acknowledged: number;
  /** The number of the last packet that wants an acknowledgement. */
  last: number;
  /** Goes on with the next acknowledgement of a subscription. */
  subscribed(): Promise<void>;
}

export interface Published {
  topic: string;
  payload: Uint8Array;
}
export type Publish = (payload: string) => void;

const TYPE = { connect: 1, connack: 2, publish: 3, puback: 4, subscribe: 8, suback: 9 };
const CLEAN = 2, WITH_CREDENTIAL = 192;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A fixed header with the length behind it, and what it announces. */
export function packet(type: number, flags: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [type << 4 | flags];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    head.push(rest > 0 ? digit | 128 : digit);
  } while (rest > 0);
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const word = (value: number) => new Uint8Array([value >> 8, value & 255]);
const named = (text: string) => {
  const bytes = encoder.encode(text);
  return new Uint8Array([...word(bytes.length), ...bytes]);
};

export interface Packet {
  type: number;
  flags: number;
  body: Uint8Array;
}

/** Whole packets out of pieces of a stream, however it was cut. */
export function unpacker(take: (packet: Packet) => void): (piece: Uint8Array) => void {
  let rest = new Uint8Array(0);
  return (piece) => {
    let bytes = piece;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
    }
    let at = 0;
    for (;;) {
      let length = 0, factor = 1, head = at + 1;
      while (head < bytes.length && bytes[head] & 128) {
        length += (bytes[head++] & 127) * factor;
        factor *= 128;
      }
      if (head >= bytes.length) break;
      length += bytes[head++] * factor;
      if (head + length > bytes.length) break;
      take({ type: bytes[at] >> 4, flags: bytes[at] & 15, body: bytes.subarray(head, head + length) });
      at = head + length;
    }
    rest = bytes.slice(at);
  };
}

export interface Credential {
  user: string;
  password: string;
}

/** Without a keep-alive: what is open here stays open. */
export function connectMqtt(
  url: string,
  client: string,
  hear: (message: Published) => void = () => {},
  credential?: Credential,
): Promise<MqttLine> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), ["mqtt"]);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<MqttLine>();
  let subscribed = Promise.withResolvers<void>();
  const line: MqttLine = {
    send: (bytes) => socket.send(bytes),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    acknowledged: 0,
    last: 0,
    subscribed: () => subscribed.promise.finally(() => subscribed = Promise.withResolvers()),
  };
  const unpack = unpacker(({ type, flags, body }) => {
    if (type === TYPE.puback) line.acknowledged += 1;
    else if (type === TYPE.publish) {
      const end = 2 + (body[0] << 8 | body[1]);
      const begin = flags & 2 ? end + 2 : end;
      if (begin > end) line.send(packet(TYPE.puback, 0, body.subarray(end, begin)));
      hear({ topic: decoder.decode(body.subarray(2, end)), payload: body.subarray(begin) });
    } else if (type === TYPE.suback) subscribed.resolve();
    else if (type === TYPE.connack && body[1] === 0) opened.resolve(line);
    else opened.reject(new Lost(`${client}: refused by the broker with ${body[1]}`));
  });
  socket.onmessage = ({ data }) => unpack(new Uint8Array(data));
  const [flags, who] = credential
    ? [CLEAN | WITH_CREDENTIAL, [named(credential.user), named(credential.password)]]
    : [CLEAN, []];
  const hello = packet(TYPE.connect, 0, named("MQTT"), new Uint8Array([4, flags, 0, 0]), named(client), ...who);
  socket.onopen = () => line.send(hello);
  socket.onclose = ({ code }) => opened.reject(new Lost(`${url}: closed with ${code}`));
  return opened.promise;
}

export async function subscribe(line: MqttLine, filter: string, qos: Qos): Promise<void> {
  line.send(packet(TYPE.subscribe, 2, word(1), named(filter), new Uint8Array([qos])));
  await line.subscribed();
}

/** A way to publish under one topic. */
export function publishOf(line: MqttLine, topic: string, qos: Qos): Publish {
  const name = named(topic);
  return (payload) => {
    const bytes = encoder.encode(payload);
    if (qos === 0) return line.send(packet(TYPE.publish, 0, name, bytes));
    // 0 is no number of a packet.
    line.last = line.last % 65_535 + 1;
    line.send(packet(TYPE.publish, 2, name, word(line.last), bytes));
  };
}
