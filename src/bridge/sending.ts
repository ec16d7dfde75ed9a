/** What goes to a broker: in order, a bounded number at a time, and each acknowledged in time or the connection ends [N3]. */
import type { Broker, Publication } from "./broker.ts";
import type { OnItsWay, Unwelcome } from "./unwelcome.ts";

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
  readonly #unwelcome: Unwelcome;
  readonly #patience: number;
  readonly #most: number;
  readonly #urgent: Waiting[] = [];
  readonly #ordinary: Waiting[] = [];
  /** What the broker has not answered, with what ends the connection where it goes on so. */
  readonly #onTheirWay = new Map<OnItsWay, ReturnType<typeof setTimeout>>();
  /** When something was said that nobody answers, so that nobody knows what came of it. */
  #saidAt = -Infinity;
  #isOver = false;

  constructor(broker: Broker, ear: SendingEar, unwelcome: Unwelcome, patience = PATIENCE) {
    this.#broker = broker;
    this.#unwelcome = unwelcome;
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
    for (const overdue of this.#onTheirWay.values()) clearTimeout(overdue);
    this.#onTheirWay.clear();
    this.#urgent.length = this.#ordinary.length = 0;
  }

  /** Before its end: the broker hung up, over something that it was sent? */
  hungUp(): boolean {
    return this.#unwelcome.ended([...this.#onTheirWay.keys()], this.#saidAt);
  }

  get #room(): number {
    return (this.#unwelcome.isCareful ? 1 : this.#most) - this.#onTheirWay.size;
  }

  #next(): void {
    while (!this.#isOver && this.#room > 0) {
      const waiting = this.#urgent.shift() ?? this.#ordinary.shift();
      if (!waiting) return;
      const publication = waiting.make();
      const why = publication && this.#whyNot(publication);
      if (publication && why === null) void this.#publish(publication, waiting);
      else {
        if (publication) this.#ear.givenUp(publication.topic, why!);
        waiting.answer("given up");
      }
    }
  }

  #whyNot(publication: Publication): string | null {
    if (this.#isTooLarge(publication)) return "it is larger than the broker takes";
    return this.#unwelcome.has(publication.topic) ? "the broker ends the connection over it" : null;
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
    const itself = { topic: publication.topic, since: Date.now() };
    this.#onTheirWay.set(itself, overdue);
    const taking = await this.#broker.publish(this.#asked(publication));
    clearTimeout(overdue);
    this.#onTheirWay.delete(itself);
    if (this.#isOver) return;
    if (taking.ok) {
      this.#unwelcome.acknowledged(publication.topic);
      this.#ear.acknowledged();
      answer("acknowledged");
    } else if (taking.isQuota) this.#breaks(`The broker takes no more: ${taking.reason}`);
    else {
      this.#ear.givenUp(publication.topic, taking.reason);
      answer("given up");
    }
    this.#next();
  }

  /** One by one each has to be answered, but what is another firmware's own. */
  #asked(publication: Publication): Publication {
    if (publication.qos === 1) return publication;
    if (this.#unwelcome.isCareful && publication.user) return { ...publication, qos: 1 };
    this.#saidAt = Date.now();
    return publication;
  }

  #breaks(reason: string): void {
    this.end();
    this.#ear.broken(reason);
  }
}

const utf8 = new TextEncoder();
