/** How long a sample is on its way, seen from its value: who shows a value has shown all that came before it. */

/** As many values as a device has before they repeat. */
const VALUES = 1_000;

export class Delays {
  /** In ms, of all samples that arrived since somebody emptied it. */
  readonly taken: number[] = [];
  /** When what did not arrive yet was sent, a list for each lane. */
  readonly #waiting: number[][];
  /** The first of each list: which of the lane's samples it is. */
  readonly #first: number[];

  /** A lane is what keeps its order: a device, or one for all. */
  constructor(lanes: number) {
    this.#waiting = Array.from({ length: lanes }, () => []);
    this.#first = Array(lanes).fill(0);
  }

  /** The lane's sample with this number, which is the one after the last that was named here. */
  sent(lane: number, n: number): void {
    if (this.#waiting[lane].length === 0) this.#first[lane] = n;
    this.#waiting[lane].push(performance.now());
  }

  /** The next of the lane arrived. */
  arrived(lane: number): void {
    this.#arrived(lane, 1);
  }

  /** The sample with this number, of which only the rest by a thousand is known, arrived; those before it with it. */
  shown(lane: number, n: number): void {
    const ahead = (n - this.#first[lane] % VALUES + VALUES) % VALUES;
    // An older one that is shown again is nothing new.
    if (ahead < this.#waiting[lane].length) this.#arrived(lane, ahead + 1);
  }

  #arrived(lane: number, count: number): void {
    const now = performance.now();
    for (const sentAt of this.#waiting[lane].splice(0, count)) this.taken.push(now - sentAt);
    this.#first[lane] += count;
  }
}
