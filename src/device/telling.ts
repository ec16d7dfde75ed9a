/** What the device tells its hub, and when: what was said, in order and at its pace, then results [T5, D7, D9, F9]. */
import type { Clock } from "./clock.ts";
import type { Inbox } from "./inbox.ts";
import { type Bounds, Outbox } from "./outbox.ts";
import type { Limits, Pace } from "./pace.ts";
import { joinPatches, type Said } from "./said.ts";
import type { Twin } from "./twin.ts";

type Doc = Record<string, unknown>;

const BUFFER: Bounds = { count: 10_000, bytes: 1_048_576 };

interface Around {
  clock: Clock;
  buffer?: Partial<Bounds>;
  /** Seconds after which what the hub was told is old [P4]. */
  stale: number;
  inbox: Inbox;
  twin: Twin | null;
  send(frame: Doc): void;
  /** Something of this type is larger than the hub takes. */
  tooLarge(of: string): void;
}

export class Telling {
  readonly outbox: Outbox;
  /** All of the state that it ever reported. */
  reported: Doc = {};
  readonly #around: Around;
  readonly #clock: Clock;
  /** [D9] The hub does not know whether what it was told before this connection is still so. */
  #owesState = false;
  /** Set from `welcome` until the connection ends. */
  #hub: { limits: Limits; pace: Pace } | null = null;
  #pumpLater: (() => void) | null = null;

  constructor(around: Around) {
    this.#around = around;
    this.#clock = around.clock;
    this.outbox = new Outbox({ ...BUFFER, ...around.buffer });
  }

  say(said: Said, ago = 0): void {
    this.outbox.add({ ...said, at: this.#clock.now() - ago * 1000 });
    this.pump();
  }

  report(state: Doc): void {
    this.reported = joinPatches(this.reported, state);
    this.say({ type: "state", reported: state });
  }

  welcomed(hub: { limits: Limits; pace: Pace }): void {
    this.#hub = hub;
  }

  /** On a new connection, before anything is told on it. */
  lookAtState(now: number): void {
    this.#owesState = this.#isStateOld(now);
  }

  down(): void {
    this.#hub = null;
    this.#pumpLater?.();
    this.#pumpLater = null;
  }

  /** Sends what may go now: what was said, in order, and results behind the state that they speak of. */
  pump(): void {
    if (!this.#hub) return;
    const paused = this.#hub.pace.pausedFor(this.#clock.now());
    if (paused > 0) return this.#pumpIn(paused);
    if (!this.#pumpLater) this.#sendSaid(this.#hub);
    this.#tellState();
    while (this.#around.inbox.hasNext && !this.outbox.holdsState) this.#around.send(this.#around.inbox.next()!);
  }

  #sendSaid({ limits, pace }: { limits: Limits; pace: Pace }): void {
    while (this.outbox.hasNext && this.outbox.inFlight < pace.window) {
      const ms = pace.take(this.#clock.now());
      if (ms > 0) return this.#pumpIn(ms);
      const frame = this.outbox.next(
        this.#clock.now(),
        limits.maxFrame,
        ({ type }) => this.#around.tooLarge(type),
      );
      if (frame) this.#around.send(frame);
    }
  }

  #pumpIn(ms: number): void {
    this.#pumpLater ??= this.#clock.after(ms, () => {
      this.#pumpLater = null;
      this.pump();
    });
  }

  /** [D9] Is there a field that the hub will not hear of, or only how it was long ago? */
  #isStateOld(now: number): boolean {
    const onItsWay = this.outbox.fieldsSince(now - this.#around.stale * 1000);
    return Object.keys(this.reported).some((field) => !onItsWay.has(field));
  }

  /**
   * All of the state, behind everything else and where there is room: on a new connection, and when some of it was
   * dropped from a full buffer, as then the answer to a desire may have been.
   */
  #tellState(): void {
    const { hasLostState, hasNext, hasRoom } = this.outbox;
    if (!(this.#owesState || hasLostState) || hasNext || !hasRoom) return;
    this.#owesState = this.outbox.hasLostState = false;
    const applied = hasLostState && this.#around.twin?.applied;
    this.say({ type: "state", reported: this.reported, ...(applied && { applied }) });
  }
}
