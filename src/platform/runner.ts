/** Carries out what the hub decides, on every runtime: commit, then act. A failed commit is an eviction. */
import { createHash } from "node:crypto";
import { type Fault, FAULTS, type Outcome, refuse } from "../protocol/fault.ts";
import { CLOSE } from "../protocol/close.ts";
import type { Credential } from "../protocol/credential.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";
import type { ArgsOf, CallName, ValueOf } from "../hub/call.ts";
import type { Connection } from "../hub/connection.ts";
import { Hub, type HubEvent } from "../hub/hub.ts";
import type { HubOptions } from "../hub/memory.ts";
import type { Doc, Env, Store } from "../hub/ports.ts";
import type { Effect, Turn } from "../hub/turn.ts";

export type Log = (event: string, fields?: Doc) => void;

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
  /** Asks for `wake` at this time, for `flush` at that one; null for never. */
  schedule(wakeAt: number | null, flushAt: number | null): void;
  log: Log;
}

/** How long to leave a store alone that refused a write, in ms. */
const RETRY_AFTER = 1_000;

export class Runner {
  #hub: Hub;
  #isStarted = false;
  readonly #store: Store;
  readonly #options: HubOptions;
  readonly #shell: Shell;
  readonly #waiting = new Map<string, Set<(record: CommandRecord) => void>>();

  constructor(options: HubOptions, store: Store, shell: Shell) {
    this.#options = options;
    this.#store = store;
    this.#shell = shell;
    this.#hub = new Hub(options, store, shell.connections());
    this.#start();
  }

  /** Decides an event and does what follows. `opened` is called once a `connect` stands, before anything is sent. */
  handle(event: HubEvent, opened?: () => void): Outcome<unknown> {
    if (!this.#isStarted) this.#start();
    const decided = this.#decide(event);
    if ("failed" in decided) return this.#recover(event, decided.failed);
    if (decided.outcome.ok) opened?.();
    this.#act(decided.turn);
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
      const done = (record: CommandRecord) => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve(record);
      };
      const timer = setTimeout(() => done(this.#store.get("command", id) ?? record), seconds * 1000);
      waiting.add(done);
    });
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

  /** Forgets everything in memory and takes it up again: what a hibernation does, for tests and after failures. */
  evict(): void {
    this.#hub = new Hub(this.#options, this.#store, this.#shell.connections());
    this.#isStarted = false;
    this.#start();
  }

  #start(): void {
    this.#isStarted = true;
    const decided = this.#decide({ type: "start" });
    if (!("failed" in decided)) return this.#act(decided.turn);
    // The next event tries again; until then nothing is served from a memory that is ahead of the store.
    this.#isStarted = false;
    this.#hub = new Hub(this.#options, this.#store, this.#shell.connections());
  }

  #decide(event: HubEvent): { turn: Turn; outcome: Outcome<unknown> } | { failed: Fault } {
    let isDecided = false;
    try {
      const decided = this.#hub.decide(event, this.#env());
      isDecided = true;
      const { writes, durability } = decided.turn;
      if (writes.length > 0) this.#store.commit(writes, durability);
      return decided;
    } catch (error) {
      const code = isDecided ? "storage_unavailable" : "internal";
      this.#shell.log(`event_failed`, {
        code,
        event: event.type,
        error: String(error),
        stack: (error as Error)?.stack,
      });
      return { failed: { code, message: FAULTS[code].title } };
    }
  }

  #recover(event: HubEvent, failed: Fault): Outcome<unknown> {
    this.evict();
    if (event.type === "text" && failed.code === "storage_unavailable") {
      const told = this.#decide({ ...event, type: "unstored" });
      if (!("failed" in told)) this.#act(told.turn);
    } else if ("connection" in event && event.type !== "connect") {
      this.#shell.close(event.connection, CLOSE.internal, "");
    }
    // What was due stays due; asking for it at once would only spin.
    this.#shell.schedule(this.#shell.now() + RETRY_AFTER, null);
    return refuse(failed.code, failed.message, { retryAfter: RETRY_AFTER / 1000 });
  }

  #act(turn: Turn): void {
    for (const connection of turn.attached.values()) this.#shell.attach(connection);
    for (const effect of turn.effects) this.#perform(effect);
    this.#shell.schedule(this.#hub.nextWake(turn.now), this.#hub.nextFlush);
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

  #env(): Env {
    return { now: this.#shell.now(), random, sha256, pingedAt: this.#shell.pingedAt, backlog: this.#shell.backlog };
  }
}

const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

/** The one digest of credentials, in hex; synchronous on every runtime. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
