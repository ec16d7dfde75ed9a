/** A device that speaks MQTT to the hub in workerd; what it sends and reads is the codec of somebody else. */
import { generate, type Packet, parser } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { handshake } from "./world.ts";

// deno-lint-ignore no-explicit-any
type Loose = any;

export class Speaker {
  readonly packets: Loose[] = [];
  readonly texts: string[] = [];
  closed: number | null = null;
  readonly #socket: WebSocket;
  readonly #device: string;
  readonly #version: 4 | 5;

  constructor(socket: WebSocket, device: string, version: 4 | 5) {
    this.#socket = socket;
    this.#device = device;
    this.#version = version;
    const read = parser({ protocolVersion: version });
    read.on("packet", (packet: Loose) => this.packets.push({ ...packet }));
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") this.texts.push(data);
      else read.parse(Buffer.from(data as ArrayBuffer));
    });
    socket.addEventListener("close", ({ code }) => void (this.closed = code));
    socket.accept();
  }

  bytesOf(packet: Loose): Uint8Array {
    return new Uint8Array(generate(packet as Packet, { protocolVersion: this.#version }));
  }

  connectBytes(token: string, more: Loose = {}): Uint8Array {
    return this.bytesOf({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: this.#version,
      clientId: "c",
      clean: true,
      keepalive: 60,
      username: this.#device,
      password: Buffer.from(token),
      ...more,
    });
  }

  publishBytes(type: string, payload: unknown, messageId?: number): Uint8Array {
    return this.bytesOf({
      cmd: "publish",
      topic: `devices/${this.#device}/${type}`,
      payload: JSON.stringify(payload),
      qos: messageId === undefined ? 0 : 1,
      messageId,
      dup: false,
      retain: false,
    });
  }

  bytes(bytes: Uint8Array | string): void {
    this.#socket.send(bytes);
  }

  say(packet: Loose): void {
    this.bytes(this.bytesOf(packet));
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** The next packet of a sort. */
  take(cmd: string): Promise<Loose> {
    return this.#next((packet) => packet.cmd === cmd, cmd);
  }

  /** The next frame of a type, acknowledged where it asks for that. */
  async frame(type: string, isAcknowledged = true): Promise<Loose> {
    const packet = await this.#next(({ topic }) => topic === `devices/${this.#device}/${type}`, type);
    if (packet.qos === 1 && isAcknowledged) this.say({ cmd: "puback", messageId: packet.messageId, reasonCode: 0 });
    return { ...JSON.parse(packet.payload.toString()), packet };
  }

  /** Everything that was sent before this has been decided. */
  async heard(): Promise<void> {
    this.say({ cmd: "pingreq" });
    await this.take("pingresp");
  }

  async #next(matches: (packet: Loose) => boolean, what: string): Promise<Loose> {
    const end = Date.now() + 10_000;
    let at = this.packets.findIndex(matches);
    for (; at < 0; at = this.packets.findIndex(matches)) {
      if (Date.now() > end) throw new Error(`no ${what}: ${JSON.stringify(this.packets)}, closed ${this.closed}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.packets.splice(at, 1)[0];
  }
}

/** A socket that said nothing yet. */
export async function guest(device: string, version: 4 | 5 = 5): Promise<Speaker> {
  const response = await handshake("mqtt", { "Sec-WebSocket-Protocol": "mqtt" });
  if (!response.webSocket) throw new Error(`${response.status} ${await response.text()}`);
  if (response.headers.get("sec-websocket-protocol") !== "mqtt") throw new Error("mqtt was not selected");
  return new Speaker(response.webSocket as unknown as WebSocket, device, version);
}

/** A device that hears everything. */
export async function listener(device: string, token: string, version: 4 | 5 = 5, more: Loose = {}): Promise<Speaker> {
  const speaker = await guest(device, version);
  speaker.bytes(speaker.connectBytes(token, more));
  await speaker.take("connack");
  speaker.say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: `devices/${device}/#`, qos: 1 }] });
  await speaker.take("suback");
  await speaker.frame("welcome");
  return speaker;
}
