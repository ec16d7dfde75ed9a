/** What is retained on the broker: brought where it differs from what this connection has brought, the newest only [N4]. */
import type { Publication } from "./broker.ts";
import type { Sending } from "./sending.ts";

interface Held {
  wanted: Publication;
  /** What was brought last. */
  brought: Publication | null;
  /** When it was last on its way, where it may go once a second only. */
  sentAt: number;
  isUnderWay: boolean;
  /** Nobody wants it any more. */
  isForgotten: boolean;
}

/** How often what is measured may go, in ms. */
const SLOW = 1_000;

export class Retained {
  readonly #sending: Sending;
  readonly #held = new Map<string, Held>();
  readonly #waiting = new Set<ReturnType<typeof setTimeout>>();

  constructor(sending: Sending) {
    this.#sending = sending;
  }

  /** `isSlow`: at most once a second. */
  want(wanted: Publication, { isSlow = false } = {}): void {
    const held = this.#held.get(wanted.topic);
    if (held) held.wanted = wanted;
    const one = held ?? { wanted, brought: null, sentAt: -Infinity, isUnderWay: false, isForgotten: false };
    this.#held.set(wanted.topic, one);
    this.#bring(one, isSlow);
  }

  /** What waits for it is not said any more; what is on its way is before whatever is said next. */
  forget(topic: string): void {
    const held = this.#held.get(topic);
    if (held) held.isForgotten = true;
    this.#held.delete(topic);
  }

  /** Says again what was brought there, as when somebody may have missed it. */
  again(isMeant: (topic: string) => boolean): void {
    for (const [topic, held] of this.#held) {
      if (!isMeant(topic)) continue;
      held.brought = null;
      this.#bring(held, false);
    }
  }

  end(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  #bring(held: Held, isSlow: boolean): void {
    if (held.isUnderWay || (held.brought && isSame(held.brought, held.wanted))) return;
    held.isUnderWay = true;
    const rest = isSlow ? held.sentAt + SLOW - Date.now() : 0;
    if (rest <= 0) return void this.#go(held, isSlow);
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      void this.#go(held, isSlow);
    }, rest);
    this.#waiting.add(timer);
  }

  async #go(held: Held, isSlow: boolean): Promise<void> {
    let brought: Publication | null = null;
    await this.#sending.send(() => {
      if (held.isForgotten) return null;
      held.sentAt = Date.now();
      return brought = held.wanted;
    });
    // What the broker refuses is not offered again until it is another.
    held.brought = brought;
    held.isUnderWay = false;
    if (!held.isForgotten) this.#bring(held, isSlow);
  }
}

/** A version may be new where nothing else is, and stands beside the payload [N6]. */
const isSame = (one: Publication, other: Publication): boolean =>
  one === other || (one.payload === other.payload && JSON.stringify(one.user) === JSON.stringify(other.user));
