/** The topics of the bridge: what it says, what it hears, and where it may answer [N4-N13, N16]. */
import { id, NAME } from "../protocol/words.ts";

/** What a topic under the prefix asks for. */
export type Asked =
  /** Without a name here, the payload has it [N30]. */
  | { what: "command"; device: string; name?: string }
  | { what: "desire"; device: string };

export class Topics {
  readonly prefix: string;
  readonly #discovery: string | null;

  constructor(prefix: string, discovery: string | null) {
    this.prefix = prefix;
    this.#discovery = discovery;
  }

  get status(): string {
    return `${this.prefix}/status`;
  }

  get error(): string {
    return `${this.prefix}/error`;
  }

  /** What is retained of a device, and goes with it [N4, N8]. */
  ofDevice(device: string, what: "telemetry" | "reported" | "desired" | "presence" | "outcome"): string {
    return `${this.prefix}/${device}/${what}`;
  }

  event(device: string, name: string): string {
    return `${this.prefix}/${device}/event/${name}`;
  }

  /** What the bridge hears beside its status. */
  get filters(): string[] {
    return [`${this.prefix}/+/command`, `${this.prefix}/+/command/+`, `${this.prefix}/+/desired/set`];
  }

  /** Is it one that the bridge hears [N9, N10, N30]? Whether there are such a device and command is the hub's to say. */
  isHeard(topic: string): boolean {
    const [device, what, more, ...rest] = this.#below(topic) ?? [];
    if (device === undefined || rest.length > 0) return false;
    return what === "command" || (what === "desired" && more === "set");
  }

  /** Null where it names nothing that there could be. */
  asked(topic: string): Asked | null {
    const [device, what, name] = this.#below(topic) ?? [];
    if (!this.isHeard(topic) || !id.safeParse(device).success) return null;
    if (what === "desired") return { what: "desire", device };
    if (name === undefined) return { what: "command", device };
    return NAME.test(name) ? { what: "command", device, name } : null;
  }

  /** Whatever has the same rights on most brokers: all devices', or all of discovery. */
  sortOf(topic: string): string {
    if (this.#discovery !== null && isBelow(topic, this.#discovery)) return this.#discovery;
    const [device, ...what] = this.#below(topic) ?? [];
    return device === undefined || what.length === 0 ? topic : [this.prefix, "+", ...what].join("/");
  }

  /** [N13] */
  mayAnswerOn(topic: string): boolean {
    if (topic === "" || topic.length > LONGEST || topic.startsWith("$") || /[+#\0]/.test(topic)) return false;
    if (this.#discovery !== null && isBelow(topic, this.#discovery)) return false;
    return !isBelow(topic, this.prefix) || (isBelow(topic, `${this.prefix}/reply`) && !this.isHeard(topic));
  }

  #below(topic: string): string[] | null {
    return topic.startsWith(`${this.prefix}/`) ? topic.slice(this.prefix.length + 1).split("/") : null;
  }
}

/** Of a response topic. */
const LONGEST = 1_024;

const isBelow = (topic: string, above: string) => topic === above || topic.startsWith(`${above}/`);
