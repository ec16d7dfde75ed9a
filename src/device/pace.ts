/** How fast a backlog may go out: under the limits of `welcome`, so that nothing is refused for its rate [F9]. */

export interface Limits {
  rate: number;
  burst: number;
  maxFrame: number;
}

/** What is left to the frames that are not paced and to the difference of two clocks. */
const SHARE_OF_RATE = 0.8;
const SHARE_OF_BURST = 0.5;

export class Pace {
  readonly #rate: number;
  /**
   * Also the most that may be unsettled on one connection: what a stalled link delivers all at once
   * then still fits the hub's burst.
   */
  readonly window: number;
  #tokens: number;
  #at: number;
  #pausedUntil = -Infinity;

  constructor({ rate, burst }: Limits, now: number) {
    this.#rate = Math.max(1, rate * SHARE_OF_RATE) / 1000;
    this.window = Math.max(1, Math.floor(burst * SHARE_OF_BURST));
    this.#tokens = this.window;
    this.#at = now;
  }

  /** Takes leave to send one frame: 0, or the milliseconds until there is one. */
  take(now: number): number {
    this.#tokens = Math.min(this.window, this.#tokens + (now - this.#at) * this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#rate);
    this.#tokens -= 1;
    return 0;
  }

  /** Nothing at all for this long, in ms: the hub asked for less, or cannot write just now. */
  pause(now: number, ms: number): void {
    this.#pausedUntil = now + ms;
  }

  /** Milliseconds until the pause is over; 0 when there is none. */
  pausedFor(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }
}
