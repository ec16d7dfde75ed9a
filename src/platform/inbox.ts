/** What arrives in one turn of the event loop, to be handled together. */
import type { Shell } from "./shell.ts";

/** Who asks after so many ms without a question asks alone. */
const CALM = 1;

export class Inbox<T> {
  #waiting: T[] = [];
  /** When something was asked last, by the clock of `elapsed`. */
  #askedAt = 0;
  readonly #handleAll: (all: readonly T[]) => void;
  readonly #shell: Pick<Shell, "elapsed">;

  constructor(handleAll: (all: readonly T[]) => void, shell: Pick<Shell, "elapsed">) {
    this.#handleAll = handleAll;
    this.#shell = shell;
  }

  /** Nothing was asked for a while: what comes now comes alone, and to wait for others would be a turn for nothing. */
  isCalm(): boolean {
    const now = this.#shell.elapsed?.() ?? 0;
    const isCalm = now - this.#askedAt > CALM && this.#waiting.length === 0;
    this.#askedAt = now;
    return isCalm;
  }

  put(one: T): void {
    if (this.#waiting.push(one) > 1) return;
    // Comes round after everything that is ready now; a microtask would come before the next request.
    setImmediate(() => this.empty());
  }

  empty(): void {
    const all = this.#waiting;
    if (all.length === 0) return;
    this.#waiting = [];
    this.#handleAll(all);
  }
}
