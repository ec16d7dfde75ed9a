/** A device made by hand, honest and lasting: whatever happens to the hub, it knows what it did [C13]. */
import type { Frame, Trace } from "../simulation/trace.ts";
import { type Door, type Json, pause } from "./door.ts";
import { Link, type Open } from "./link.ts";
import type { Random } from "./random.ts";

export interface DeviceOptions {
  device: string;
  token: string;
  secret: string;
  door: Door;
  trace: Trace;
  random: Random;
  /** Ms that it takes for a command: from, to. */
  takes: readonly [number, number];
  /** Does it say in a `hello` which commands it still works on or has an outcome for [C15]? */
  greets: boolean;
  /** What it reports on each connection. */
  reports?: Json;
}

/** A command that it was given; kept for ever. */
interface Known {
  outcome: { ok: true } | { ok: false; error: { code: string; message: string } } | null;
  isStored: boolean;
  isCancelled: boolean;
}

export class LoadDevice {
  readonly #options: DeviceOptions;
  readonly #known = new Map<string, Known>();
  /** Samples that no `stored` named yet. */
  #unstored: Frame[] = [];
  #uptime = 0;
  /** The connection that it greeted: before its `hello` a `seq` would have another scope [T5]. */
  #greeted = "";
  readonly #link: Link;
  readonly #pulse: ReturnType<typeof setInterval>;

  constructor(options: DeviceOptions) {
    this.#options = options;
    const { device, token } = options;
    const peer = { sort: "device", device, token, machine: device } as const;
    this.#link = new Link({ ...options, name: device, peer }, (frame, open) => this.#hear(frame, open));
    this.#pulse = setInterval(() => this.#beat(), 700);
  }

  get isConnected(): boolean {
    return this.#link.open !== null;
  }

  /** Says nothing more by itself. */
  rest(): void {
    clearInterval(this.#pulse);
  }

  async stop(): Promise<void> {
    this.rest();
    await this.#link.stop();
  }

  /** A proof of life, now and then with a sample: one that must not be lost where its `seq` has a scope [T5]. */
  #beat(): void {
    const { open } = this.#link;
    if (!open || open.connection !== this.#greeted) return;
    if (this.#options.random.chance(0.5)) return this.#say({ type: "ping" });
    const sample = { type: "telemetry", data: { uptime: ++this.#uptime } };
    if (!this.#options.greets) return this.#say(sample);
    this.#unstored.push({ ...sample, seq: this.#uptime });
    this.#say(this.#unstored.at(-1)!);
  }

  #hear(frame: Frame, { connection }: Open): void {
    this.#options.trace.note({ type: "told", connection, frame });
    const known = this.#known.get(frame.id);
    switch (frame.type) {
      case "welcome":
        this.#greeted = connection;
        return this.#greet();
      case "command":
        return known ? this.#answer(frame.id) : void this.#act(frame);
      case "cancel":
        if (known) known.isCancelled = true;
        return;
      case "stored":
        if (known) known.isStored = true;
        else this.#unstored = this.#unstored.filter(({ seq }) => seq > frame.seq);
        return;
      case "error":
        // The store did not take it now: once more, a little later.
        if (known && frame.code === "storage_unavailable") setTimeout(() => this.#answer(frame.id), 300);
    }
  }

  #greet(): void {
    const open = [...this.#known].filter(([, { isStored }]) => !isStored).map(([id]) => id);
    if (this.#options.greets) this.#say({ type: "hello", boot: "b1", maxFrame: 4096, commands: open });
    if (this.#options.reports) this.#say({ type: "state", reported: this.#options.reports });
    for (const id of open) this.#answer(id);
    for (const sample of this.#unstored) this.#say(sample);
  }

  async #act({ id, ttl }: Frame): Promise<void> {
    const { trace, random, takes, device } = this.#options;
    const limit = Date.now() + ttl * 1000;
    const known: Known = { outcome: null, isStored: false, isCancelled: false };
    this.#known.set(id, known);
    if (random.chance(0.7)) this.#say({ type: "received", id });
    await pause(random.whole(...takes));
    if (random.chance(0.1)) this.#say({ type: "progress", id, percent: 50 });
    const connection = this.#link.open?.connection ?? "";
    if (Date.now() >= limit) known.outcome = failure("expired");
    else if (known.isCancelled) known.outcome = failure("cancelled");
    else if (random.chance(0.05)) known.outcome = failure("jammed");
    else {
      trace.note({ type: "acted", connection, machine: device, command: id });
      known.outcome = { ok: true };
    }
    this.#answer(id);
  }

  #answer(id: string): void {
    const { outcome } = this.#known.get(id)!;
    if (outcome) this.#say({ type: "result", id, ...outcome });
  }

  /** Over whichever connection there is. */
  #say(frame: Frame): void {
    const { open } = this.#link;
    if (open?.send(frame)) this.#options.trace.note({ type: "said", connection: open.connection, frame });
  }
}

const failure = (code: string) => ({ ok: false as const, error: { code, message: `It is ${code}` } });
