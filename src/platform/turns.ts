/** Events become turns of the hub: decided, then durable, then done. A failed commit is an eviction. */
import { CLOSE } from "../protocol/close.ts";
import { type Fault, FAULTS, type Outcome, refuse } from "../protocol/fault.ts";
import type { HubEvent } from "../hub/event.ts";
import { told } from "../hub/log.ts";
import type { Turn } from "../hub/turn.ts";
import { needsWrite } from "../hub/connections/unstored.ts";
import type { Awake, Surroundings } from "./awake.ts";
import { RETRY_AFTER, Unstored } from "./commits.ts";

/** What is this late is told, in seconds: something held the runtime up, or it was not there. */
const LATE = 1;

/** Something that happens, with others or alone. */
export interface Submitted {
  event: HubEvent;
  /** Called once a `connect` stands, before anything is sent. */
  opened?(): void;
  answer?(outcome: Outcome<unknown>): void;
}

interface Decided {
  of: Submitted;
  turn: Turn;
  outcome: Outcome<unknown>;
  /** Waits for the commit that it shares. */
  isHeld: boolean;
}

export class Turns {
  readonly #awake: Awake;
  readonly #around: Surroundings;
  /** Whatever happens comes after what was heard before it. */
  readonly #catchUp: () => void;

  constructor(awake: Awake, around: Surroundings, catchUp: () => void) {
    this.#awake = awake;
    this.#around = around;
    this.#catchUp = catchUp;
  }

  /**
   * What arrived together is decided one after another and then becomes durable together; only then follows what was
   * decided, in the same order. Where that commit fails, nothing of what shares it has happened, and each hears so.
   */
  take(all: readonly Submitted[]): void {
    this.#catchUp();
    for (let done = 0; done < all.length;) done += this.#takeSome(done === 0 ? all : all.slice(done));
  }

  /** As many as share a memory: after one that failed it is made anew. Answers how many those were. */
  #takeSome(all: readonly Submitted[]): number {
    const decided: Decided[] = [];
    let failed: Fault | null = null;
    for (const one of all) {
      const next = this.#decide(one, all.length - decided.length - 1);
      if ("failed" in next) failed = next.failed;
      else decided.push(next);
      if (failed) break;
    }
    const isSealed = this.#seal();
    const stands = isSealed ? decided : decided.filter(({ isHeld }) => !isHeld);
    for (const one of stands) this.#follow(one);
    this.dropBroken();
    for (const { of } of decided.slice(stands.length)) {
      this.#recover(of, this.#fails("storage_unavailable").failed);
    }
    if (failed) {
      this.#recover(all[decided.length], failed);
      return decided.length + 1;
    }
    if (isSealed) this.#awake.schedule();
    return decided.length;
  }

  #decide(one: Submitted, others: number): Decided | { failed: Fault } {
    const { commits, counts, shell } = this.#around;
    const { event } = one;
    const isWake = event.type === "wake";
    const isKnown = this.#awake.hub !== null;
    const env = this.#awake.env();
    const late = counts.happens(event, env.now, this.#awake.wakes.take(event));
    if (late >= LATE) shell.log("woken_late", { seconds: late });
    if (commits.isLeftAlone && needsWrite(event)) return this.#fails("storage_unavailable");
    try {
      const began = isWake ? shell.elapsed?.() : undefined;
      // What this event decides may be what is due: when to wake next is asked after it, not before.
      const hub = this.#awake.hub ?? this.#awake.wakeOrRead();
      // A hub that was made only now is told of no time before that.
      const { turn, outcome } = hub.decide(event, isKnown ? env : this.#awake.env());
      // Of a hub that only reads nothing is kept, whether or not there is room again by now.
      if (!this.#awake.hub && turn.writes.length > 0) throw new Unstored("what is due at a start comes first");
      const isHeld = commits.withOthers(turn, others);
      if (began !== undefined && turn.tally.isFlush) {
        counts.flushTime.add((shell.elapsed!() - began) / 1000);
      }
      return { of: one, turn, outcome, isHeld };
    } catch (error) {
      this.#awake.lose();
      const code = error instanceof Unstored ? "storage_unavailable" : "internal";
      // A store that takes no writes is nobody's bug, and a long line for each would fill what room is left.
      if (error instanceof Unstored) shell.log("store_refused", { during: event.type, error: error.message });
      else shell.log("event_failed", { during: event.type, ...told(error) });
      return this.#fails(code);
    }
  }

  #fails(code: "storage_unavailable" | "internal"): { failed: Fault } {
    this.#around.counts.fails(code);
    return { failed: { code, message: FAULTS[code].title } };
  }

  /** Does what was decided together last? */
  #seal(): boolean {
    try {
      this.#around.commits.seal();
      return true;
    } catch (error) {
      if (!(error instanceof Unstored)) throw error;
      this.#awake.lose();
      this.#around.shell.log("store_refused", { during: "commit", error: error.message });
      return false;
    }
  }

  /** What was decided is durable: now it happens. */
  #follow({ of: { event, opened, answer }, turn, outcome }: Decided): void {
    const { counts, effects } = this.#around;
    counts.stands(event, turn, outcome);
    if (outcome.ok && opened && !effects.opens(event, opened)) {
      return answer?.(refuse("internal", FAULTS.internal.title));
    }
    effects.act(turn);
    answer?.(outcome);
  }

  /** Nothing of it happened: whoever asked hears so. */
  #recover({ event, answer }: Submitted, failed: Fault): void {
    const of = event.type === "text" ? event.text : event.type === "binary" ? event.bytes : undefined;
    if (of !== undefined && "connection" in event && failed.code === "storage_unavailable") {
      this.take([{ event: { type: "unstored", connection: event.connection, of } }]);
    } else if ("connection" in event && event.type !== "connect" && event.type !== "unstored") {
      this.#around.shell.close(event.connection, CLOSE.internal, "");
    }
    this.#awake.retryLater();
    answer?.(refuse(failed.code, failed.message, { retryAfter: RETRY_AFTER / 1000 }));
  }

  /** Their sockets and the hub no longer agree about them. */
  dropBroken(): void {
    const { effects, shell } = this.#around;
    for (const connection of effects.broken) {
      effects.broken.delete(connection);
      shell.close(connection, CLOSE.internal, "");
      this.take([{ event: { type: "closed", connection, code: CLOSE.internal } }]);
    }
  }
}
