/** A list that stays sorted: in blocks, so that a move in a long one costs little more than in a short one. */

/** A block that has twice as many is split. */
const BLOCK = 256;

export class Ranking<T> {
  #size = 0;
  readonly #blocks: T[][] = [];
  /** Is this one before that one? Of two that are not the same, one is. */
  readonly #isBefore: (one: T, other: T) => boolean;

  constructor(isBefore: (one: T, other: T) => boolean, items: Iterable<T> = []) {
    this.#isBefore = isBefore;
    const sorted = [...items].sort((one, other) => isBefore(one, other) ? -1 : 1);
    for (let from = 0; from < sorted.length; from += BLOCK) this.#blocks.push(sorted.slice(from, from + BLOCK));
    this.#size = sorted.length;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    this.#size += 1;
    if (this.#blocks.length === 0) return void this.#blocks.push([item]);
    const at = Math.min(this.#blockFor(item), this.#blocks.length - 1);
    const block = this.#blocks[at];
    block.splice(this.#placeIn(block, item), 0, item);
    if (block.length >= 2 * BLOCK) this.#blocks.splice(at + 1, 0, block.splice(BLOCK));
  }

  /** It is in there, and sorts as it did when it was added. */
  remove(item: T): void {
    this.#size -= 1;
    const at = this.#blockFor(item);
    const block = this.#blocks[at];
    block.splice(this.#placeIn(block, item), 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  slice(from: number, count: number): T[] {
    const found: T[] = [];
    let skip = from;
    for (const block of this.#blocks) {
      if (found.length === count) break;
      for (let at = skip; at < block.length && found.length < count; at++) found.push(block[at]);
      skip = Math.max(0, skip - block.length);
    }
    return found;
  }

  /** The first block that does not end before it. */
  #blockFor(item: T): number {
    return firstFrom(this.#blocks.length, (at) => !this.#isBefore(this.#blocks[at].at(-1)!, item));
  }

  #placeIn(block: T[], item: T): number {
    return firstFrom(block.length, (at) => !this.#isBefore(block[at], item));
  }
}

/** The first of so many places from which on it holds. */
function firstFrom(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
