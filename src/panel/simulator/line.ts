/** A device's line to the hub that can be cut, left half open, slowed down, and made to tell a wrong time. */
import type { Fetch } from "../../device/probe.ts";
import type { Socket, SocketConstructor } from "../../device/link.ts";
import type { Fault } from "./faults.ts";

/** Each way, in ms. */
const SLOW_BY = 2_000;
/** So far ahead is a clock that is wrong, in ms [T3]. */
const AHEAD_BY = 3_600_000;

type Message = { data: unknown };
type Closing = { code: number; reason: string };

export class Line {
  readonly #on: ReadonlySet<Fault>;
  readonly #open: SocketConstructor;
  readonly #wires = new Set<Wire>();

  constructor(on: ReadonlySet<Fault>, open: SocketConstructor) {
    this.#on = on;
    this.#open = open;
  }

  /** What the client library is given in place of the browser's own. */
  get WebSocket(): SocketConstructor {
    const [on, open, wires] = [this.#on, this.#open, this.#wires];
    return class extends Wire {
      constructor(url: string, protocols: string[]) {
        super(on, () => new open(url, protocols));
        for (const wire of wires) if (wire.isGone) wires.delete(wire);
        wires.add(this);
      }
    };
  }

  get fetch(): Fetch {
    return (url, init) =>
      this.#on.has("cut") || this.#on.has("half_open")
        ? Promise.reject(new TypeError("there is no line"))
        : fetch(url, init);
  }

  /** After a fault was set or taken away. */
  changed(fault: Fault): void {
    if (fault !== "cut" && fault !== "half_open") return;
    for (const wire of this.#wires) {
      if (fault === "cut" && this.#on.has("cut")) wire.cut();
      if (fault === "half_open" && !this.#on.has("half_open")) wire.thaw();
      if (wire.isGone) this.#wires.delete(wire);
    }
  }

  /** As it is, past the client library. */
  say(text: string): void {
    for (const wire of this.#wires) wire.raw(text);
  }
}

class Wire implements Socket {
  onopen: Socket["onopen"] = null;
  onerror: Socket["onerror"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  isGone = false;
  readonly #on: ReadonlySet<Fault>;
  #real: Socket | null = null;
  #latest = 0;
  /** The device left it while it was half open: the hub is not told. */
  #isLeft = false;

  constructor(on: ReadonlySet<Fault>, open: () => Socket) {
    this.#on = on;
    if (on.has("cut")) {
      setTimeout(() => this.#end({ code: 1006, reason: "" }));
      return;
    }
    // Nobody ever answers on a line that is half open.
    if (on.has("half_open")) return;
    const real = this.#real = open();
    real.onopen = ((event: never) => this.onopen?.(event)) as Socket["onopen"];
    real.onerror = ((event: never) => this.onerror?.(event)) as Socket["onerror"];
    real.onmessage = ((event: Message) => {
      if (!on.has("half_open")) this.#later(() => this.onmessage?.(event as never));
    }) as Socket["onmessage"];
    real.onclose = ((event: Closing) => {
      if (!on.has("half_open")) this.#end(event);
    }) as Socket["onclose"];
  }

  get bufferedAmount(): number {
    return this.#real?.bufferedAmount ?? 0;
  }

  send(data: string | Uint8Array): void {
    if (this.#on.has("half_open")) return;
    const said = typeof data === "string" && this.#on.has("clock") ? withWrongTime(data) : data;
    this.#later(() => this.#real?.send(said));
  }

  raw(text: string): void {
    if (!this.#on.has("half_open") && !this.isGone) this.#real?.send(text);
  }

  close(code?: number): void {
    if (this.#on.has("half_open") && this.#real) {
      this.#isLeft = true;
      return;
    }
    this.isGone = true;
    this.#real?.close(code);
  }

  /** Both ends are told, as by a proxy that went down. */
  cut(): void {
    this.#real?.close();
    this.#end({ code: 1006, reason: "" });
  }

  /** No longer half open: what was left behind meanwhile ends. */
  thaw(): void {
    if (this.#isLeft || !this.#real) this.cut();
  }

  #end(event: Closing): void {
    if (this.isGone) return;
    this.isGone = true;
    this.onclose?.(event as never);
  }

  /** In order, also where the line was slow a moment ago. */
  #later(run: () => void): void {
    const at = Math.max(performance.now() + (this.#on.has("slow") ? SLOW_BY : 0), this.#latest);
    this.#latest = at;
    const wait = at - performance.now();
    if (wait <= 0) run();
    else setTimeout(() => !this.isGone && run(), wait);
  }
}

/** Samples and events by the device's own clock, which is an hour ahead. */
export function withWrongTime(text: string): string {
  if (text === "ping") return text;
  const frame = JSON.parse(text);
  const at = Date.now() + AHEAD_BY;
  const timed = ({ ago: _, ...said }: Record<string, unknown>) => ({ ...said, at });
  switch (frame.type) {
    case "telemetry":
      return JSON.stringify(frame.samples ? { ...frame, samples: frame.samples.map(timed) } : timed(frame));
    case "event":
      return JSON.stringify(timed(frame));
    default:
      return text;
  }
}
