/** What the panel has of the hub: requests with their replies, and watches that survive the connection [O]. */
import type { JobView } from "../../protocol/job.ts";
import type { BlobView, CommandRecord, EventView } from "../../protocol/record.ts";
import type { ToOperator } from "../../protocol/to_operator.ts";
import { HubError, NO_ANSWER, NOT_CONNECTED } from "./fault.ts";
import { Line, type LinePorts } from "./line.ts";
import { Pause } from "./pause.ts";
import { randomId } from "./random.ts";
import type { Definition, Soon, WatchStore } from "./watch.ts";

interface Ports extends LinePorts {
  soon: Soon;
}

interface Watched {
  definition: Definition;
  store: WatchStore;
  /** Definitions that the hub has not answered yet, oldest first: it answers in the order of asking [O1]. */
  asked: Definition[];
}

/** One text between the hub and a device, as a watch that includes `frames` shows it [O5]. */
export type DeviceFrame = Extract<ToOperator, { type: "frame" }>;

/** Somebody was refused in a device's name, as a watch that includes `frames` is told [H6]. */
export type Refused = Extract<ToOperator, { type: "refused" }>;

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

/** What can be asked by the socket and is answered by a reply [O7, O9]. */
type Asked = "command" | "cancel" | "desire" | "select" | "lease" | "estop";

type Told<T> = (item: T) => void;
type Settle = { resolve(value: unknown): void; reject(error: HubError): void };

export class Hub {
  readonly link: Line["link"];
  readonly offset: Line["offset"];
  readonly connect: () => void;
  readonly soon: Soon;
  readonly pause = new Pause({
    show: (frame) => this.#onFrame(frame),
    resync: () => this.#watches.forEach((_, id) => this.#ask(id)),
  });
  #line: Line;
  #requests = new Map<string, Settle>();
  #watches = new Map<string, Watched>();
  #onCommand = new Set<Told<CommandRecord>>();
  #onEvent = new Set<Told<EventView>>();
  #onBlob = new Set<Told<BlobView>>();
  #onDeviceFrame = new Set<Told<DeviceFrame>>();
  #onRefused = new Set<Told<Refused>>();
  #onLease = new Set<Told<LeaseLost>>();
  #onJob = new Set<Told<JobView>>();
  #onLaneRefused = new Set<Told<LaneRefusal>>();
  #onOpen = new Set<() => void>();

  constructor(ports: Ports) {
    this.soon = ports.soon;
    this.#line = new Line(ports, {
      onFrame: (frame) => this.#onHeard(frame),
      // A reconnect is a resync, never a resume: every watch begins with a new snapshot.
      onOpen: () => this.#watches.forEach((_, id) => this.#ask(id)),
      onOpened: () => this.#onOpen.forEach((told) => told()),
      onEnd: () => this.#onEnd(),
    });
    this.link = this.#line.link;
    this.offset = this.#line.offset;
    this.connect = this.#line.connect;
  }

  /** Ends the connection for good: somebody signed out. */
  stop(): void {
    this.#line.stop();
  }

  /** How often to prove the link from now on, in seconds: what this window holds may hang on it [G2]. */
  beatEvery(seconds?: number): void {
    this.#line.beatEvery(seconds);
  }

  #onHeard(frame: ToOperator): void {
    if (!this.pause.holds(frame)) this.#onFrame(frame);
    // Seen or not, it need not be sent again [O6].
    else if (frame.type === "changes") this.#line.send({ type: "seen", watch: frame.watch, revision: frame.revision });
  }

  #onFrame(frame: ToOperator): void {
    switch (frame.type) {
      case "reply":
        return this.#onReply(frame);
      case "snapshot":
      case "changes": {
        const watched = this.#watches.get(frame.watch);
        const applied = watched?.store.apply(frame);
        if (applied === "gap") this.#ask(frame.watch);
        else if (applied === "applied") this.#line.send({ type: "seen", watch: frame.watch, revision: frame.revision });
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
      case "refused":
        return this.#onRefused.forEach((told) => told(frame));
      case "people":
        return this.#watches.get(frame.watch)?.store.people.set(frame.people);
    }
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

  #onEnd(): void {
    const message = "The connection ended before the hub answered. It may have been accepted.";
    for (const { reject } of this.#requests.values()) {
      reject(new HubError({ code: NO_ANSWER, message, retryable: true }));
    }
    this.#requests.clear();
    for (const watched of this.#watches.values()) watched.asked = [];
    this.pause.forget();
  }

  #ask(id: string): void {
    const { definition, store, asked } = this.#watches.get(id)!;
    asked.push(definition);
    store.asked();
    this.#line.send({ type: "watch", id, ...definition });
  }

  /** Sends at once or not at all: a click is never kept for a better time. */
  request<T>(type: Asked, body: Record<string, unknown>): Promise<T> {
    if (!this.#line.canSend) {
      const message = "There is no connection to the hub, so nothing was sent.";
      return Promise.reject(new HubError({ code: NOT_CONNECTED, message, retryable: true }));
    }
    const id = `r-${randomId()}`;
    const reply = new Promise<T>((resolve, reject) =>
      this.#requests.set(id, { resolve: resolve as Settle["resolve"], reject })
    );
    this.#line.send({ type, id, ...body });
    return reply;
  }

  /**
   * Sends a frame at once or not at all: an old one is worse than none. `isLast` goes out however much waits before it.
   * False where it was left out.
   */
  stream(frame: LaneFrame, isLast = false): boolean {
    if (!this.#line.canSend || (!isLast && this.#line.waiting > FULL)) return false;
    this.#line.send({ type: "stream", ...frame });
    return true;
  }

  /** Opens a watch, now and after every reconnect. `redefine` replaces it in place [O2]. */
  watch(definition: Definition, store: WatchStore): { redefine(next: Definition): void; close(): void } {
    const id = `w-${randomId()}`;
    const watched: Watched = { definition, store, asked: [] };
    this.#watches.set(id, watched);
    if (this.#line.isOpen) this.#ask(id);
    return {
      redefine: (next) => {
        watched.definition = next;
        if (this.#line.isOpen) this.#ask(id);
      },
      close: () => {
        this.#watches.delete(id);
        this.#line.send({ type: "unwatch", id });
      },
    };
  }

  onCommand = (told: Told<CommandRecord>) => listen(this.#onCommand, told);
  onEvent = (told: Told<EventView>) => listen(this.#onEvent, told);
  onBlob = (told: Told<BlobView>) => listen(this.#onBlob, told);
  onDeviceFrame = (told: Told<DeviceFrame>) => listen(this.#onDeviceFrame, told);
  onRefused = (told: Told<Refused>) => listen(this.#onRefused, told);
  onLease = (told: Told<LeaseLost>) => listen(this.#onLease, told);
  onLaneRefused = (told: Told<LaneRefusal>) => listen(this.#onLaneRefused, told);
  onJob = (told: Told<JobView>) => listen(this.#onJob, told);
  onOpen = (told: () => void) => listen(this.#onOpen, told);
}

function listen<T>(listeners: Set<T>, told: T): () => void {
  listeners.add(told);
  return () => void listeners.delete(told);
}
