/** Writes what turns decided, one alone or several together, and remembers how the store takes it. */
import type { Counts } from "../hub/metrics/counts.ts";
import type { Group, Store } from "../hub/ports.ts";
import type { Turn } from "../hub/turn.ts";
import type { Shell } from "./shell.ts";

/** The store refused the writes of a turn, or of those that it was to be written with. */
export class Unstored extends Error {}

/** How long to leave a store alone that refused a write, in ms. */
export const RETRY_AFTER = 1_000;
/** After so many refusals in a row it is left alone: each costs a memory that has to be made anew. */
const MOST_REFUSALS = 10;

/** So many that need not wait for the disk are cheaper together, though together they do. */
const MANY = 4;

export class Commits {
  /** How often in a row the store took no writes, and when it did so last. */
  #refusals = 0;
  #refusedAt = 0;
  /** What is written and not durable yet; or why it is gone. */
  #group: Group | null = null;
  #lost: Unstored | null = null;
  readonly #store: Store;
  readonly #shell: Shell;
  readonly #counts: Counts;

  constructor(store: Store, shell: Shell, counts: Counts) {
    this.#store = store;
    this.#shell = shell;
    this.#counts = counts;
  }

  get isLeftAlone(): boolean {
    return this.#refusals >= MOST_REFUSALS && this.#shell.now() < this.#refusedAt + RETRY_AFTER;
  }

  /** When it is to be tried again; not put off by what is refused unheard. */
  get retryAt(): number {
    return (this.isLeftAlone ? this.#refusedAt : this.#shell.now()) + RETRY_AFTER;
  }

  /** Durable when it returns. */
  alone({ writes, durability }: Turn): void {
    if (writes.length === 0) return;
    this.#timed(() => this.#store.commit(writes, durability));
    this.#counts.committed(durability);
  }

  /** Durable with the next `seal`, where others follow that may share its commit. True when it waits for that. */
  withOthers(turn: Turn, others: number): boolean {
    const pays = others >= (turn.durability === "full" ? 1 : MANY);
    if (this.#group === null && pays && turn.writes.length > 0) {
      this.#group = this.#tried(() => this.#store.begin?.() ?? null);
    }
    const group = this.#group;
    if (group) this.#tried(() => group.write(turn.writes));
    else this.alone(turn);
    return group !== null;
  }

  /** All that waits becomes durable, or nothing of it. */
  seal(): void {
    const [group, lost] = [this.#group, this.#lost];
    [this.#group, this.#lost] = [null, null];
    if (lost) throw lost;
    if (!group) return;
    this.#timed(() => group.commit());
    this.#counts.committed("full");
  }

  #timed(commit: () => void): void {
    const began = this.#shell.elapsed?.();
    this.#tried(commit);
    if (this.#refusals > 0) this.#recovered();
    if (began !== undefined) this.#counts.commitTime.add((this.#shell.elapsed!() - began) / 1000);
  }

  #tried<V>(write: () => V): V {
    try {
      return write();
    } catch (error) {
      this.#refusals += 1;
      this.#refusedAt = this.#shell.now();
      this.#counts.refusesWrites(this.#refusedAt);
      const refused = new Unstored(error instanceof Error ? error.message : String(error));
      // What failed of a group is all of it.
      if (this.#group) this.#lost = refused;
      this.#group = null;
      throw refused;
    }
  }

  #recovered(): void {
    const { refusingSince } = this.#counts;
    const seconds = refusingSince === null ? 0 : (this.#shell.now() - refusingSince) / 1000;
    this.#shell.log("store_recovered", { seconds, refusals: this.#refusals });
    this.#refusals = 0;
  }
}
