/** A device of the soak: samples of one manner, pings, answers to commands, and a line that comes and goes. */
import { WebSocket } from "ws";
import type { Tally } from "./tally.ts";

/** How it tells its samples: as they come, each with a `seq`, or gathered, with their age and a `seq`. */
export type Manner = "plain" | "sequenced" | "gathered";
/** How its line ends: in order, without a word, or so that only a newer one shows it. */
export type End = "close" | "cut" | "freeze";

interface Unsettled {
  seq: number;
  text: string;
  samples: number;
}

const PING_EVERY = 30_000;
/** Samples of a frame that were gathered, and seconds between them. */
const GATHERED = 3;
const APART = 10;
/** How long the far end of a frozen line stays there after the newer one came, in ms. */
const THAWS = 20_000;
/** Ms within which a handshake is done, also on a busy machine. */
const PATIENCE = 60_000;

/** Of so many commands; the rest succeeds at once. */
const LOTS = 20;
const SLOW = 4;
const FAILING = 2;
const SILENT = 1;

export class SoakDevice {
  readonly id: string;
  readonly #url: string;
  readonly #token: string;
  readonly #manner: Manner;
  readonly #every: number;
  readonly #pings: boolean;
  readonly #tally: Tally;
  #socket: WebSocket | null = null;
  #boot = 1;
  #seq = 0;
  #unsettled: Unsettled[] = [];
  /** Samples without a `seq` on this connection: sent, proved by a later `pong`, and at the pings that wait for it. */
  #sent = 0;
  #proved = 0;
  #pinged: number[] = [];
  #sampleAt: number;
  #pingAt: number;
  /** Outcomes that are not known to be stored, by the command's id. */
  readonly #results = new Map<string, string>();
  #heard = Math.floor(Math.random() * LOTS);
  /** Samples that were surely accepted, and that may have been. */
  sure = 0;
  maybe = 0;

  constructor(url: string, device: { id: string; token: string }, manner: Manner, every: number, tally: Tally) {
    this.#url = `${url.replace(/^http/, "ws")}/device`;
    this.id = device.id;
    this.#token = device.token;
    this.#manner = manner;
    this.#every = manner === "gathered" ? every * GATHERED : every;
    // One without a `seq` has no other way to know that it was heard.
    this.#pings = manner === "plain" || Math.random() < 0.5;
    this.#tally = tally;
    this.#sampleAt = Date.now() + Math.random() * this.#every;
    this.#pingAt = Date.now() + Math.random() * PING_EVERY;
  }

  get isThere(): boolean {
    return this.#socket !== null;
  }

  /** Everything that it told was answered for. */
  get isSettled(): boolean {
    return this.#unsettled.length === 0 && this.#proved === this.#sent && this.#results.size === 0;
  }

  /** Comes (back): goes on once it was welcomed. */
  connect(): Promise<void> {
    const socket = new WebSocket(this.#url, {
      headers: { Authorization: `Bearer ${this.#token}` },
      perMessageDeflate: false,
      handshakeTimeout: PATIENCE,
    });
    return new Promise((resolve) => {
      const failed = (why: string) => {
        if (this.#socket === socket) this.#gone(false);
        this.#tally.fault(`device ${this.id}: ${why}`);
        resolve();
      };
      socket.once("message", () => {
        this.#begin(socket);
        resolve();
      });
      socket.on("error", (error: Error) => failed(error.message));
      // Whoever ended it himself does not listen to that any more.
      socket.on("close", (code: number) => failed(`closed with ${code}`));
    });
  }

  /** Its first sample, and a ping. */
  greet(): void {
    this.#sample();
    this.ping();
  }

  /** What is due by now. */
  act(now: number): void {
    if (this.#socket === null) return;
    if (now >= this.#sampleAt) {
      this.#sample();
      this.#sampleAt = Math.max(this.#sampleAt + this.#every, now);
    }
    if (this.#pings && now >= this.#pingAt) this.ping();
  }

  /** Proves with its `pong` what was sent before. */
  ping(): void {
    this.#pinged.push(this.#sent);
    this.#socket?.send("ping");
    this.#pingAt = Date.now() + PING_EVERY;
  }

  /** Ends its line; goes on when it may come back. A frozen one is still open at the hub then. */
  end(how: End): Promise<void> {
    const socket = this.#socket!;
    socket.removeAllListeners();
    socket.on("error", () => {});
    this.#gone(how === "close");
    if (how === "close") {
      return new Promise((resolve) => {
        socket.once("close", () => resolve());
        socket.close(1000);
      });
    }
    if (how === "cut") socket.terminate();
    else {
      socket.pause();
      setTimeout(() => socket.terminate(), THAWS);
    }
    return Promise.resolve();
  }

  /** Forgets what it had, as after a power cut. */
  reboot(): void {
    for (const { samples } of this.#unsettled) this.maybe += samples;
    this.#unsettled = [];
    this.#results.clear();
    this.#boot += 1;
    this.#seq = 0;
  }

  #gone(inOrder: boolean): void {
    this.#socket = null;
    const open = this.#sent - this.#proved;
    // Whoever says goodbye was heard out.
    if (inOrder) this.sure += open;
    else this.maybe += open;
    this.sure += this.#proved;
    this.#sent = this.#proved = 0;
    this.#pinged = [];
  }

  #begin(socket: WebSocket): void {
    this.#socket = socket;
    socket.on("message", (data: unknown) => this.#hear(String(data)));
    if (this.#manner !== "plain") {
      this.#say({ type: "hello", boot: `b${this.#boot}`, maxFrame: 4096, commands: [...this.#results.keys()] });
    }
    for (const { text } of this.#unsettled) socket.send(text);
    for (const result of this.#results.values()) socket.send(result);
  }

  #say(frame: unknown): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #sample(): void {
    const data = { power: Math.round(Math.random() * 2_000) / 10, energy: Math.round(Date.now() / 1000 % 1e6) / 1000 };
    if (this.#manner === "plain") {
      this.#sent += 1;
      return this.#say({ type: "telemetry", data });
    }
    const seq = ++this.#seq;
    const samples = Array.from({ length: GATHERED }, (_, index) => ({ ago: (GATHERED - 1 - index) * APART, data }));
    const frame = this.#manner === "gathered" ? { type: "telemetry", seq, samples } : { type: "telemetry", seq, data };
    const text = JSON.stringify(frame);
    this.#unsettled.push({ seq, text, samples: this.#manner === "gathered" ? GATHERED : 1 });
    this.#socket?.send(text);
  }

  #hear(text: string): void {
    if (text === "pong") {
      this.#proved = this.#pinged.shift() ?? this.#proved;
      return;
    }
    const frame = JSON.parse(text);
    if (frame.type === "command") this.#obey(frame.id, frame.name, frame.params);
    else if (frame.type === "stored" && frame.id !== undefined) this.#results.delete(frame.id);
    else if (frame.type === "stored") this.#settle(frame.seq);
    else if (frame.type === "error") this.#tally.fault(`device ${this.id}: ${text}`);
  }

  #settle(seq: number): void {
    while (this.#unsettled.length > 0 && this.#unsettled[0].seq <= seq) this.sure += this.#unsettled.shift()!.samples;
  }

  #obey(id: string, name: string, params: Record<string, unknown>): void {
    const known = this.#results.get(id);
    if (known !== undefined) return this.#socket?.send(known);
    const lot = this.#heard++ % LOTS;
    if (lot < SILENT) return;
    const isSlow = lot < SILENT + SLOW;
    const isFailing = lot >= LOTS - FAILING;
    const error = { code: "jammed", message: "It does not move." };
    const result = JSON.stringify({ type: "result", id, ok: !isFailing, ...(isFailing && { error }) });
    const answer = () => {
      this.#results.set(id, result);
      if (name === "set" && !isFailing) this.#say({ type: "state", reported: { on: params.on } });
      this.#socket?.send(result);
    };
    if (!isSlow) return answer();
    this.#say({ type: "received", id });
    setTimeout(answer, 300);
  }
}
