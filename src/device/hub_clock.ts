/** What the hub's clock says, as far as one connection tells: how old a command is when it arrives [C6]. */

/** Two cheap clocks drift apart so much, of the time that passes. */
const DRIFT = 1e-4;
/** Seconds beyond a heartbeat after which a silent link has been given up for certain. */
const STALL = 15;

export class HubClock {
  /** What the hub's clock is ahead of ours, in ms. */
  #offset: number;
  readonly #since: number;
  /** No frame can be under way for longer. */
  readonly #mostLate: number;

  /** `time` is the hub's, from a `welcome` that arrived at `now`. */
  constructor(time: number, now: number, heartbeatSeconds: number) {
    this.#offset = time - now;
    this.#since = now;
    this.#mostLate = (heartbeatSeconds + STALL) * 1000;
  }

  /** Milliseconds left to start acting: those that the frame names, less what a stalled link kept it waiting. */
  msLeft({ ttl, expires }: { ttl: number; expires?: number }, now: number): number {
    const named = ttl * 1000;
    if (expires === undefined) return named;
    const sentAt = expires - named;
    const late = now + this.#offset - sentAt;
    if (late > this.#mostLate) {
      // Such a link would have been given up: it is the hub's clock that was set back.
      this.#offset = sentAt - now;
      return named;
    }
    return named - Math.max(0, late - (now - this.#since) * DRIFT);
  }
}
