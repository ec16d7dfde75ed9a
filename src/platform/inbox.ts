/** What arrives in one turn of the event loop, to be handled together. */

export class Inbox<T> {
  #waiting: T[] = [];
  readonly #handleAll: (all: readonly T[]) => void;

  constructor(handleAll: (all: readonly T[]) => void) {
    this.#handleAll = handleAll;
  }

  put(one: T): void {
    // Comes round after everything that is ready now; a microtask would come before the next request.
    if (this.#waiting.push(one) === 1) setImmediate(() => this.empty());
  }

  empty(): void {
    const all = this.#waiting;
    this.#waiting = [];
    if (all.length > 0) this.#handleAll(all);
  }
}
