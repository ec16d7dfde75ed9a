/** The operator socket: one connection that comes back, requests with their replies, watches that survive it [O]. */
import { type Clock, systemClock } from "../../device/clock.ts";
import { type Heartbeat, heartbeat } from "../../device/heartbeat.ts";
import type { JobView } from "../../protocol/job.ts";
import type { BlobView, CommandRecord, EventView, OperatorView } from "../../protocol/record.ts";
import type { ToOperator } from "../../protocol/to_operator.ts";
import { HubError, NO_ANSWER, NOT_CONNECTED } from "./fault.ts";
import { Pause } from "./pause.ts";
import { nextAfter } from "./policy.ts";
import { randomId } from "./random.ts";
import { type Value, valueOf } from "./value.ts";
import type { Definition, Soon, WatchStore } from "./watch.ts";

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

interface Ports {
  open(): Socket;
  soon: Soon;
  /** This computer's clock in ms. */
  now(): number;
  random(): number;
  clock?: Clock;
  /** The socket never opened: is the session still good [H5]? False stops. */
  mayRetry(): Promise<boolean>;
}

interface Watched {
  definition: Definition;
  store: WatchStore;
  /** Definitions that the hub has not answered yet, oldest first: it answers in the order of asking [O1]. */
  asked: Definition[];
}

/** How often to prove the link, in seconds. */
const PING_EVERY = 30;
/** No welcome within this, in ms, is no connection. */
const OPENING = 15_000;

/** One text between the hub and a device, as a watch that includes `frames` shows it [O5]. */
export type DeviceFrame = Extract<ToOperator, { type: "frame" }>;

/** This operator lost a lease: to whom, and why [G5]. */
export type LeaseLost = Extract<ToOperator, { type: "lease" }>;

/** One frame of a real-time lane [L1]. */
export interface LaneFrame {
  device: string;
  name: string;
  data: Record<string, number>;
  n: number;
  fence?: number;
}

/** Why frames of a lane go nowhere; at most once a second [L2]. */
export type LaneRefusal = Pick<Extract<ToOperator, { type: "error" }>, "code" | "message">;

/** So many bytes still wait in this browser: what is added now comes too late. */
const FULL = 2_048;

/** A browser's `readyState` of a socket that takes texts. */
const OPEN = 1;

/** What can be asked by the socket and is answered by a reply [O7, O9]. */
type Asked = "command" | "cancel" | "desire" | "select" | "lease" | "estop";

type Told<T> = (item: T) => void;
type Settle = { resolve(value: unknown): void; reject(error: HubError): void };

export class Hub {
  readonly link: Value<Link> = valueOf<Link>({ phase: "connecting", lostAt: null });
  /** The hub's clock minus ours, in ms, so that ages do not depend on this computer's clock. */
  readonly offset: Value<number> = valueOf(0);
  readonly soon: Soon;
  readonly pause = new Pause({
    show: (frame) => this.#onFrame(frame),
    resync: () => this.#watches.forEach((_, id) => this.#ask(id)),
  });
  #ports: Ports;
  #clock: Clock;
  #socket: Socket | null = null;
  #heartbeat: Heartbeat | null = null;
  #beatEvery = PING_EVERY;
  #cancelTimer = () => {};
  #failures = 0;
  #isOpen = false;
  #lostAt: number | null = null;
  #requests = new Map<string, Settle>();
  #watches = new Map<string, Watched>();
  #onCommand = new Set<Told<CommandRecord>>();
  #onEvent = new Set<Told<EventView>>();
  #onBlob = new Set<Told<BlobView>>();
  #onDeviceFrame = new Set<Told<DeviceFrame>>();
  #onLease = new Set<Told<LeaseLost>>();
  #onJob = new Set<Told<JobView>>();
  #onLaneRefused = new Set<Told<LaneRefusal>>();
  #onOpen = new Set<() => void>();

  constructor(ports: Ports) {
    this.#ports = ports;
    this.soon = ports.soon;
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

  #onText(text: string): void {
    this.#heartbeat?.heard();
    if (text.trim() === "pong") return;
    const frame = frameIn(text);
    if (!frame) return;
    if (!this.pause.holds(frame)) this.#onFrame(frame);
    // Seen or not, it need not be sent again [O6].
    else if (frame.type === "changes") this.#send({ type: "seen", watch: frame.watch, revision: frame.revision });
  }

  #onFrame(frame: ToOperator): void {
    switch (frame.type) {
      case "welcome":
        return this.#onWelcome(frame);
      case "reply":
        return this.#onReply(frame);
      case "snapshot":
      case "changes": {
        const watched = this.#watches.get(frame.watch);
        const applied = watched?.store.apply(frame);
        if (applied === "gap") this.#ask(frame.watch);
        else if (applied === "applied") this.#send({ type: "seen", watch: frame.watch, revision: frame.revision });
        return;
      }
      case "command":
        return this.#onCommand.forEach((told) => told(frame.command));
      case "event":
        return this.#onEvent.forEach((told) => told(frame));
      case "blob":
        return this.#onBlob.forEach((told) => told(frame));
      case "lease":
        return this.#onLease.forEach((told) => told(frame));
      case "job":
        return this.#onJob.forEach((told) => told(frame.job));
      case "error":
        if (frame.of === "stream") this.#onLaneRefused.forEach((told) => told(frame));
        return;
      case "frame":
        return this.#onDeviceFrame.forEach((told) => told(frame));
      case "people":
        return this.#watches.get(frame.watch)?.store.people.set(frame.people);
    }
  }

  #onWelcome({ operator, build, time }: Extract<ToOperator, { type: "welcome" }>): void {
    this.#cancelTimer();
    this.#isOpen = true;
    this.#failures = 0;
    this.offset.set(time - this.#ports.now());
    this.#beat();
    // A reconnect is a resync, never a resume: every watch begins with a new snapshot.
    for (const id of this.#watches.keys()) this.#ask(id);
    this.link.set({ phase: "open", operator, build });
    for (const told of this.#onOpen) told();
  }

  #beat(): void {
    this.#heartbeat?.stop();
    this.#heartbeat = heartbeat(
      this.#clock,
      this.#beatEvery,
      () => this.#canSend && this.#socket?.send("ping"),
      () => this.#drop(),
    );
  }

  /** How often to prove the link from now on, in seconds: what this window holds may hang on it [G2]. */
  beatEvery(seconds: number = PING_EVERY): void {
    if (this.#beatEvery === seconds) return;
    this.#beatEvery = seconds;
    if (this.#isOpen) this.#beat();
  }

  #onReply(frame: Extract<ToOperator, { type: "reply" }>): void {
    const settle = this.#requests.get(frame.id);
    this.#requests.delete(frame.id);
    if (frame.ok) settle?.resolve(frame.value);
    else settle?.reject(new HubError(frame.error));
    const watched = this.#watches.get(frame.id);
    const definition = watched?.asked.shift();
    if (!watched || !definition) return;
    if (frame.ok) watched.store.accepted(definition);
    else watched.store.refused(frame.error);
  }

  /** Half open: the close may never come, so it is treated as come. */
  #drop(): void {
    const socket = this.#socket;
    this.#onClose(1006, "");
    socket?.close();
  }

  #onClose(code: number, reason: string): void {
    const wasOpen = this.#isOpen;
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
    if (this.#isOpen) this.#lostAt = this.#now();
    this.#socket = null;
    this.#isOpen = false;
    this.#cancelTimer();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    const message = "The connection ended before the hub answered. It may have been accepted.";
    for (const { reject } of this.#requests.values()) {
      reject(new HubError({ code: NO_ANSWER, message, retryable: true }));
    }
    this.#requests.clear();
    for (const watched of this.#watches.values()) watched.asked = [];
    this.pause.forget();
    return socket;
  }

  #send(frame: Record<string, unknown>): void {
    if (this.#canSend) this.#socket?.send(JSON.stringify(frame));
  }

  /** A socket that is closing drops what it is given, some time before it says that it has closed. */
  get #canSend(): boolean {
    return this.#isOpen && (this.#socket?.readyState ?? OPEN) === OPEN;
  }

  #ask(id: string): void {
    const { definition, store, asked } = this.#watches.get(id)!;
    asked.push(definition);
    store.asked();
    this.#send({ type: "watch", id, ...definition });
  }

  /** Sends at once or not at all: a click is never kept for a better time. */
  request<T>(type: Asked, body: Record<string, unknown>): Promise<T> {
    if (!this.#canSend) {
      const message = "There is no connection to the hub, so nothing was sent.";
      return Promise.reject(new HubError({ code: NOT_CONNECTED, message, retryable: true }));
    }
    const id = `r-${randomId()}`;
    const reply = new Promise<T>((resolve, reject) =>
      this.#requests.set(id, { resolve: resolve as Settle["resolve"], reject })
    );
    this.#send({ type, id, ...body });
    return reply;
  }

  /**
   * Sends a frame at once or not at all: an old one is worse than none. `isLast` goes out however much waits before it.
   * False where it was left out.
   */
  stream(frame: LaneFrame, isLast = false): boolean {
    if (!this.#canSend || (!isLast && (this.#socket?.bufferedAmount ?? 0) > FULL)) return false;
    this.#send({ type: "stream", ...frame });
    return true;
  }

  /** Opens a watch, now and after every reconnect. `redefine` replaces it in place [O2]. */
  watch(definition: Definition, store: WatchStore): { redefine(next: Definition): void; close(): void } {
    const id = `w-${randomId()}`;
    const watched: Watched = { definition, store, asked: [] };
    this.#watches.set(id, watched);
    if (this.#isOpen) this.#ask(id);
    return {
      redefine: (next) => {
        watched.definition = next;
        if (this.#isOpen) this.#ask(id);
      },
      close: () => {
        this.#watches.delete(id);
        this.#send({ type: "unwatch", id });
      },
    };
  }

  onCommand = (told: Told<CommandRecord>) => listen(this.#onCommand, told);
  onEvent = (told: Told<EventView>) => listen(this.#onEvent, told);
  onBlob = (told: Told<BlobView>) => listen(this.#onBlob, told);
  onDeviceFrame = (told: Told<DeviceFrame>) => listen(this.#onDeviceFrame, told);
  onLease = (told: Told<LeaseLost>) => listen(this.#onLease, told);
  onLaneRefused = (told: Told<LaneRefusal>) => listen(this.#onLaneRefused, told);
  onJob = (told: Told<JobView>) => listen(this.#onJob, told);
  onOpen = (told: () => void) => listen(this.#onOpen, told);
}

/** [F6] Null where it is a text that we do not know. */
function frameIn(text: string): ToOperator | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function listen<T>(listeners: Set<T>, told: T): () => void {
  listeners.add(told);
  return () => void listeners.delete(told);
}
