/** A few buckets of durations in seconds, and their sum. */
export class Histogram {
  /** The upper ends of its buckets; what is over the last one counts in the total only. */
  readonly bounds: readonly number[];
  readonly #within: number[];
  #sum = 0;
  #count = 0;

  constructor(...bounds: number[]) {
    this.bounds = bounds;
    this.#within = bounds.map(() => 0);
  }

  add(seconds: number): void {
    this.#sum += seconds;
    this.#count += 1;
    const at = this.bounds.findIndex((bound) => seconds <= bound);
    if (at >= 0) this.#within[at] += 1;
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  /** How many took at most so long, for each bound. */
  get upTo(): number[] {
    let total = 0;
    return this.#within.map((count) => total += count);
  }
}
