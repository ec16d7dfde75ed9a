/** A heap of times at which something may be due. Entries are hints: whoever pops one looks whether it still holds. */

interface Entry {
  at: number;
  id: string;
}

export class Deadlines {
  #heap: Entry[] = [];

  /** The earliest hint, or null. */
  get next(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  add(at: number, id: string): void {
    const heap = this.#heap;
    heap.push({ at, id });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (heap[parent].at <= heap[child].at) break;
      [heap[parent], heap[child]] = [heap[child], heap[parent]];
      child = parent;
    }
  }

  /** Takes out the next id whose time has come, or undefined. */
  due(now: number): string | undefined {
    const first = this.#heap[0];
    if (!first || first.at > now) return undefined;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.id;
  }

  #sink(): void {
    const heap = this.#heap;
    let parent = 0;
    while (true) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && heap[child].at < heap[least].at) least = child;
      }
      if (least === parent) return;
      [heap[parent], heap[least]] = [heap[least], heap[parent]];
      parent = least;
    }
  }
}
