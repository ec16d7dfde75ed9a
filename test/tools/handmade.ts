/** A relay that nobody's library made: it keeps every rule, but for the sin that a test gives it. */
import { WebSocket } from "ws";

/** Ways to break one rule and no other. */
export interface Sins {
  actsAgain?: boolean;
  actsLate?: boolean;
  /** Does what an older driver wants: says that it did, or says no and does it all the same. */
  obeysAnybody?: "openly" | "in secret";
  answersNothing?: boolean;
  silentTo?: string;
  /** In ms, one after the other. */
  comesBackAfter?: number[];
  comesBackWhenRevoked?: boolean;
  forgetsResults?: boolean;
  appliesNothing?: boolean;
  tellsItsStateOnce?: boolean;
  /** In ms, what a pulse takes. */
  pulses?: number;
  goesOnAfterStop?: boolean;
  leavesAtUnknown?: boolean;
  /** Bytes that it really takes, and what it says of them. */
  takesOnly?: number;
  says?: number;
  answers?: Record<string, unknown>;
  fails?: Record<string, string>;
  silentWhenCancelled?: boolean;
  rebootsWithoutAWord?: boolean;
  keepsItsBoot?: boolean;
  sends?: (count: number) => object | string | Uint8Array | object[] | undefined;
  /** Every so many ms; once where it is 0. */
  pings?: number;
  token?: string;
}

type Frame = { type: string } & Record<string, unknown>;
type Outcome = { ok: boolean; value?: unknown; error?: { code: string; message: string } };

/** In ms, one after the other: no chance, so that no test hangs on it. */
const ORDINARY = [1_020, 1_350, 1_180, 1_500];
const failed = (code: string): Outcome => ({ ok: false, error: { code, message: `It is ${code}.` } });

export class Handmade {
  readonly #url: string;
  readonly #token: string;
  readonly #sins: Sins;
  readonly #results = new Map<string, Outcome & { isStored: boolean }>();
  /** Whose results are never told. */
  readonly #cancelled = new Set<string>();
  /** What it is in the middle of, and what tells the outcome. */
  readonly #busy = new Map<string, () => void>();
  #on = false;
  #fence = 0;
  #boot = 1;
  #ends = 0;
  #said = 0;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #socket: WebSocket | undefined;
  #isClosed = false;

  constructor(port: number, token: string, sins: Sins) {
    this.#url = `ws://127.0.0.1:${port}/device`;
    this.#token = sins.token ?? token;
    this.#sins = sins;
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#timers.forEach(clearTimeout);
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const socket = new WebSocket(this.#url, { headers: { Authorization: `Bearer ${this.#token}` } });
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("open", () => {
      this.#say({ type: "hello", boot: `boot-${this.#boot}`, maxFrame: this.#sins.says ?? 4_096 });
      if (!this.#sins.tellsItsStateOnce || this.#ends === 0) this.#say({ type: "state", reported: { on: this.#on } });
      this.#measure();
      this.#ping();
      for (const [id, { isStored, ...outcome }] of this.#results) {
        if (!isStored && !this.#sins.forgetsResults) this.#say({ type: "result", id, ...outcome });
      }
    });
    socket.on("message", (data) => this.#hear(String(data)));
    socket.on("close", (code) => {
      const { comesBackAfter = ORDINARY, comesBackWhenRevoked } = this.#sins;
      const ms = comesBackAfter[this.#ends++ % comesBackAfter.length];
      if (code < 4_500 || comesBackWhenRevoked) this.#later(ms, () => this.#connect());
    });
  }

  #later(ms: number, run: () => void): void {
    this.#timers.push(setTimeout(run, ms));
  }

  #ping(): void {
    const { pings } = this.#sins;
    if (pings === undefined) return;
    this.#say("ping");
    if (pings > 0) this.#later(pings, () => this.#ping());
  }

  #say(frame: object | string | Uint8Array): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame));
  }

  #measure(): void {
    const more = this.#sins.sends?.(++this.#said);
    this.#say({ type: "telemetry", data: { power: this.#on ? 60 : 0 } });
    for (const one of Array.isArray(more) ? more : [more]) if (one) this.#say(one);
  }

  #hear(text: string): void {
    const { takesOnly = Infinity, leavesAtUnknown } = this.#sins;
    if (text.length > takesOnly) return;
    const frame = read(text);
    switch (frame?.type) {
      case "command":
        return this.#command(frame);
      case "desired":
        return this.#desired(frame as never);
      case "stored":
        if (this.#results.has(String(frame.id))) this.#results.get(String(frame.id))!.isStored = true;
        return;
      case "cancel":
        if (this.#sins.silentWhenCancelled) this.#cancelled.add(String(frame.id));
        return;
      case "welcome":
        return;
      default:
        if (leavesAtUnknown) this.#socket?.close(1000);
    }
  }

  #desired({ version, state }: { version: number; state: { on?: boolean } }): void {
    if (state.on !== undefined) this.#on = state.on;
    const applied = this.#sins.appliesNothing ? {} : { applied: { version, ok: true } };
    this.#say({ type: "state", reported: { on: this.#on }, ...applied });
  }

  #command({ id, name, params, ttl, fence = this.#fence }: Frame): void {
    const { answersNothing, silentTo, actsAgain, actsLate, obeysAnybody } = this.#sins;
    if (answersNothing || name === silentTo) return;
    const known = this.#results.get(String(id));
    if (known && actsAgain) this.#act(String(name), params as never);
    const isOlder = Number(fence) < this.#fence;
    this.#fence = Math.max(this.#fence, Number(fence));
    const act = () => {
      if (isOlder && obeysAnybody !== "openly") {
        if (obeysAnybody === "in secret") this.#act(String(name), params as never);
        return failed("refused");
      }
      return this.#act(String(name), params as never);
    };
    const outcome = known ?? (Number(ttl) > 0 || actsLate ? act() : failed("expired"));
    this.#results.set(String(id), { isStored: false, ...outcome });
    if (name === "reboot" && this.#sins.rebootsWithoutAWord) return;
    const tell = () => {
      if (!this.#busy.delete(String(id)) || this.#cancelled.has(String(id))) return;
      const { isStored: _, ...told } = this.#results.get(String(id))!;
      this.#say({ type: "result", id, ...told });
    };
    this.#busy.set(String(id), tell);
    // Not at once: a cancel that came in the same breath is there by then.
    this.#later(name === "pulse" && !known ? this.#sins.pulses ?? 20 : 20, tell);
  }

  #stop(): Outcome {
    for (const [id, tell] of this.#sins.goesOnAfterStop ? [] : [...this.#busy]) {
      this.#results.set(id, { isStored: false, ...failed("cancelled") });
      tell();
    }
    return { ok: true };
  }

  #act(name: string, { on, channel }: { on: boolean; channel?: number }): Outcome {
    const value = this.#sins.answers?.[name];
    const code = this.#sins.fails?.[name];
    if (code) return failed(code);
    const done: Outcome = { ok: true, ...(value !== undefined && { value }) };
    switch (name) {
      case "identify":
        return done;
      case "get_diagnostics":
        return { ok: true, value: value ?? { free_heap: 1_000 } };
      case "toggle":
      case "set":
      case "pulse":
        if (channel !== undefined && channel !== 1) return failed("out_of_range");
        this.#on = name === "set" ? on : !this.#on;
        this.#say({ type: "state", reported: { on: this.#on } });
        this.#measure();
        return done;
      case "stop":
        return this.#stop();
      case "reboot":
        this.#later(100, () => this.#reboot());
        return done;
      default:
        return failed("unsupported");
    }
  }

  #reboot(): void {
    if (!this.#sins.keepsItsBoot) this.#boot += 1;
    this.#socket?.close(1000);
  }
}

function read(text: string): Frame | undefined {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}
