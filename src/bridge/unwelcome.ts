/**
 * What a broker hangs up over: some do so over what a client may not publish, since MQTT 3.1.1 has no other word for it.
 * Sent again with every connection it would keep everything else from getting through [N19].
 */

/** So many connections in a row have to end over a topic, while nothing else was on its way. */
const ENDS = 5;
/** How soon it has to come, in ms: a line that breaks by itself may break at any time. */
const PROMPTLY = 2_000;
/** So many acknowledgements later messages go together again. */
const CALM = 200;
/** Rights may change: after so long it is tried again, in ms. */
const FORGETS = 3_600_000;
/** Where that many topics of a sort are unwelcome, all of it is. */
const OF_A_SORT = 3;

export interface OnItsWay {
  topic: string;
  since: number;
}

export class Unwelcome {
  readonly #sortOf: (topic: string) => string;
  /** By topic, until when; and how many there are of a sort. */
  readonly #known = new Map<string, number>();
  #suspect: { topic: string; ends: number } | null = null;
  /** Acknowledgements until messages go together. */
  #careful = 0;

  constructor(sortOf: (topic: string) => string) {
    this.#sortOf = sortOf;
  }

  /** Messages go one by one, so that it is known which of them it was. */
  get isCareful(): boolean {
    return this.#careful > 0;
  }

  has(topic: string, now = Date.now()): boolean {
    if (this.#known.size === 0) return false;
    for (const [known, until] of this.#known) if (until <= now) this.#known.delete(known);
    const sort = this.#sortOf(topic);
    const alike = [...this.#known.keys()].filter((known) => this.#sortOf(known) === sort).length;
    return this.#known.has(topic) || alike >= OF_A_SORT;
  }

  acknowledged(topic: string): void {
    if (this.#careful > 0) this.#careful -= 1;
    if (this.#suspect?.topic === topic) this.#suspect = null;
  }

  /** The broker ended the connection: was it over one of these, or over what it had not to answer, said at `saidAt`? */
  ended(onTheirWay: readonly OnItsWay[], saidAt: number, now = Date.now()): boolean {
    const [first, ...others] = onTheirWay;
    const isSaid = now - saidAt <= PROMPTLY;
    if (!isSaid && (!first || now - first.since > PROMPTLY)) {
      this.#suspect = null;
      return false;
    }
    this.#careful = CALM;
    if (isSaid) return false;
    if (others.length > 0) return true;
    const { topic } = first;
    const ends = this.#suspect?.topic === topic ? this.#suspect.ends + 1 : 1;
    this.#suspect = { topic, ends };
    if (ends >= ENDS) {
      this.#known.set(topic, now + FORGETS);
      this.#suspect = null;
    }
    return true;
  }
}
