/** Devices that arrive by a mapping: each has a connection to the hub for as long as its Last Will says that it is there [N41]. */
import { retryDelay } from "../device/backoff.ts";
import { CLOSE, mayReconnect } from "../protocol/close.ts";
import type { ToDevice } from "../protocol/to_device.ts";
import type { Message } from "./broker.ts";
import type { Channel, Channels } from "./channels.ts";
import { Mapped, type MappedDevice, type Published } from "./mappings/mod.ts";
import type { Listener } from "./session.ts";

type Publish = Parameters<Listener["begins"]>[0];
type Log = (
  event: "bridge_device_refused" | "bridge_unmapped",
  fields: { device: string } & Record<string, unknown>,
) => void;

const SECOND = 1_000;
/** What an unattended device waits where a person has to do something, in ms [Z]. */
const AFTER_A_WORD = 15 * 60 * SECOND;

export class MappedDevices implements Listener {
  readonly filters: readonly string[];
  readonly #links: Link[];
  readonly #byTopic = new Map<string, Link[]>();

  constructor(devices: readonly MappedDevice[], channels: Channels, log: Log, random: () => number = Math.random) {
    this.#links = devices.map((device) => new Link(device, { channels, log, random }));
    for (const link of this.#links) {
      for (const topic of link.topics) this.#byTopic.set(topic, [...this.#byTopic.get(topic) ?? [], link]);
    }
    this.filters = [...this.#byTopic.keys()];
  }

  hears(message: Message): boolean {
    const links = this.#byTopic.get(message.topic) ?? [];
    for (const link of links) link.hears(message);
    return links.length > 0;
  }

  begins(publish: Publish): void {
    for (const link of this.#links) link.begins(publish);
  }

  /** Nobody knows how they are while the broker is away, and nothing reaches them. */
  ends(): void {
    for (const link of this.#links) link.ends();
  }
}

interface World {
  channels: Channels;
  log: Log;
  random: () => number;
}

class Link {
  readonly topics: readonly string[];
  readonly #mapped: Mapped;
  readonly #world: World;
  #isThere = false;
  /** Nobody would say that it is gone, and it told nothing since it was taken for gone [N41]. */
  #isSilent = false;
  #publish: Publish | null = null;
  #channel: Channel | null = null;
  #isOpening = false;
  #failures = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #proving: ReturnType<typeof setInterval> | undefined;
  #refused = "";

  constructor({ device, mapping, topic, vars }: MappedDevice, world: World) {
    this.#mapped = new Mapped(mapping, { device, topic, vars });
    this.#world = world;
    this.topics = this.#mapped.topics();
  }

  hears({ topic, payload, retained }: Message): void {
    const { frames, presence, unmapped } = this.#mapped.heard(topic, payload, retained, Date.now());
    const { device } = this.#mapped;
    if (unmapped) this.#world.log("bridge_unmapped", { device, places: unmapped });
    // What it says as it goes is still its own.
    this.#send(frames);
    if (presence !== undefined) this.#isThere = presence === "online";
    if (!retained) this.#isSilent = false;
    if (this.#isThere) void this.#open();
    else this.#close();
  }

  begins(publish: Publish): void {
    this.#publish = publish;
    if (this.#isThere) void this.#open();
  }

  ends(): void {
    this.#publish = null;
    this.#close();
    // What the broker keeps is newer than what was heard, once it is back.
    this.#isThere = false;
    this.#mapped.interrupted();
  }

  get #isWanted(): boolean {
    return this.#isThere && !this.#isSilent && this.#publish !== null;
  }

  async #open(): Promise<void> {
    if (!this.#isWanted || this.#channel || this.#isOpening || this.#again !== undefined) return;
    this.#isOpening = true;
    const { device } = this.#mapped;
    const opened = await this.#world.channels.open("device", { sort: "bridged", device }, {
      text: (text) => this.#told(text),
      closed: (code) => this.#lost(code),
    });
    this.#isOpening = false;
    if (!opened.ok) return this.#refuses(opened.fault);
    this.#channel = opened.value;
    this.#refused = "";
    if (!this.#isWanted) this.#close();
  }

  #refuses({ code, message }: { code: string; message: string }): void {
    if (this.#refused !== code) {
      this.#world.log("bridge_device_refused", { device: this.#mapped.device, code, message });
    }
    this.#refused = code;
    this.#retry();
  }

  #told(text: string): void {
    // The answer to a proof of life.
    if (text === "pong") return;
    const frame: ToDevice = JSON.parse(text);
    if (frame.type === "welcome") this.#proves(frame.heartbeat);
    const { publishes, frames } = this.#mapped.told(frame, Date.now());
    for (const one of publishes) this.#say(one);
    this.#send(frames);
  }

  /** Its Last Will says that it is there, and the broker looks after that: so does this, towards the hub [N41]. */
  #proves(heartbeat: number): void {
    this.#failures = 0;
    const prove = () => {
      if (this.#mapped.isVouched) this.#channel?.send("ping");
    };
    clearInterval(this.#proving);
    this.#proving = setInterval(prove, heartbeat * SECOND);
    prove();
  }

  #say({ topic, payload, qos, retain }: Published): void {
    this.#publish?.(topic, payload, { qos, retain });
  }

  #send(frames: readonly unknown[]): void {
    for (const frame of frames) this.#channel?.send(JSON.stringify(frame));
  }

  /** The hub ended it. */
  #lost(code: number): void {
    this.#forget();
    if (code === CLOSE.heartbeat_lost) this.#isSilent = !this.#mapped.isVouched;
    // Somebody else is this device: whoever comes back at once takes it over again and again [Z].
    // But one that was deleted may be made anew, and its credential is the bridge's: that is asked again soon [N41].
    this.#retry(mayReconnect(code) || code === CLOSE.revoked ? 0 : AFTER_A_WORD);
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#channel?.close();
    this.#forget();
  }

  #forget(): void {
    clearInterval(this.#proving);
    if (this.#channel) this.#mapped.closed();
    this.#channel = null;
  }

  #retry(least = 0): void {
    if (!this.#isWanted) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.#open();
    }, least + retryDelay(++this.#failures, this.#world.random) * SECOND);
  }
}
