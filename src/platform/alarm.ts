/** One timer that is set often and seldom has to be: one that rings too soon only looks again. */

/** `setTimeout` takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Alarm {
  #at: number | null = null;
  /** When the timer rings, where there is one. */
  #rings = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #act: () => void;

  constructor(act: () => void) {
    this.#act = act;
  }

  set(at: number | null): void {
    this.#at = at;
    if (at === null || at >= this.#rings) return;
    clearTimeout(this.#timer);
    this.#wait(at);
  }

  /** At this time, or sooner where that was asked for before. */
  by(at: number): void {
    if (this.#at === null || at < this.#at) this.set(at);
  }

  end(): void {
    clearTimeout(this.#timer);
    [this.#at, this.#rings] = [null, Infinity];
  }

  #wait(at: number): void {
    this.#rings = at;
    this.#timer = setTimeout(() => this.#ring(), Math.min(LONGEST_TIMER, Math.max(0, at - Date.now())));
  }

  #ring(): void {
    const at = this.#at;
    this.#rings = Infinity;
    if (at === null) return;
    if (at > Date.now()) return this.#wait(at);
    this.#at = null;
    this.#act();
  }
}
