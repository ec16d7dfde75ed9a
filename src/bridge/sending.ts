/** What goes to a broker: in order, a bounded number at a time, and each acknowledged in time or the connection ends [N3]. */
import type { Broker, Publication } from "./broker.ts";

/** Made only when its turn comes, from what is true by then; null where nothing is to be said any more. */
export type Make = () => Publication | null;

/** `given up`: the broker refuses it, or it is larger than it takes [N19]. */
export type Sent = "acknowledged" | "given up";

interface Waiting {
  make: Make;
  answer(sent: Sent): void;
}

export interface SendingEar {
  /** The connection is of no use any more. */
  broken(reason: string): void;
  acknowledged(): void;
  givenUp(topic: string, reason: string): void;
}

const MOST_IN_FLIGHT = 32;
/** What the broker has not answered by then ends the connection, in ms [N3]. */
export const PATIENCE = 20_000;
/** Of a packet beside its topic and payload: its head and our properties. */
const HEAD = 1_024;

export class Sending {
  readonly #broker: Broker;
  readonly #ear: SendingEar;
  readonly #patience: number;
  readonly #most: number;
  readonly #urgent: Waiting[] = [];
  readonly #ordinary: Waiting[] = [];
  readonly #overdue = new Set<ReturnType<typeof setTimeout>>();
  #isOver = false;

  constructor(broker: Broker, ear: SendingEar, patience = PATIENCE) {
    this.#broker = broker;
    this.#patience = patience;
    this.#ear = ear;
    this.#most = Math.max(1, Math.min(MOST_IN_FLIGHT, broker.mostInFlight ?? MOST_IN_FLIGHT));
  }

  /** What is owed and answered goes before what is retained. Never answered where the connection ends before. */
  send(make: Make, { isUrgent = false } = {}): Promise<Sent> {
    return new Promise((answer) => {
      (isUrgent ? this.#urgent : this.#ordinary).push({ make, answer });
      this.#next();
    });
  }

  end(): void {
    this.#isOver = true;
    for (const overdue of this.#overdue) clearTimeout(overdue);
    this.#overdue.clear();
    this.#urgent.length = this.#ordinary.length = 0;
  }

  #next(): void {
    while (!this.#isOver && this.#overdue.size < this.#most) {
      const waiting = this.#urgent.shift() ?? this.#ordinary.shift();
      if (!waiting) return;
      const publication = waiting.make();
      if (publication === null) waiting.answer("given up");
      else if (this.#isTooLarge(publication)) {
        this.#ear.givenUp(publication.topic, "it is larger than the broker takes");
        waiting.answer("given up");
      } else void this.#publish(publication, waiting);
    }
  }

  #isTooLarge({ topic, payload }: Publication): boolean {
    const { largest } = this.#broker;
    return largest !== undefined && (topic.length + payload.length) * 3 + HEAD > largest &&
      utf8.encode(topic + payload).length + HEAD > largest;
  }

  async #publish(publication: Publication, { answer }: Waiting): Promise<void> {
    const overdue = setTimeout(
      () => this.#breaks(`The broker acknowledged nothing for ${this.#patience / 1000} s`),
      this.#patience,
    );
    this.#overdue.add(overdue);
    const taking = await this.#broker.publish(publication);
    clearTimeout(overdue);
    this.#overdue.delete(overdue);
    if (this.#isOver) return;
    if (taking.ok) {
      this.#ear.acknowledged();
      answer("acknowledged");
    } else if (taking.isQuota) this.#breaks(`The broker takes no more: ${taking.reason}`);
    else {
      this.#ear.givenUp(publication.topic, taking.reason);
      answer("given up");
    }
    this.#next();
  }

  #breaks(reason: string): void {
    this.end();
    this.#ear.broken(reason);
  }
}

const utf8 = new TextEncoder();
