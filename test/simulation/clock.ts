/** Time that passes only when nothing more happens at this moment. */

interface Due {
  at: number;
  order: number;
  act: () => void;
}

export class Clock {
  now: number;
  /** How many things have happened. */
  steps = 0;
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** When the next thing happens; infinite when nothing will. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  after(ms: number, act: () => void): void {
    this.at(this.now + Math.ceil(ms), act);
  }

  /** What is due at the same moment happens in the order in which it was asked for. */
  at(at: number, act: () => void): void {
    const heap = this.#heap;
    const due = { at: Math.max(at, this.now), order: this.#order++, act };
    heap.push(due);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (isBefore(heap[parent], due)) break;
      heap[child] = heap[parent];
      child = parent;
    }
    heap[child] = due;
  }

  /** Lets the next thing happen. */
  step(): void {
    const { at, act } = this.#take();
    this.now = at;
    this.steps += 1;
    act();
  }

  #take(): Due {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let parent = 0;
    while (true) {
      let least = 2 * parent + 1;
      if (least >= heap.length) break;
      if (least + 1 < heap.length && isBefore(heap[least + 1], heap[least])) least += 1;
      if (isBefore(last, heap[least])) break;
      heap[parent] = heap[least];
      parent = least;
    }
    heap[parent] = last;
    return first;
  }
}

const isBefore = (one: Due, other: Due) => one.at === other.at ? one.order < other.order : one.at < other.at;
