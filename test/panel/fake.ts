/** The panel's connection without a browser: sockets made of arrays, a driven clock, and frames drawn when a test says so. */
import { Hub } from "../../src/panel/live/hub.ts";
import type { Link, Socket } from "../../src/panel/live/line.ts";
import type { Counts } from "../../src/protocol/to_operator.ts";
import { FakeClock, settle } from "../device/fake.ts";

// deno-lint-ignore no-explicit-any
export type Frame = { type: string } & Record<string, any>;

/** A browser's socket: it throws before it is open, swallows after its end, and tells of that end later or never. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  /** What the panel sent and no test took yet. */
  inbox: Frame[] = [];
  pings = 0;
  answersPings = true;
  closedWith: number | null = null;
  #state: "connecting" | "open" | "ended" = "connecting";

  get readyState() {
    return ({ connecting: 0, open: 1, ended: 2 } as const)[this.#state];
  }

  send(text: string): void {
    if (this.#state === "connecting") throw new DOMException("Still in CONNECTING state", "InvalidStateError");
    if (this.#state === "ended") return;
    if (text !== "ping") return void this.inbox.push(JSON.parse(text));
    this.pings += 1;
    if (this.answersPings) queueMicrotask(() => this.say("pong"));
  }

  close(code = 1005): void {
    this.closedWith ??= code;
    this.#state = "ended";
  }

  open(): void {
    this.#state = "open";
    this.onopen?.call(null as never, new Event("open"));
  }

  say(frame: Frame | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.onmessage?.call(null as never, { data } as MessageEvent);
  }

  /** It is closing, and has not said so yet. */
  fade(): void {
    this.#state = "ended";
  }

  /** The hub or the network ended it. */
  end(code: number, reason = ""): void {
    this.#state = "ended";
    this.onclose?.call(null as never, { code, reason } as CloseEvent);
  }

  take(type?: string): Frame[] {
    const taken = this.inbox.filter((frame) => type === undefined || frame.type === type);
    this.inbox = this.inbox.filter((frame) => !taken.includes(frame));
    return taken;
  }

  takeOne(type: string): Frame {
    const taken = this.take(type);
    if (taken.length !== 1) throw new Error(`${taken.length} frames of type ${type}`);
    return taken[0];
  }
}

export const ANN = { id: "ann", name: "Ann", role: "operator" } as const;
/** A command, as a control asks for it. */
export const SET = { device: "lamp", name: "set", params: { on: true } };
/** How far the hub's clock is ahead of this computer's. */
export const AHEAD = 90_000;

export class FakePanel {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  readonly links: Link[] = [];
  random = 0.5;
  /** What REST says of the session, when asked; a promise, because REST takes its time. */
  mayRetry: () => boolean | Promise<boolean> = () => true;
  asked = 0;
  #drawn: (() => void)[] = [];
  readonly hub: Hub;

  constructor() {
    this.hub = new Hub({
      open: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket;
      },
      soon: (run) => void this.#drawn.push(run),
      now: () => this.now,
      random: () => this.random,
      clock: this.clock,
      mayRetry: async () => {
        this.asked += 1;
        return await this.mayRetry();
      },
    });
    this.hub.link.subscribe(() => this.links.push(this.hub.link.get()));
  }

  /** This computer's clock. */
  get now(): number {
    return 1_786_000_000_000 + this.clock.now();
  }

  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1];
  }

  get link(): Link {
    return this.hub.link.get();
  }

  /** In seconds; fails where the panel does not mean to come back. */
  get retryIn(): number {
    if (this.link.phase !== "waiting") throw new Error(`the link is ${this.link.phase}`);
    return (this.link.retryAt - this.now - this.hub.offset.get()) / 1000;
  }

  /** Lets the newest socket in, and says welcome. */
  welcome(): FakeSocket {
    const { socket } = this;
    socket.open();
    socket.say({ type: "welcome", protocol: 1, operator: ANN, time: this.now + AHEAD, build: "0.1.0" });
    return socket;
  }

  connected(): FakeSocket {
    this.hub.connect();
    return this.welcome();
  }

  async reconnected(code = 1006): Promise<FakeSocket> {
    this.socket.end(code);
    await this.clock.advance(this.retryIn);
    return this.welcome();
  }

  /** The next animation frame. Returns how much was to be drawn. */
  draw(): number {
    const drawn = this.#drawn;
    this.#drawn = [];
    for (const run of drawn) run();
    return drawn.length;
  }
}

export const counts = (some: Partial<Counts> = {}): Counts => ({
  new: 0,
  online: 0,
  suspect: 0,
  sleeping: 0,
  offline: 0,
  ...some,
});

/** What a promise came to, by now. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = "pending";
  promise.then((value) => outcome = { value }, (error) => outcome = { code: error.fault?.code ?? String(error) });
  await settle();
  return outcome;
}
