/** The connection to the hub: it comes back by itself, proves itself by pings, and says how it stands [F1, O1]. */
import { type Clock, systemClock } from "../../device/clock.ts";
import { type Heartbeat, heartbeat } from "../../device/heartbeat.ts";
import type { OperatorView } from "../../protocol/record.ts";
import type { ToOperator } from "../../protocol/to_operator.ts";
import { nextAfter } from "./policy.ts";
import { type Value, valueOf } from "./value.ts";

/** Moments are on the hub's clock, like every other on the screen. */
export type Link =
  | { phase: "connecting"; lostAt: number | null }
  | { phase: "open"; operator: OperatorView; build: string }
  | { phase: "waiting"; lostAt: number | null; retryAt: number; why: string }
  | { phase: "stopped"; lostAt: number | null; why: string; code: number };

/** A browser's WebSocket, as far as it is used here. */
export type Socket =
  & Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">
  & Partial<Pick<WebSocket, "bufferedAmount" | "readyState">>;

export interface LinePorts {
  open(): Socket;
  /** This computer's clock in ms. */
  now(): number;
  random(): number;
  clock?: Clock;
  /** The socket never opened: is the session still good [H5]? False stops. */
  mayRetry(): Promise<boolean>;
}

interface Hears {
  onFrame(frame: ToOperator): void;
  /** Before the link says that it is open. */
  onOpen(): void;
  /** After the link was told. */
  onOpened(): void;
  /** Whatever was asked over it has no answer any more. */
  onEnd(): void;
}

/** How often to prove the link, in seconds. */
const PING_EVERY = 30;
/** No welcome within this, in ms, is no connection. */
const OPENING = 15_000;

/** A browser's `readyState` of a socket that takes texts. */
const OPEN = 1;

export class Line {
  readonly link: Value<Link> = valueOf<Link>({ phase: "connecting", lostAt: null });
  /** The hub's clock minus ours, in ms, so that ages do not depend on this computer's clock. */
  readonly offset: Value<number> = valueOf(0);
  isOpen = false;
  #ports: LinePorts;
  #hears: Hears;
  #clock: Clock;
  #socket: Socket | null = null;
  #heartbeat: Heartbeat | null = null;
  #beatEvery = PING_EVERY;
  #cancelTimer = () => {};
  #failures = 0;
  #lostAt: number | null = null;

  constructor(ports: LinePorts, hears: Hears) {
    this.#ports = ports;
    this.#hears = hears;
    this.#clock = ports.clock ?? systemClock;
  }

  connect = (): void => {
    this.#end()?.close();
    this.link.set({ phase: "connecting", lostAt: this.#lostAt });
    const socket = this.#socket = this.#ports.open();
    socket.onmessage = ({ data }) => socket === this.#socket && this.#onText(String(data));
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#onClose(code, reason);
    this.#cancelTimer = this.#clock.after(OPENING, () => socket === this.#socket && this.#drop());
  };

  /** Ends the connection for good: somebody signed out. */
  stop(): void {
    this.#end()?.close(1000);
    this.#lostAt = null;
    this.link.set({ phase: "connecting", lostAt: null });
  }

  /** A socket that is closing drops what it is given, some time before it says that it has closed. */
  get canSend(): boolean {
    return this.isOpen && (this.#socket?.readyState ?? OPEN) === OPEN;
  }

  /** So many bytes still wait in this browser. */
  get waiting(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(frame: Record<string, unknown>): void {
    if (this.canSend) this.#socket?.send(JSON.stringify(frame));
  }

  /** How often to prove the link from now on, in seconds: what this window holds may hang on it [G2]. */
  beatEvery(seconds: number = PING_EVERY): void {
    if (this.#beatEvery === seconds) return;
    this.#beatEvery = seconds;
    if (this.isOpen) this.#beat();
  }

  #onText(text: string): void {
    this.#heartbeat?.heard();
    if (text.trim() === "pong") return;
    const frame = frameIn(text);
    if (frame?.type === "welcome") this.#onWelcome(frame);
    else if (frame) this.#hears.onFrame(frame);
  }

  #onWelcome({ operator, build, time }: Extract<ToOperator, { type: "welcome" }>): void {
    this.#cancelTimer();
    this.isOpen = true;
    this.#failures = 0;
    this.offset.set(time - this.#ports.now());
    this.#beat();
    this.#hears.onOpen();
    this.link.set({ phase: "open", operator, build });
    this.#hears.onOpened();
  }

  #beat(): void {
    this.#heartbeat?.stop();
    const ping = () => this.canSend && this.#socket?.send("ping");
    this.#heartbeat = heartbeat(this.#clock, this.#beatEvery, ping, () => this.#drop());
  }

  /** Half open: the close may never come, so it is treated as come. */
  #drop(): void {
    const socket = this.#socket;
    this.#onClose(1006, "");
    socket?.close();
  }

  #onClose(code: number, reason: string): void {
    const wasOpen = this.isOpen;
    this.#end();
    const next = nextAfter({ code, reason, wasOpen, failures: ++this.#failures }, this.#ports.random);
    if (next.do === "stop") {
      return this.link.set({ phase: "stopped", lostAt: this.#lostAt, why: next.name, code: next.code });
    }
    const retryAt = this.#now() + next.seconds * 1000;
    this.link.set({ phase: "waiting", lostAt: this.#lostAt, retryAt, why: next.name });
    const again = next.do === "wait" ? this.connect : () => void this.#connectIfMay();
    this.#cancelTimer = this.#clock.after(next.seconds * 1000, again);
  }

  async #connectIfMay(): Promise<void> {
    const asked = this.link.get();
    const may = await this.#ports.mayRetry();
    // Meanwhile somebody may have tried by hand, or signed out.
    if (may && this.link.get() === asked) this.connect();
  }

  #now = (): number => this.#ports.now() + this.offset.get();

  /** Nothing of the connection goes on. Returns its socket, which may still have to be closed. */
  #end(): Socket | null {
    const socket = this.#socket;
    if (this.isOpen) this.#lostAt = this.#now();
    this.#socket = null;
    this.isOpen = false;
    this.#cancelTimer();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#hears.onEnd();
    return socket;
  }
}

/** [F6] Null where it is a text that we do not know. */
function frameIn(text: string): ToOperator | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
