/** What arrives in one turn of the event loop, or within a few ms, to be handled together. */

export class Inbox<T> {
  #waiting: T[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #handleAll: (all: readonly T[]) => void;
  readonly #ms: number | null;

  constructor(handleAll: (all: readonly T[]) => void, ms: number | null = null) {
    this.#handleAll = handleAll;
    this.#ms = ms;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  put(one: T): void {
    if (this.#waiting.push(one) > 1) return;
    // Comes round after everything that is ready now; a microtask would come before the next request.
    if (this.#ms === null) setImmediate(() => this.empty());
    else this.#timer = setTimeout(() => this.empty(), this.#ms);
  }

  empty(): void {
    const all = this.#waiting;
    if (all.length === 0) return;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#handleAll(all);
  }
}
