/** What arrives in one turn of the event loop, to be handled together. */

export class Inbox<T> {
  #waiting: T[] = [];
  readonly #handleAll: (all: readonly T[]) => void;

  constructor(handleAll: (all: readonly T[]) => void) {
    this.#handleAll = handleAll;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
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
