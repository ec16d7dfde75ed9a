/** What came within the last minute. It knows no clock: whatever happens says when. */

/** How finely the minute is cut, in ms, and into how many parts. */
const STEP = 5_000;
const STEPS = 12;

/** Numbers that only grow. */
export type Totals = Readonly<Record<string, number>>;

export class Recent<T extends Totals> {
  readonly #totals: () => T;
  /** What had come by the beginning of each of the newest steps, and how late a wake-up was within it, at most. */
  #steps: { at: number; totals: T; lag: number | null }[] = [];

  #newestAt = 0;

  constructor(totals: () => T, now: number) {
    this.#totals = totals;
    this.#begin(now);
  }

  /** Time has come to `now`; before anything is counted of what happens then. */
  pass(now: number): void {
    if (now >= this.#newestAt && now < this.#newestAt + STEP) return;
    const newest = this.#steps.at(-1)!;
    const passed = now - newest.at;
    // A clock that was set back knows nothing of a minute ago.
    if (passed < 0) return this.#begin(now);
    const steps = Math.floor(passed / STEP);
    // In a long silence nothing came: its steps begin with the same totals.
    const totals = this.#totals();
    for (let step = Math.max(1, steps - STEPS); step <= steps; step++) {
      this.#steps.push({ at: newest.at + step * STEP, totals, lag: null });
    }
    this.#steps = this.#steps.slice(-STEPS - 1);
    this.#newestAt = this.#steps.at(-1)!.at;
  }

  /** A wake-up came so many seconds after its time. */
  late(seconds: number): void {
    const newest = this.#steps.at(-1)!;
    newest.lag = Math.max(seconds, newest.lag ?? 0);
  }

  /** Over how many seconds, how much of each came in them, and the latest wake-up. */
  since(now: number): { over: number; came: T; lag: number | null } {
    const [oldest] = this.#steps;
    const came = Object.entries(this.#totals()).map(([name, total]) => [name, total - oldest.totals[name]]);
    const lags = this.#steps.flatMap(({ lag }) => lag ?? []);
    return {
      over: Math.max(0, now - oldest.at) / 1000,
      came: Object.fromEntries(came),
      lag: lags.length > 0 ? Math.max(...lags) : null,
    };
  }

  #begin(now: number): void {
    this.#steps = [{ at: now, totals: this.#totals(), lag: null }];
    this.#newestAt = now;
  }
}
