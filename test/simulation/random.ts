/** Randomness that is the same for the same seed. Each part of the world has a stream of its own, named after it. */

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#a = hash(seed, 0x9e3779b9);
    this.#b = hash(seed, 0x85ebca6b);
    this.#c = hash(seed, 0xc2b2ae35);
    for (let round = 0; round < 12; round++) this.#word();
  }

  /** From 0 up to 1, which it never is. */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** A whole number from 0 up to `below`, which it never is. */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** A whole number of this range, both ends included. */
  between(least: number, most: number): number {
    return least + this.int(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)];
  }

  /** Times between things that happen by themselves, in whole ms. */
  wait(mean: number): number {
    return Math.ceil(-Math.log(1 - this.next()) * mean);
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at++) bytes[at] = this.#word() & 255;
    return bytes;
  }

  /** sfc32. */
  #word(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum >>> 0;
  }
}

/** FNV-1a from a start of one's own. */
function hash(text: string, start: number): number {
  let value = start;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value | 0;
}
