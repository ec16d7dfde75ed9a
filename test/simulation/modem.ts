/** What a machine's firmware has between its frames and its line where it speaks MQTT [M]: somebody else's codec. */
import { Buffer } from "node:buffer";
import { generate, type Packet, parser } from "mqtt-packet";
import type { Random } from "./random.ts";

// deno-lint-ignore no-explicit-any
type Loose = any;

/** What its packets mean: a frame for the machine, and bytes that it answers. */
export interface Heard {
  text: string | null;
  answer: Uint8Array | null;
}

const LONGEST_HESITATION = 1_500;

export class Modem {
  /** What the hub said to its CONNECT; null until then. */
  connack: number | null = null;
  /** How long after its CONNECT it subscribes, in ms. */
  readonly hesitates: number;
  readonly #device: string;
  readonly #random: Random;
  #packets: Loose[] = [];
  #ids = 0;
  readonly #parser = parser({ protocolVersion: 4 });

  constructor(device: string, random: Random) {
    this.#device = device;
    this.#random = random;
    this.hesitates = random.chance(0.5) ? 0 : random.int(LONGEST_HESITATION);
    this.#parser.on("packet", (packet: Loose) => this.#packets.push({ ...packet }));
  }

  /** Whoever it is, and then that it wants to hear everything. */
  greet(token: string, keepalive: number): Uint8Array[] {
    return [
      this.#bytes({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId: "",
        clean: true,
        keepalive,
        username: this.#device,
        password: Buffer.from(token),
      }),
      this.#bytes({
        cmd: "subscribe",
        messageId: 1,
        subscriptions: [{ topic: `devices/${this.#device}/#`, qos: this.#random.int(2) as 0 | 1 }],
      }),
    ];
  }

  /** The messages in which a machine's text goes; none where MQTT has no such frame. */
  say(text: string): Uint8Array[] {
    if (text === "ping") return [this.#bytes({ cmd: "pingreq" })];
    const frame = frameOf(text);
    if (frame?.type === "streamed") return [];
    const qos = this.#random.int(2) as 0 | 1;
    const bytes = this.#bytes({
      cmd: "publish",
      topic: `devices/${this.#device}/${frame?.type ?? "telemetry"}`,
      payload: text,
      qos,
      messageId: this.#ids = this.#ids % 65_535 + 1,
      dup: false,
      retain: false,
    });
    const at = this.#random.chance(0.3) ? this.#random.int(bytes.length) : 0;
    return at === 0 ? [bytes] : [bytes.slice(0, at), bytes.slice(at)];
  }

  hear(bytes: Uint8Array): Heard[] {
    this.#parser.parse(Buffer.from(bytes));
    return this.#packets.splice(0).map((packet): Heard => {
      if (packet.cmd === "connack") this.connack = packet.returnCode;
      if (packet.cmd === "pingresp") return { text: "pong", answer: null };
      if (packet.cmd !== "publish") return { text: null, answer: null };
      const type = packet.topic.slice(packet.topic.lastIndexOf("/") + 1);
      const answer = packet.qos === 1 ? this.#bytes({ cmd: "puback", messageId: packet.messageId }) : null;
      return { text: JSON.stringify({ type, ...JSON.parse(packet.payload.toString()) }), answer };
    });
  }

  #bytes = (packet: Packet): Uint8Array => new Uint8Array(generate(packet, { protocolVersion: 4 }));
}

/** Null where it is nonsense. */
function frameOf(text: string): { type: string } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
