/** A device that speaks MQTT to a hub on the driven clock; what it sends and reads is the codec of somebody else. */
import { Buffer } from "node:buffer";
import { generate, type Packet, parser } from "mqtt-packet";
import { TO_DEVICE } from "../../src/protocol/outgoing.ts";
import type { Frame, Peer, Signalbox } from "./signalbox.ts";

// deno-lint-ignore no-explicit-any
type Loose = any;

export interface Hello {
  version?: 4 | 5;
  user?: string;
  password?: string;
  clientId?: string;
  keepalive?: number;
  clean?: boolean;
  will?: Loose;
  properties?: Loose;
}

/** A socket that said nothing yet. */
export function guest(box: Signalbox): Speaker {
  const { peer, outcome } = box.tryConnect("mqtt", { sort: "none" });
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return new Speaker(box, peer);
}

/** A device that was let in. */
export function speaker(box: Signalbox, id: string, hello: Hello = {}, kind = "relay"): Speaker {
  if (!box.tokens.has(id)) box.enroll(id, kind);
  const device = guest(box);
  device.connect({ user: id, password: box.tokens.get(id)!, ...hello });
  const connack = device.take("connack");
  if ((connack.reasonCode ?? connack.returnCode) !== 0) throw new Error(JSON.stringify(connack));
  return device;
}

/** One that hears everything at once. */
export function listener(box: Signalbox, id: string, hello: Hello = {}, kind = "relay", qos: 0 | 1 = 1): Speaker {
  const device = speaker(box, id, hello, kind);
  device.subscribe(`devices/${id}/#`, qos);
  device.take("suback");
  device.frame("welcome");
  return device;
}

export class Speaker {
  readonly #box: Signalbox;
  readonly #peer: Peer;
  #version: 4 | 5 = 5;
  #parser = parser();
  #packets: Loose[] = [];
  #read = 0;
  #lastId = 0;
  /** Does it acknowledge what it gets with QoS 1? */
  acks = true;
  #device = "";

  constructor(box: Signalbox, peer: Peer) {
    this.#box = box;
    this.#peer = peer;
  }

  get id() {
    return this.#peer.id;
  }

  get closed() {
    return this.#peer.closed;
  }

  get attachment() {
    return this.#peer.attachment;
  }

  /** How many messages came, and what was in them. */
  get heard() {
    return this.#peer.bytes.length;
  }

  get said(): readonly Uint8Array[] {
    return this.#peer.bytes;
  }

  /** `send` says how its bytes go. */
  connect(
    { version = 5, user, password, keepalive = 60, clean = true, clientId = "c", ...more }: Hello,
    send = (bytes: Uint8Array) => this.bytes(bytes),
  ): void {
    this.#version = version;
    this.#device = user ?? "";
    this.#parser = parser({ protocolVersion: version });
    this.#parser.on("packet", (packet: Loose) => this.#packets.push({ ...packet }));
    this.#parser.on("error", (error: Error) => this.#packets.push({ cmd: "broken", error }));
    send(this.bytesOf({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: version,
      username: user,
      password: password as Loose,
      keepalive,
      clean,
      clientId,
      ...more,
    }));
  }

  bytesOf(packet: Packet): Uint8Array {
    return generate(packet, { protocolVersion: this.#version });
  }

  say(packet: Packet): void {
    this.bytes(this.bytesOf(packet));
  }

  bytes(bytes: Uint8Array): void {
    this.#box.handle({ type: "binary", connection: this.#peer.id, bytes: bytes.slice() });
  }

  text(text: string): void {
    this.#peer.text(text);
  }

  drop(): void {
    this.#peer.drop();
  }

  /** The id that it went with, or 0. */
  publish(
    type: string,
    payload: unknown,
    qos: 0 | 1 = 0,
    more: Loose = {},
    send = (bytes: Uint8Array) => this.bytes(bytes),
  ): number {
    const bytes = payload instanceof Uint8Array ? Buffer.from(payload) : null;
    const text = bytes ?? (typeof payload === "string" ? payload : JSON.stringify(payload));
    const topic = type.includes("/") ? type : `devices/${this.#device}/${type}`;
    const messageId = qos === 0 ? undefined : ++this.#lastId;
    send(this.bytesOf({ cmd: "publish", topic, payload: text, qos, dup: false, retain: false, messageId, ...more }));
    return messageId ?? 0;
  }

  subscribe(filter: string | string[], qos: 0 | 1 | 2 = 1, properties: Loose = undefined): void {
    const subscriptions = [filter].flat().map((topic) => ({ topic, qos }));
    this.say({ cmd: "subscribe", messageId: ++this.#lastId, subscriptions, ...(properties && { properties }) });
  }

  unsubscribe(filter: string | string[]): void {
    this.say({ cmd: "unsubscribe", messageId: ++this.#lastId, unsubscriptions: [filter].flat() });
  }

  /** Everything that has arrived and was not taken. */
  get packets(): Loose[] {
    for (; this.#read < this.#peer.bytes.length; this.#read++) {
      this.#parser.parse(this.#peer.bytes[this.#read] as Loose);
    }
    const broken = this.#packets.find(({ cmd }) => cmd === "broken");
    if (broken) throw broken.error;
    if (this.#peer.frames.length > 0) throw new Error(`a text: ${JSON.stringify(this.#peer.frames)}`);
    return this.#packets;
  }

  /** Takes the first packet of a sort. */
  take(cmd: string): Loose {
    const at = this.packets.findIndex((packet) => packet.cmd === cmd);
    if (at < 0) throw new Error(`no ${cmd} among ${JSON.stringify(this.packets.map(told))}`);
    return this.#packets.splice(at, 1)[0];
  }

  all(cmd: string): Loose[] {
    const found = this.packets.filter((packet) => packet.cmd === cmd);
    this.#packets = this.#packets.filter((packet) => packet.cmd !== cmd);
    return found;
  }

  /** Takes the first publish of a type as the frame that it is, and acknowledges it. */
  frame(type: string): Frame {
    const at = this.packets.findIndex((packet) => packet.topic === `devices/${this.#device}/${type}`);
    if (at < 0) throw new Error(`no ${type} among ${JSON.stringify(this.packets.map(told))}`);
    const [packet] = this.#packets.splice(at, 1);
    if (packet.retain || packet.dup) throw new Error("retained, or a duplicate");
    if (packet.qos === 1 && this.acks) this.say({ cmd: "puback", messageId: packet.messageId, reasonCode: 0 });
    const frame = { type, ...JSON.parse(packet.payload.toString()) };
    const fits = TO_DEVICE[type as keyof typeof TO_DEVICE].safeParse(frame);
    if (!fits.success) throw new Error(`no frame of PROTOCOL.md: ${JSON.stringify(frame)}\n${fits.error.message}`);
    return Object.assign(frame, { [QOS]: packet.qos, [ID]: packet.messageId });
  }

  /** All publishes that have come, in their order. */
  allFrames(): Frame[] {
    const found: Frame[] = [];
    for (let next = this.#publish(); next; next = this.#publish()) {
      found.push(this.frame(next.topic.slice(next.topic.lastIndexOf("/") + 1)));
    }
    return found;
  }

  #publish(): Loose {
    return this.packets.find(({ cmd }) => cmd === "publish");
  }

  frames(type: string): Frame[] {
    const found: Frame[] = [];
    while (this.packets.some(({ topic }) => topic === `devices/${this.#device}/${type}`)) found.push(this.frame(type));
    return found;
  }
}

/** How a frame came, beside what is in it. */
export const QOS = Symbol("QoS");
export const ID = Symbol("packet id");

const told = (packet: Loose) => ({ ...packet, ...(packet.payload && { payload: packet.payload.toString() }) });
