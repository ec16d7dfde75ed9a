/** A device at work: what it says and what it is told, put together from link, outbox, inbox and twin. */
import type { AnyKind, EventsOf, StateOf, TelemetryOf } from "../kind/kind.ts";
import { FAULTS, isFaultCode } from "../protocol/fault.ts";
import type { FrameOf } from "../protocol/from_device.ts";
import { Blobs } from "./blobs.ts";
import type { Device, DeviceOptions, Patch } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Fence } from "./fence.ts";
import { type FromHub, type FromHubOf, readHubFrame } from "./from_hub.ts";
import { greetingOf } from "./greeting.ts";
import { HubClock } from "./hub_clock.ts";
import { Inbox } from "./inbox.ts";
import { type AnyHandler, messageOf } from "./handlers.ts";
import { type AnyStreamHandler, Lanes } from "./lanes.ts";
import { Link, type SocketConstructor, type Status } from "./link.ts";
import type { Counters } from "./outbox.ts";
import { Pace } from "./pace.ts";
import { Telling } from "./telling.ts";
import { Twin } from "./twin.ts";

type Doc = Record<string, unknown>;

/** How long to leave a hub alone that asked for less, or could not write. */
const PAUSE_MS = 1_000;

/** What is known of the hub while the connection stands. */
interface Welcomed {
  pace: Pace;
  clock: HubClock;
}

export class Connected<K extends AnyKind> implements Device<K> {
  readonly #options: DeviceOptions<K>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #link: Link;
  readonly #telling: Telling;
  readonly #inbox: Inbox;
  readonly #blobs: Blobs;
  readonly #lanes: Lanes;
  readonly #twin: Twin | null;
  readonly #waiters = new Set<() => void>();
  readonly #greeting: FrameOf<"hello">;
  /** Set from `welcome` until the connection ends. */
  #hub: Welcomed | null = null;
  #welcomes = 0;

  constructor(kind: K, options: DeviceOptions<K>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#greeting = greetingOf(options, this.#random);
    const fence = new Fence();
    this.#inbox = new Inbox({
      handlers: {
        identify: () => this.#identify(),
        get_diagnostics: () => this.#diagnostics(),
        ...options.commands as Record<string, AnyHandler>,
      },
      check: kind.check,
      fence,
      tell: (frame) => this.#hub && this.#link.send(JSON.stringify(frame)),
      answered: (_, name, outcome) => {
        options.onOutcome?.(name, outcome);
        this.#telling.pump();
      },
      thrown: (name, error) => this.#trouble(name, error),
    });
    this.#blobs = new Blobs({
      clock: this.#clock,
      prefix: this.#random().toString(36).slice(2, 14).padEnd(12, "0"),
      send: (data) => this.#link.send(data),
      ahead: () => this.#link.ahead,
    });
    this.#lanes = new Lanes({
      clock: this.#clock,
      kind,
      handlers: { ...options.streams as Record<string, AnyStreamHandler> },
      fence,
      tell: (frame) => this.#hub && this.#link.send(JSON.stringify(frame)),
      silent: (name) => options.silent?.(name as never),
      thrown: (name, error) => this.#trouble(name, error),
    });
    this.#twin = options.onDesired
      ? new Twin({
        take: (state, version) => options.onDesired!(state as Partial<StateOf<K>>, version),
        answer: (applied) => this.#telling.say({ type: "state", reported: {}, applied }),
        thrown: (error) => this.#trouble("desired", error),
      })
      : null;
    this.#telling = new Telling({
      clock: this.#clock,
      buffer: options.buffer,
      stale: kind.stale,
      inbox: this.#inbox,
      twin: this.#twin,
      send: (frame) => this.#link.send(JSON.stringify(frame)),
      tooLarge: (type) => this.#tooLarge(type),
    });
    this.#link = new Link({
      url: options.url,
      token: options.token,
      attended: options.attended ?? false,
      WebSocket: options.WebSocket ?? standardWebSocket(),
      fetch: options.fetch ?? globalThis.fetch,
      clock: this.#clock,
      random: this.#random,
    }, {
      opened: () => this.#hello(),
      text: (text) => this.#hear(readHubFrame(text)),
      down: () => this.#down(),
      status: (status) => {
        options.onStatus?.(status);
        this.#look();
      },
    });
    this.#link.open();
  }

  telemetry(data: TelemetryOf<K>, ago = 0): void {
    this.#telling.say({ type: "telemetry", data }, ago);
  }

  report(state: Patch<StateOf<K>>): void {
    this.#telling.report(state);
  }

  event<N extends keyof EventsOf<K> & string>(name: N, data: EventsOf<K>[N], ago = 0): void {
    this.#telling.say({ type: "event", name, data: data as Doc }, ago);
  }

  blob(mime: string, bytes: Uint8Array, { command }: { command?: string } = {}): Promise<string> {
    return this.#blobs.add(mime, bytes, command);
  }

  get status(): Status {
    return this.#link.status;
  }

  get counters(): Readonly<Counters> {
    return { ...this.#telling.outbox.counters };
  }

  get state(): Patch<StateOf<K>> {
    return { ...this.#telling.reported } as Patch<StateOf<K>>;
  }

  settled(seconds = Infinity): Promise<boolean> {
    const isSettled = () =>
      this.#telling.outbox.counters.buffered === 0 && this.#inbox.open.length === 0 && this.#blobs.isEmpty;
    return new Promise((resolve) => {
      const done = (is: boolean) => {
        stop();
        this.#waiters.delete(look);
        resolve(is);
      };
      const stop = seconds === Infinity ? () => {} : this.#clock.after(seconds * 1000, () => done(isSettled()));
      const isOver = () => this.status.state === "closed" || this.status.state === "stopped";
      const look = () => (isSettled() || isOver()) && done(isSettled());
      this.#waiters.add(look);
      look();
    });
  }

  close(): void {
    this.#inbox.abort();
    this.#lanes.close();
    this.#blobs.close();
    this.#link.close();
  }

  #hello(): void {
    this.#telling.outbox.rewind();
    this.#inbox.rewind();
    this.#lanes.rewind();
    this.#link.send(JSON.stringify({ ...this.#greeting, commands: this.#inbox.open }));
  }

  #down(): void {
    this.#hub = null;
    this.#blobs.down();
    this.#telling.down();
  }

  #hear(frame: FromHub | undefined): void {
    switch (frame?.type) {
      case "welcome":
        return this.#welcome(frame);
      case "command":
        // Before a welcome, which no hub does, there is nothing to go by but the frame itself.
        return this.#inbox.command(frame, this.#hub?.clock.msLeft(frame, this.#clock.now()) ?? frame.ttl * 1000);
      case "cancel":
        return this.#inbox.cancel(frame.id);
      case "desired":
        return this.#twin?.desired(frame.version, frame.state);
      case "stream":
        return this.#lanes.stream(frame);
      case "stored":
        if (frame.seq !== undefined) this.#telling.outbox.stored(frame.seq);
        if (frame.id !== undefined) this.#inbox.stored(frame.id);
        if (frame.blob !== undefined) this.#blobs.stored(frame.blob);
        return this.#settle();
      case "error":
        this.#refused(frame);
        return this.#settle();
    }
  }

  #welcome({ device, time, heartbeat, limits, desired }: FromHubOf<"welcome">): void {
    const now = this.#clock.now();
    this.#welcomes += 1;
    const pace = new Pace(limits, now);
    this.#hub = { pace, clock: new HubClock(time, now, heartbeat) };
    this.#telling.welcomed({ limits, pace });
    this.#link.welcomed(device, heartbeat);
    this.#telling.lookAtState(now);
    if (desired?.state) this.#twin?.desired(desired.version, desired.state);
    else this.#twin?.hold();
    this.#telling.pump();
    this.#blobs.welcomed({ limits, pace });
  }

  #refused({ code, message, of, seq, id, pointer }: FromHubOf<"error">): void {
    const passes = isFaultCode(code) && FAULTS[code].retryable;
    if (seq !== undefined) {
      if (passes) this.#telling.outbox.putBack(seq);
      else if (pointer?.startsWith("#/samples/")) this.#telling.outbox.refuseSample(seq);
      else this.#telling.outbox.refuse(seq);
    }
    if (id !== undefined && of === "result") passes ? this.#inbox.putBack(id) : this.#inbox.stored(id);
    if (passes) this.#hub?.pace.pause(this.#clock.now(), PAUSE_MS);
    if (id !== undefined && of === "blob") this.#blobs.refused(id, { code, message }, passes);
    this.#options.onTrouble?.({ code, message, of, pointer });
    // [T5] Without its `hello` every `seq` would count in another scope than it was given in.
    if (of === "hello" && passes) this.#link.again(message);
  }

  #settle(): void {
    this.#telling.pump();
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiters) look();
  }

  #tooLarge(of: string): void {
    this.#options.onTrouble?.({ code: "too_large", message: "larger than a frame may be; it was not sent", of });
  }

  #trouble(of: string, error: unknown): void {
    this.#options.onTrouble?.({ code: "internal", message: messageOf(error), of });
  }

  /** What a device does that has nothing to blink with. */
  #identify(): void {
    console.info(`identify: this is ${this.status.state === "online" && this.status.device}`);
  }

  /** What this library knows of itself; a device that knows more, such as its free memory, answers by its own handler. */
  #diagnostics() {
    const { firmware, boot } = this.#greeting;
    return {
      ...(firmware && { firmware }),
      boot: boot!,
      reconnects: this.#welcomes - 1,
      ...this.#telling.outbox.counters,
    };
  }
}

function standardWebSocket(): SocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor };
  if (!WebSocket) throw new TypeError("there is no WebSocket here; give one, such as that of the package ws");
  return WebSocket;
}
