/** Carries out what the hub decides, on every runtime: commit, then act. A failed commit is an eviction. */
import { type Fault, FAULTS, type Outcome, refuse } from "../protocol/fault.ts";
import { CLOSE } from "../protocol/close.ts";
import type { Credential } from "../protocol/credential.ts";
import type { HubView } from "../protocol/hub_view.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { Readiness } from "../http/route.ts";
import type { ArgsOf, CallName, ValueOf } from "../hub/call.ts";
import { Counts } from "../hub/metrics/counts.ts";
import type { Heard, HubEvent } from "../hub/hub.ts";
import { told } from "../hub/log.ts";
import { needsWrite } from "../hub/connections/unstored.ts";
import type { HubOptions } from "../hub/memory.ts";
import type { Store } from "../hub/ports.ts";
import type { Turn } from "../hub/turn.ts";
import { Awake } from "./awake.ts";
import { Commits, RETRY_AFTER, Unstored } from "./commits.ts";
import { Effects } from "./effects.ts";
import { Hearing, type Line, oneByOne } from "./hearing.ts";
import { Inbox } from "./inbox.ts";
import { Outcomes } from "./outcomes.ts";
import type { Shell } from "./shell.ts";

/** What is this late is told, in seconds: something held the runtime up, or it was not there. */
const LATE = 1;

/** Calls that have no commit to share, and so nothing to wait for. */
const ONLY_READS = /^(?:admit|me|get_\w+|list_\w+|try_job)$/;

/** Who asks after so many ms without a question asks alone. */
const CALM = 1;

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

export class Runner {
  readonly #awake: Awake;
  readonly #counts: Counts;
  readonly #commits: Commits;
  /** When something was asked last, by the clock of `elapsed`. */
  #askedAt = 0;
  readonly #inbox = new Inbox<Submitted>((all) => this.handleAll(all));
  readonly #hearing = new Hearing(
    (chains) => this.#decideHeard(chains),
    (now) => this.#awake.hub?.nextTold(now) ?? null,
  );
  readonly #store: Store;
  readonly #options: HubOptions;
  readonly #shell: Shell;
  readonly #outcomes: Outcomes;
  readonly #effects: Effects;

  constructor(options: HubOptions, store: Store, shell: Shell) {
    this.#options = options;
    this.#store = store;
    this.#shell = shell;
    this.#counts = new Counts(shell.now(), shell.elapsed !== undefined);
    this.#commits = new Commits(store, shell, this.#counts);
    this.#outcomes = new Outcomes(store);
    this.#effects = new Effects(shell, this.#outcomes);
    const { counts, commits, effects } = { counts: this.#counts, commits: this.#commits, effects: this.#effects };
    this.#awake = new Awake({ options, store, shell, counts, commits, effects });
  }

  /**
   * Makes the hub anew from the store and the sockets' own values; throws where the store does not answer. The first
   * event does it too: a socket whose end wakes an object is known only then, and what it carried must not be lost.
   */
  start(): void {
    this.#awake.wake();
    this.#dropBroken();
    this.#awake.schedule();
  }

  /**
   * As `handle`, together with what else is asked in this turn of the event loop, where commits are dear: a fleet that
   * comes back at once shares a few of them.
   */
  submit(event: HubEvent, opened?: () => void): Promise<Outcome<unknown>> {
    if (!this.#store.begin || this.#isCalm()) return Promise.resolve(this.handle(event, opened));
    return new Promise((answer) => this.#inbox.put({ event, opened, answer }));
  }

  /** Nothing was asked for a while: what comes now comes alone, and to wait for others would be a turn for nothing. */
  #isCalm(): boolean {
    const now = this.#shell.elapsed?.() ?? 0;
    const isCalm = now - this.#askedAt > CALM && this.#inbox.isEmpty;
    this.#askedAt = now;
    return isCalm;
  }

  /**
   * A text that may wait a moment for others. Between two events a processor forgets the hub, and most of what one
   * costs is to remember it: many together cost a fraction. Each is decided as of its arrival, and whatever else happens
   * comes after it.
   */
  hear(line: Line, text: string): void {
    this.#hearing.put(line, text, this.#shell.now());
  }

  /** Likewise packets of MQTT that nobody waits for. */
  hearBytes(line: Line, bytes: Uint8Array): void {
    this.#hearing.putBytes(line, bytes, this.#shell.now());
  }

  /** What was heard so far is decided: whoever hears a `pong` has heard before it what came of its texts before. */
  catchUp(): void {
    this.#hearing.empty();
  }

  /**
   * In one turn. One by one, and now, where that fails, so that what is wrong with one text harms no other; and where
   * there is no memory, since one that is made only now is told of no time before that.
   */
  #decideHeard(chains: readonly Heard[]): void {
    if (this.#awake.hub !== null && this.handle({ type: "texts", chains }).ok) return;
    this.handleAll(oneByOne(chains).map((event) => ({ event })));
  }

  /** Decides an event and does what follows. `opened` is called once a `connect` stands, before anything is sent. */
  handle(event: HubEvent, opened?: () => void): Outcome<unknown> {
    let answer!: Outcome<unknown>;
    this.handleAll([{ event, opened, answer: (outcome) => answer = outcome }]);
    return answer;
  }

  /**
   * What arrived together is decided one after another and then becomes durable together; only then follows what was
   * decided, in the same order. Where that commit fails, nothing of what shares it has happened, and each hears so.
   */
  handleAll(all: readonly Submitted[]): void {
    this.catchUp();
    for (let done = 0; done < all.length;) done += this.#handleSome(done === 0 ? all : all.slice(done));
  }

  /** As many as share a memory: after one that failed it is made anew. Answers how many those were. */
  #handleSome(all: readonly Submitted[]): number {
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
    this.#dropBroken();
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

  /** A call by REST, or by a part of this program that was given a credential. */
  call<N extends CallName>(
    name: N,
    args: ArgsOf<N>,
    credential: Credential,
    { key }: { key?: string } = {},
  ): Promise<Outcome<ValueOf<N>>> {
    const event: HubEvent = { type: "call", name, args, credential, key };
    const answer = ONLY_READS.test(name) ? Promise.resolve(this.handle(event)) : this.submit(event);
    return answer as Promise<Outcome<ValueOf<N>>>;
  }

  /** [H6] Nobody is woken for it: a hub without memory has nobody to tell. */
  refused(refusal: Refusal): void {
    if (this.#awake.hub) this.handle({ type: "refused", refusal });
  }

  /** The command's newest record, as soon as it is final or after so many seconds [R4]. */
  settled(id: string, seconds: number): Promise<CommandRecord> {
    return this.#outcomes.settled(id, seconds);
  }

  /** It ends: what waits for its window is written, and whoever still waits hears how the command stands now. */
  release(): void {
    this.#inbox.empty();
    this.handle({ type: "end" });
    this.#outcomes.release();
  }

  ready(): Promise<Readiness> {
    try {
      this.#store.count("claim");
    } catch {
      return Promise.resolve({ ok: false });
    }
    return Promise.resolve({ ok: true, degraded: this.#degraded() });
  }

  /** Why the bridge is, where there is one and it is [N50]. */
  #degraded(): string | undefined {
    if (!this.#options.bridge) return undefined;
    const asked = this.handle({ type: "call", name: "get_hub", args: {}, credential: { sort: "process" } });
    const bridge = asked.ok ? (asked.value as HubView).bridge : null;
    return bridge?.state === "degraded" ? bridge.reason ?? "no reason given" : undefined;
  }

  /** Forgets everything in memory and takes it up again: what a hibernation does, for tests. Its alarm stays set. */
  evict(): void {
    this.#awake.lose();
    this.#awake.wakeOrRead();
  }

  #decide(one: Submitted, others: number): Decided | { failed: Fault } {
    const { event } = one;
    const isWake = event.type === "wake";
    const isKnown = this.#awake.hub !== null;
    const env = this.#awake.env();
    const late = this.#counts.happens(event, env.now, this.#awake.wakes.take(event));
    if (late >= LATE) this.#shell.log("woken_late", { seconds: late });
    if (this.#commits.isLeftAlone && needsWrite(event)) return this.#fails("storage_unavailable");
    try {
      const began = isWake ? this.#shell.elapsed?.() : undefined;
      // What this event decides may be what is due: when to wake next is asked after it, not before.
      const hub = this.#awake.hub ?? this.#awake.wakeOrRead();
      // A hub that was made only now is told of no time before that.
      const { turn, outcome } = hub.decide(event, isKnown ? env : this.#awake.env());
      // Of a hub that only reads nothing is kept, whether or not there is room again by now.
      if (!this.#awake.hub && turn.writes.length > 0) throw new Unstored("what is due at a start comes first");
      const isHeld = this.#commits.withOthers(turn, others);
      if (began !== undefined && turn.tally.isFlush) {
        this.#counts.flushTime.add((this.#shell.elapsed!() - began) / 1000);
      }
      return { of: one, turn, outcome, isHeld };
    } catch (error) {
      this.#awake.lose();
      const code = error instanceof Unstored ? "storage_unavailable" : "internal";
      // A store that takes no writes is nobody's bug, and a long line for each would fill what room is left.
      if (error instanceof Unstored) this.#shell.log("store_refused", { during: event.type, error: error.message });
      else this.#shell.log("event_failed", { during: event.type, ...told(error) });
      return this.#fails(code);
    }
  }

  #fails(code: "storage_unavailable" | "internal"): { failed: Fault } {
    this.#counts.fails(code);
    return { failed: { code, message: FAULTS[code].title } };
  }

  /** Does what was decided together last? */
  #seal(): boolean {
    try {
      this.#commits.seal();
      return true;
    } catch (error) {
      if (!(error instanceof Unstored)) throw error;
      this.#awake.lose();
      this.#shell.log("store_refused", { during: "commit", error: error.message });
      return false;
    }
  }

  /** What was decided is durable: now it happens. */
  #follow({ of: { event, opened, answer }, turn, outcome }: Decided): void {
    this.#counts.stands(event, turn, outcome);
    if (outcome.ok && opened && !this.#effects.opens(event, opened)) {
      return answer?.(refuse("internal", FAULTS.internal.title));
    }
    this.#effects.act(turn);
    answer?.(outcome);
  }

  #recover({ event, answer }: Submitted, failed: Fault): void {
    const of = event.type === "text" ? event.text : event.type === "binary" ? event.bytes : undefined;
    if (of !== undefined && "connection" in event && failed.code === "storage_unavailable") {
      this.handleAll([{ event: { type: "unstored", connection: event.connection, of } }]);
    } else if ("connection" in event && event.type !== "connect" && event.type !== "unstored") {
      this.#shell.close(event.connection, CLOSE.internal, "");
    }
    this.#awake.retryLater();
    answer?.(refuse(failed.code, failed.message, { retryAfter: RETRY_AFTER / 1000 }));
  }

  /** Their sockets and the hub no longer agree about them. */
  #dropBroken(): void {
    for (const connection of this.#effects.broken) {
      this.#effects.broken.delete(connection);
      this.#shell.close(connection, CLOSE.internal, "");
      this.handle({ type: "closed", connection, code: CLOSE.internal });
    }
  }
}
