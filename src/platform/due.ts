/** For which time a wake-up was asked, so that one that comes late is known to be. */
export class Due {
  #asked: number | null = null;
  /** When it is due since it was asked for: what was due before that is due at once, and not late. */
  #at: number | null = null;

  ask(asked: number | null, now: () => number): void {
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#at = asked === null ? null : Math.max(asked, now());
  }

  /** It came: when it was due, or null where nobody asked. */
  take(): number | null {
    const at = this.#at;
    this.#asked = this.#at = null;
    return at;
  }
}
