/** What a machine's firmware has between its frames and its line where it speaks MQTT [M]: somebody else's codec, and no mercy. */
import { Buffer } from "node:buffer";
import { generate, type Packet, parser } from "mqtt-packet";
import { TOPICS_IN } from "../../src/mqtt/topics.ts";
import type { Random } from "./random.ts";
import type { Frame } from "./trace.ts";

// deno-lint-ignore no-explicit-any
type Loose = any;

/** What a packet means: a frame for the machine, bytes that it answers, a frame that the hub has, a rule that it breaks. */
export interface Heard {
  text: string | null;
  answer: { id: number; bytes: Uint8Array } | null;
  acknowledged: Frame | null;
  broken: Broken | null;
}

export interface Broken {
  rule: string;
  what: string;
}

/** What is said of its CONNECT. */
export type Answered = "nothing" | "welcome" | "busy" | "refused";

interface Waiting {
  frame: Frame | null;
  at: number;
}

const LONGEST_HESITATION = 1_500;
/** A `stop` may not wait long for the command's own subscription [C5]. */
const SHORT_HESITATION = 400;
/** After a SUBSCRIBE that failed, as by a full disk. */
const AGAIN = 500;
/** What the hub sends at a time to who said nothing of it [M8]. */
const MOST = 32;
/** [M7] T6's time, and a little. */
const ACKNOWLEDGED_WITHIN = 6_000;
/** Of CONNACK: who comes later may be let in. */
const LATER = [3, 0x88, 0x89, 0x97, 0x9f];

export class Modem {
  answered: Answered = "nothing";
  readonly #device: string;
  readonly #random: Random;
  readonly #version: 4 | 5;
  /** Publishes with QoS 1 that it takes before it acknowledged the first. */
  readonly #most: number;
  /** Topics that it has yet to subscribe to, in the order in which it does. */
  readonly #wanted: string[][];
  /** What it subscribed to, with the QoS that it was granted. */
  readonly #granted = new Map<string, number>();
  readonly #unread = new Set<number>();
  readonly #unacknowledged = new Map<number, Waiting>();
  #packets: Loose[] = [];
  #ids = 0;
  /** It said what no device may say, and may be cut off. */
  #hasStrayed = false;
  #isUnreadable = false;
  readonly #parser;

  /** `isNarrow`: it takes few at a time. */
  constructor(device: string, random: Random, isNarrow: boolean) {
    this.#device = device;
    this.#random = random;
    this.#version = isNarrow || random.chance(0.3) ? 5 : 4;
    this.#most = isNarrow ? random.between(1, 3) : MOST;
    this.#wanted = random.chance(0.6) ? [["#"]] : [["welcome", "cancel", "desired", "stored", "error"], ["command"]];
    this.#parser = parser({ protocolVersion: this.#version });
    this.#parser.on("packet", (packet: Loose) => this.#packets.push({ ...packet }));
    this.#parser.on("error", () => this.#isUnreadable = true);
  }

  /** SUBSCRIBEs that are left. */
  get left(): number {
    return this.#wanted.length;
  }

  /** How long it waits before the next one, in ms; `again` after one that failed. */
  hesitates(again: boolean): number {
    if (again) return AGAIN;
    const longest = this.#granted.size === 0 ? LONGEST_HESITATION : SHORT_HESITATION;
    return this.#random.chance(0.5) ? 0 : this.#random.int(longest);
  }

  /** Does the next one ask for commands? */
  get asksForCommands(): boolean {
    return this.#wanted[0].some((last) => last === "#" || last === "command");
  }

  connect(token: string, keepalive: number): Uint8Array {
    return this.#bytes({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: this.#version,
      clientId: "",
      clean: true,
      keepalive,
      username: this.#device,
      password: Buffer.from(token),
      ...(this.#version === 5 && this.#most < MOST && { properties: { receiveMaximum: this.#most } }),
    });
  }

  subscribe(): Uint8Array {
    const qos = this.#random.int(2) as 0 | 1;
    return this.#bytes({
      cmd: "subscribe",
      messageId: this.#nextId(),
      subscriptions: this.#wanted[0].map((last) => ({ topic: `devices/${this.#device}/${last}`, qos })),
    });
  }

  /** The messages in which a machine's text goes; none where MQTT has no such frame. */
  say(text: string, at: number): Uint8Array[] {
    if (text === "ping") return [this.#bytes({ cmd: "pingreq" })];
    const frame = frameOf(text);
    if (frame?.type === "streamed") return [];
    const type = frame?.type ?? "telemetry";
    if (!(TOPICS_IN as readonly string[]).includes(type)) this.#hasStrayed = true;
    const qos = this.#random.int(2) as 0 | 1;
    const messageId = this.#nextId();
    if (qos === 1) this.#unacknowledged.set(messageId, { frame, at });
    const topic = `devices/${this.#device}/${type}`;
    const bytes = this.#bytes({ cmd: "publish", topic, payload: text, qos, messageId, dup: false, retain: false });
    const cut = this.#random.chance(0.3) ? this.#random.int(bytes.length) : 0;
    return cut === 0 ? [bytes] : [bytes.slice(0, cut), bytes.slice(cut)];
  }

  hear(bytes: Uint8Array): Heard[] {
    this.#parser.parse(Buffer.from(bytes));
    const heard = this.#packets.splice(0).map((packet) => this.#hear(packet));
    if (this.#isUnreadable) heard.push({ ...NOTHING, broken: { rule: "M5", what: "a packet can be read" } });
    return heard;
  }

  /** The hub hears that it has that publish. */
  read(id: number): void {
    this.#unread.delete(id);
  }

  /** [M2, M11] Is it right that the hub hangs up on its packets? */
  get mayBeCut(): boolean {
    return this.#hasStrayed;
  }

  /** [M7] What it said since then with QoS 1, long ago, and has no word of. */
  forgotten(since: number, now: number): Frame | null | undefined {
    for (const { frame, at } of this.#unacknowledged.values()) {
      if (at > since && at < now - ACKNOWLEDGED_WITHIN) return frame;
    }
    return undefined;
  }

  #hear(packet: Loose): Heard {
    switch (packet.cmd) {
      case "connack": {
        const code = packet.reasonCode ?? packet.returnCode;
        this.answered = code === 0 ? "welcome" : LATER.includes(code) ? "busy" : "refused";
        return NOTHING;
      }
      case "suback":
        return this.#subscribed(packet.granted);
      case "pingresp":
        return { ...NOTHING, text: "pong" };
      case "puback":
        return this.#has(packet);
      case "publish":
        return this.#told(packet);
      default:
        return NOTHING;
    }
  }

  #subscribed(granted: number[]): Heard {
    const filters = this.#wanted[0];
    if (granted.some((code) => code >= 0x80)) return NOTHING;
    filters.forEach((filter, at) => this.#granted.set(filter, granted[at]));
    this.#wanted.shift();
    return NOTHING;
  }

  #has({ messageId, reasonCode = 0 }: Loose): Heard {
    const waiting = this.#unacknowledged.get(messageId);
    if (!waiting) return broken("M7", "each publish with QoS 1 is acknowledged, and once");
    this.#unacknowledged.delete(messageId);
    return { ...NOTHING, acknowledged: reasonCode < 0x80 ? waiting.frame : null };
  }

  #told({ topic, payload, qos, messageId, retain, dup }: Loose): Heard {
    const type = topic.slice(topic.lastIndexOf("/") + 1);
    const granted = topic === `devices/${this.#device}/${type}` ? this.#grantOf(type) : undefined;
    if (granted === undefined) return broken("M5", `it hears only what it subscribed to, not ${topic}`);
    if (retain || dup) return broken("M5", "what it hears is never retained, and goes once");
    if (qos > granted) return broken("M6", `it hears with QoS ${granted} at most`);
    const text = JSON.stringify({ type, ...JSON.parse(payload.toString()) });
    if (qos === 0) return { ...NOTHING, text };
    if (this.#unread.has(messageId)) return broken("M8", `${messageId} still waits to be acknowledged`);
    this.#unread.add(messageId);
    if (this.#unread.size > this.#most) return broken("M8", `it takes ${this.#most} at a time`);
    return { ...NOTHING, text, answer: { id: messageId, bytes: this.#bytes({ cmd: "puback", messageId }) } };
  }

  #grantOf = (type: string): number | undefined => this.#granted.get("#") ?? this.#granted.get(type);

  #nextId = (): number => this.#ids = this.#ids % 65_535 + 1;

  #bytes = (packet: Packet): Uint8Array => new Uint8Array(generate(packet, { protocolVersion: this.#version }));
}

const NOTHING: Heard = { text: null, answer: null, acknowledged: null, broken: null };
const broken = (rule: string, what: string): Heard => ({ ...NOTHING, broken: { rule, what } });

/** Null where it is nonsense. */
function frameOf(text: string): Frame | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
