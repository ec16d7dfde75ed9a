/** A clock that is driven, and a hub made of arrays: what the tests of the device library talk to. */
import type { Clock } from "../../src/device/clock.ts";
import { connect, type DeviceOptions, type Status, type Trouble } from "../../src/device/client.ts";
import type { Fetch } from "../../src/device/probe.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import relay from "../../devices/relay.ts";

// deno-lint-ignore no-explicit-any
export type Frame = { type: string } & Record<string, any>;

/** Lets handlers, which are asynchronous, go on. */
export const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

export class FakeClock implements Clock {
  #now = 5_000;
  #timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Time passes; promises go on between two timers. */
  async advance(seconds: number): Promise<void> {
    const until = this.#now + seconds * 1000;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = until;
  }

  get waiting(): number {
    return this.#timers.size;
  }
}

/** One connection as the hub sees it. */
export class FakeSocket {
  onopen: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  readonly url: string;
  readonly protocols: string[];
  /** What the device sent and no test took yet. */
  inbox: Frame[] = [];
  /** Binary frames, which are the bytes of blobs. */
  readonly bytes: Uint8Array[] = [];
  pings = 0;
  answersPings = true;
  closedWith: number | null = null;
  bufferedAmount = 0;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string | Uint8Array): void {
    if (this.closedWith !== null) return;
    if (typeof text !== "string") return void this.bytes.push(text);
    if (text !== "ping") return void this.inbox.push(JSON.parse(text));
    this.pings += 1;
    if (this.answersPings) queueMicrotask(() => this.say("pong"));
  }

  close(code = 1005): void {
    this.closedWith ??= code;
  }

  /** The device is let in. */
  open(): void {
    this.onopen?.({} as never);
  }

  say(frame: Frame | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.onmessage?.({ data } as never);
  }

  /** The hub or the network ends it; before `open` that is a refusal. */
  end(code: number, reason = ""): void {
    this.onerror?.({} as never);
    this.onclose?.({ code, reason } as never);
  }

  take(type?: string): Frame[] {
    const taken = this.inbox.filter((frame) => type === undefined || frame.type === type);
    this.inbox = this.inbox.filter((frame) => !taken.includes(frame));
    return taken;
  }
}

export const TOKEN = "lamp.0123456789abcdef";
/** The hub's clock at the first welcome. */
export const HUB_TIME = 1_786_000_000_000;

export class FakeHub {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  readonly statuses: Status[] = [];
  readonly troubles: Trouble[] = [];
  /** What `GET /api/v1/me` answers: a status, or nothing when it cannot be reached. */
  me: { status: number; headers?: Record<string, string>; code?: string } | null = null;
  readonly asked: string[] = [];
  random = () => 0.5;
  readonly WebSocket: new (url: string, protocols: string[]) => FakeSocket;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  readonly fetch: Fetch = (url, { headers }) => {
    this.asked.push(`${url} ${headers.Authorization}`);
    if (!this.me) return Promise.reject(new TypeError("unreachable"));
    const { status, headers: more, code } = this.me;
    return Promise.resolve(new Response(JSON.stringify({ code, detail: "No." }), { status, headers: more }));
  };

  /** What makes a device of the library talk to this hub. */
  get options() {
    return {
      url: "http://hub.test:8000",
      token: TOKEN,
      boot: "b1",
      clock: this.clock,
      random: () => this.random(),
      WebSocket: this.WebSocket,
      fetch: this.fetch,
      onStatus: (status: Status) => void this.statuses.push(status),
      onTrouble: (trouble: Trouble) => void this.troubles.push(trouble),
    };
  }

  relay(options: Partial<DeviceOptions<typeof relay>> = {}) {
    return this.device(relay, options);
  }

  device<K extends AnyKind>(kind: K, options: Partial<DeviceOptions<K>> = {}) {
    return connect(kind, { ...this.options, ...options });
  }

  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1];
  }

  /** Lets the newest socket in, and says welcome. */
  welcome(more: Partial<Frame> = {}): FakeSocket {
    const { socket } = this;
    socket.open();
    socket.say({
      type: "welcome",
      protocol: 1,
      device: "lamp",
      time: this.time,
      heartbeat: 30,
      limits: { maxFrame: 65_536, rate: 100, burst: 500, maxBlob: 4_194_304 },
      desired: { version: 0, state: {} },
      ...more,
    });
    return socket;
  }

  get time(): number {
    return HUB_TIME + this.clock.now();
  }

  command(name: string, params = {}, more: Partial<Frame> = {}): void {
    this.socket.say({ type: "command", id: "c1", name, params, ttl: 10, expires: this.time + 10_000, ...more });
  }

  /** The connection breaks, and the device comes back. */
  async reconnect(more: Partial<Frame> = {}): Promise<FakeSocket> {
    this.socket.end(1006);
    const status = this.statuses[this.statuses.length - 1];
    if (status.state !== "waiting") throw new Error(status.state);
    await this.clock.advance(status.seconds);
    return this.welcome(more);
  }
}
