/** Carries out what the hub decides, on every runtime: commit, then act. A failed commit is an eviction. */
import { createHash } from "node:crypto";
import { type Fault, FAULTS, type Outcome, refuse } from "../protocol/fault.ts";
import { CLOSE } from "../protocol/close.ts";
import type { Credential } from "../protocol/credential.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";
import type { ArgsOf, CallName, ValueOf } from "../hub/call.ts";
import type { Connection } from "../hub/connection.ts";
import { Counts } from "../hub/counts.ts";
import { Hub, type HubEvent } from "../hub/hub.ts";
import { type Log, told } from "../hub/log.ts";
import { needsWrite } from "../hub/unstored.ts";
import type { HubOptions } from "../hub/memory.ts";
import type { Env, Store } from "../hub/ports.ts";
import type { Effect, Turn } from "../hub/turn.ts";
import type { Vitals } from "../hub/vitals.ts";

/** What a runtime gives the hub. */
export interface Shell {
  now(): number;
  /** The values of all open sockets, as they were last attached. */
  connections(): Connection[];
  /** Keeps a connection's value with its socket, if that is still there. */
  attach(connection: Connection): void;
  send(connection: string, text: string): void;
  close(connection: string, code: number, reason: string): void;
  pingedAt: Env["pingedAt"];
  backlog: Env["backlog"];
  random: Env["random"];
  /** Asks for `wake` at this time, for `flush` at that one; null for never. */
  schedule(wakeAt: number | null, flushAt: number | null): void;
  log: Log;
  /** For durations, in ms; absent where the runtime's clocks stand still while it computes. */
  elapsed?(): number;
  vitals(): Vitals;
}

/** How long to leave a store alone that refused a write, in ms. */
const RETRY_AFTER = 1_000;
/** For which time a wake-up was asked, and when it is due since then. */
interface Due {
  asked: number | null;
  at: number | null;
}
const NEVER: Due = { asked: null, at: null };

/** What is this late is told, in seconds: something held the runtime up, or it was not there. */
const LATE = 1;
/** After so many refusals in a row it is left alone: each costs a memory that has to be made anew. */
const MOST_REFUSALS = 10;

export class Runner {
  /** Null while its memory is ahead of the store, or not made yet. */
  #hub: Hub | null = null;
  /** Its kinds are taken: they do not change while it runs. */
  #hasStarted = false;
  /** How often in a row the store took no writes, and when it did so last. */
  #refusals = 0;
  #refusedAt = 0;
  readonly #due: Record<"wake" | "flush", Due> = { wake: NEVER, flush: NEVER };
  readonly #counts: Counts;
  readonly #store: Store;
  readonly #options: HubOptions;
  readonly #shell: Shell;
  readonly #waiting = new Map<string, Set<(record: CommandRecord) => void>>();

  constructor(options: HubOptions, store: Store, shell: Shell) {
    this.#options = options;
    this.#store = store;
    this.#shell = shell;
    this.#counts = new Counts(shell.now(), shell.elapsed !== undefined);
  }

  /**
   * Makes the hub anew from the store and the sockets' own values; throws where the store does not answer. The first
   * event does it too: a socket whose end wakes an object is known only then, and what it carried must not be lost.
   */
  start(): void {
    this.#wake();
    this.#schedule();
  }

  /** Decides an event and does what follows. `opened` is called once a `connect` stands, before anything is sent. */
  handle(event: HubEvent, opened?: () => void): Outcome<unknown> {
    const decided = this.#decide(event);
    if ("failed" in decided) return this.#recover(event, decided.failed);
    if (decided.outcome.ok && opened && !this.#opens(event, opened)) return refuse("internal", FAULTS.internal.title);
    this.#act(decided.turn);
    this.#schedule();
    return decided.outcome;
  }

  /** A call by REST, or by a part of this program that was given a credential. */
  call<N extends CallName>(
    name: N,
    args: ArgsOf<N>,
    credential: Credential,
    { key }: { key?: string } = {},
  ): Promise<Outcome<ValueOf<N>>> {
    return Promise.resolve(this.handle({ type: "call", name, args, credential, key }) as Outcome<ValueOf<N>>);
  }

  /** The command's newest record, as soon as it is final or after so many seconds [R4]. */
  settled(id: string, seconds: number): Promise<CommandRecord> {
    const record = this.#store.get("command", id)!;
    if (isFinal(record.status)) return Promise.resolve(record);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const done = (record: CommandRecord): void => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve(record);
      };
      const timer = setTimeout(() => done(this.#store.get("command", id) ?? record), seconds * 1000);
      waiting.add(done);
    });
  }

  /** Whoever still waits hears how the command stands now. */
  release(): void {
    for (const [id, waiting] of this.#waiting) {
      const record = this.#store.get("command", id);
      if (record) waiting.forEach((done) => done(record));
    }
  }

  /** Does the store answer? */
  ready(): Promise<boolean> {
    try {
      this.#store.count("claim");
      return Promise.resolve(true);
    } catch {
      return Promise.resolve(false);
    }
  }

  /** Forgets everything in memory and takes it up again: what a hibernation does, for tests. Its alarm stays set. */
  evict(): void {
    this.#hub = null;
    this.#wakeOrRead();
  }

  #wake(): Hub {
    const hub = new Hub(this.#options, this.#store, this.#shell.connections());
    const start: HubEvent = { type: "start", isSameProgram: this.#hasStarted };
    const { turn, outcome } = hub.decide(start, this.#env());
    this.#commit(turn);
    this.#counts.stands(start, turn, outcome);
    this.#hasStarted = true;
    this.#hub = hub;
    this.#act(turn);
    return hub;
  }

  /** Where what is due at a start cannot be written, a hub for this one event: what it reads is true. */
  #wakeOrRead(): Hub {
    try {
      return this.#wake();
    } catch (error) {
      if (!(error instanceof Unstored)) throw error;
      this.#retryLater();
      return new Hub(this.#options, this.#store, this.#shell.connections());
    }
  }

  #isLeftAlone(): boolean {
    return this.#refusals >= MOST_REFUSALS && this.#shell.now() < this.#refusedAt + RETRY_AFTER;
  }

  #decide(event: HubEvent): { turn: Turn; outcome: Outcome<unknown> } | { failed: Fault } {
    const isWake = event.type === "wake";
    const late = this.#counts.happens(event, this.#shell.now(), this.#takeDue(event));
    if (late >= LATE) this.#shell.log("woken_late", { seconds: late });
    if (this.#isLeftAlone() && needsWrite(event)) return this.#fails("storage_unavailable");
    try {
      const began = isWake ? this.#shell.elapsed?.() : undefined;
      // What this event decides may be what is due: when to wake next is asked after it, not before.
      const decided = (this.#hub ?? this.#wakeOrRead()).decide(event, this.#env());
      // Of a hub that only reads nothing is kept, whether or not there is room again by now.
      if (!this.#hub && decided.turn.writes.length > 0) throw new Unstored("what is due at a start comes first");
      this.#commit(decided.turn);
      this.#counts.stands(event, decided.turn, decided.outcome);
      if (began !== undefined && decided.turn.tally.isFlush) this.#took("flushTime", began);
      return decided;
    } catch (error) {
      this.#hub = null;
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

  /** Since `began`, on the clock for durations. */
  #took(what: "commitTime" | "flushTime", began: number): void {
    this.#counts[what].add((this.#shell.elapsed!() - began) / 1000);
  }

  #commit({ writes, durability }: Turn): void {
    if (writes.length === 0) return;
    const began = this.#shell.elapsed?.();
    try {
      this.#store.commit(writes, durability);
      if (this.#refusals > 0) this.#recovered();
      this.#counts.committed(durability);
      if (began !== undefined) this.#took("commitTime", began);
    } catch (error) {
      this.#refusals += 1;
      this.#refusedAt = this.#shell.now();
      this.#counts.refusesWrites(this.#refusedAt);
      throw new Unstored(error instanceof Error ? error.message : String(error));
    }
  }

  #recovered(): void {
    const { refusingSince } = this.#counts;
    const seconds = refusingSince === null ? 0 : (this.#shell.now() - refusingSince) / 1000;
    this.#shell.log("store_recovered", { seconds, refusals: this.#refusals });
    this.#refusals = 0;
  }

  /** What the runtime did not open was never there. */
  #opens(event: HubEvent, opened: () => void): boolean {
    try {
      opened();
      return true;
    } catch (error) {
      this.#shell.log("open_failed", told(error));
      if ("connection" in event) this.handle({ type: "closed", connection: event.connection, code: CLOSE.internal });
      return false;
    }
  }

  #recover(event: HubEvent, failed: Fault): Outcome<unknown> {
    const of = event.type === "text" ? event.text : event.type === "binary" ? event.bytes : undefined;
    if (of !== undefined && "connection" in event && failed.code === "storage_unavailable") {
      const decided = this.#decide({ type: "unstored", connection: event.connection, of });
      if (!("failed" in decided)) this.#act(decided.turn);
    } else if ("connection" in event && event.type !== "connect") {
      this.#shell.close(event.connection, CLOSE.internal, "");
    }
    this.#retryLater();
    return refuse(failed.code, failed.message, { retryAfter: RETRY_AFTER / 1000 });
  }

  /** What was due stays due; asking for it at once would only spin. */
  #retryLater(): void {
    // Not put off by what is refused unheard; and what only shows may go on.
    const failedAt = this.#isLeftAlone() ? this.#refusedAt : this.#shell.now();
    this.#ask(failedAt + RETRY_AFTER, this.#hub?.nextFlush ?? null);
  }

  #schedule(): void {
    const hub = this.#hub;
    if (hub) this.#ask(hub.nextWake(this.#shell.now()), hub.nextFlush);
  }

  #ask(wake: number | null, flush: number | null): void {
    if (wake !== this.#due.wake.asked) this.#due.wake = this.#dueAt(wake);
    if (flush !== this.#due.flush.asked) this.#due.flush = this.#dueAt(flush);
    this.#shell.schedule(wake, flush);
  }

  /** What was due before anybody asked for it is due now: it is not late. */
  #dueAt(asked: number | null): Due {
    return { asked, at: asked === null ? null : Math.max(asked, this.#shell.now()) };
  }

  #takeDue({ type }: HubEvent): number | null {
    if (type !== "wake" && type !== "flush") return null;
    const { at } = this.#due[type];
    this.#due[type] = NEVER;
    return at;
  }

  #act(turn: Turn): void {
    const broken = new Set<string>();
    const reach = (connection: string, act: () => void) => {
      try {
        act();
      } catch (error) {
        broken.add(connection);
        this.#shell.log("connection_failed", { connection, ...told(error) });
      }
    };
    for (const connection of turn.attached.values()) reach(connection.id, () => this.#shell.attach(connection));
    for (const effect of turn.effects) {
      if ("connection" in effect) reach(effect.connection, () => this.#perform(effect));
      else this.#perform(effect);
    }
    // Its socket and the hub no longer agree about it.
    for (const connection of broken) {
      this.#shell.close(connection, CLOSE.internal, "");
      this.handle({ type: "closed", connection, code: CLOSE.internal });
    }
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case "send":
        return this.#shell.send(effect.connection, effect.text);
      case "close":
        return this.#shell.close(effect.connection, effect.code, effect.reason);
      case "log":
        return this.#shell.log(effect.event, effect.fields);
      case "settled":
        return this.#waiting.get(effect.command.id)?.forEach((done) => done(effect.command));
    }
  }

  readonly #vitals = (): Vitals => {
    const vitals = this.#shell.vitals();
    const rows = this.#store.rows?.();
    return { ...vitals, database: this.#store.size?.(), rows: rows && rows + (vitals.rows ?? 0) };
  };

  #env(): Env {
    const { random, pingedAt, backlog } = this.#shell;
    return { now: this.#shell.now(), random, sha256, pingedAt, backlog, counts: this.#counts, vitals: this.#vitals };
  }
}

/** The store refused the writes of a turn. */
class Unstored extends Error {}

/** What a runtime has of randomness; a test that must repeat itself brings its own. */
export const randomBytes = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

/** The one digest of credentials and blobs, in hex; synchronous on every runtime. */
export const sha256 = (of: string | readonly Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of typeof of === "string" ? [of] : of) hash.update(part);
  return hash.digest("hex");
};
