/** The hub while it is in memory, and how it is made anew: a failed commit, a bug and a hibernation all take it away. */
import { Hub } from "../hub/hub.ts";
import type { HubEvent } from "../hub/event.ts";
import type { Counts } from "../hub/metrics/counts.ts";
import type { HubOptions } from "../hub/options.ts";
import type { Env, Store } from "../hub/ports.ts";
import type { Vitals } from "../hub/metrics/vitals.ts";
import { type Commits, Unstored } from "./commits.ts";
import { sha256 } from "./crypto.ts";
import type { Effects } from "./effects.ts";
import type { Shell } from "./shell.ts";
import { Wakes } from "./wakes.ts";

export interface Surroundings {
  options: HubOptions;
  store: Store;
  shell: Shell;
  counts: Counts;
  commits: Commits;
  effects: Effects;
}

export class Awake {
  /** Null while its memory is ahead of the store, or not made yet. */
  #hub: Hub | null = null;
  /** Its kinds are taken: they do not change while it runs. */
  #hasStarted = false;
  readonly wakes: Wakes;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
    this.wakes = new Wakes(around.shell);
  }

  get hub(): Hub | null {
    return this.#hub;
  }

  /** Its memory is ahead of the store. */
  lose(): void {
    this.#hub = null;
  }

  wake(): Hub {
    const { commits, counts, effects } = this.#around;
    const hub = this.#made();
    const start: HubEvent = { type: "start", isSameProgram: this.#hasStarted };
    const { turn, outcome } = hub.decide(start, this.env());
    commits.alone(turn);
    counts.stands(start, turn, outcome);
    this.#hasStarted = true;
    this.#hub = hub;
    effects.act(turn);
    return hub;
  }

  /** Where what is due at a start cannot be written, a hub for this one event: what it reads is true. */
  wakeOrRead(): Hub {
    try {
      return this.wake();
    } catch (error) {
      if (!(error instanceof Unstored)) throw error;
      this.retryLater();
      return this.#made();
    }
  }

  #made(): Hub {
    const { options, store, shell } = this.#around;
    return new Hub(options, store, shell.connections());
  }

  schedule(): void {
    const hub = this.#hub;
    if (hub) this.wakes.ask(hub.nextWake(this.#around.shell.now()), hub.nextFlush);
  }

  /** What was due stays due; asking for it at once would only spin. */
  retryLater(): void {
    // What only shows may go on.
    this.wakes.ask(this.#around.commits.retryAt, this.#hub?.nextFlush ?? null);
  }

  env(): Env {
    const { shell: { now, random, pingedAt, backlog }, counts } = this.#around;
    return { now: now(), random, sha256, pingedAt, backlog, counts, vitals: this.#vitals };
  }

  readonly #vitals = (): Vitals => {
    const { shell, store } = this.#around;
    const vitals = shell.vitals();
    const rows = store.rows?.();
    return { ...vitals, database: store.size?.(), rows: rows && rows + (vitals.rows ?? 0) };
  };
}
