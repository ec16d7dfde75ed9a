/** A broker made of arrays: what it is told it keeps, and what it answers is the test's to say. */
import type { Broker, BrokerEar, ConnectBroker, Message, Publication, Taking } from "../../../src/bridge/broker.ts";

export class FakeBroker implements Broker {
  version: 4 | 5 = 5;
  mostInFlight?: number;
  largest?: number;
  /** Everything that was published, acknowledged or not, over all connections. */
  readonly said: Publication[] = [];
  /** What of it reached the broker, whether or not its word came back. */
  readonly had: Publication[] = [];
  readonly filters: string[] = [];
  readonly retained = new Map<string, string>();
  connections = 0;
  isOpen = false;
  /** Is nobody there? */
  refuses: string | null = null;
  /** Does it acknowledge? */
  acknowledges = true;
  answersSubscribe = true;
  takes: (publication: Publication) => Taking = () => ({ ok: true });
  lets: (filter: string) => Taking = () => ({ ok: true });
  /** What it ends the connection over, once it gets there. */
  hangsUpOver: (publication: Publication) => boolean = () => false;
  #waiting: { publication: Publication; answer(taking: Taking): void }[] = [];
  #ear: BrokerEar | null = null;

  readonly connect: ConnectBroker = (ear) => {
    if (this.refuses !== null) return Promise.resolve({ ok: false, reason: this.refuses });
    this.connections += 1;
    this.isOpen = true;
    this.filters.length = 0;
    this.#ear = ear;
    return Promise.resolve({ ok: true, broker: this });
  };

  publish(publication: Publication): Promise<Taking> {
    this.said.push(publication);
    if (this.hangsUpOver(publication)) {
      const { connections } = this;
      setTimeout(() => this.isOpen && connections === this.connections && this.dies(), 1);
      // With QoS 0 it counts as said once it is written.
      return publication.qos === 0 ? Promise.resolve({ ok: true }) : new Promise(() => {});
    }
    return new Promise((answer) => {
      this.#waiting.push({ publication, answer });
      if (this.acknowledges) this.acknowledge();
    });
  }

  subscribe(filter: string): Promise<Taking> {
    this.filters.push(filter);
    return this.answersSubscribe ? Promise.resolve(this.lets(filter)) : new Promise(() => {});
  }

  close(): void {
    this.isOpen = false;
    this.#waiting = [];
    this.#ear = null;
  }

  get inFlight(): number {
    return this.#waiting.length;
  }

  /** The oldest so many of what was not acknowledged yet. */
  acknowledge(count = Infinity): void {
    for (const { publication, answer } of this.#waiting.splice(0, Math.min(count, this.#waiting.length))) {
      this.#keep(publication);
      answer(this.takes(publication));
    }
  }

  /** It has them, and its word is lost with the connection. */
  loses(count: number): void {
    for (const { publication } of this.#waiting.slice(0, count)) this.#keep(publication);
    this.dies();
  }

  #keep(publication: Publication): void {
    const { topic, payload, retain } = publication;
    this.had.push(publication);
    if (retain && payload === "") this.retained.delete(topic);
    else if (retain) this.retained.set(topic, payload);
  }

  /** Somebody publishes something. */
  brings(topic: string, payload: string, more: Partial<Omit<Message, "topic" | "payload">> = {}): void {
    const bytes = new TextEncoder().encode(payload);
    this.#ear?.message({ topic, payload: bytes, retained: false, user: {}, held: 0, ...more });
  }

  dies(reason = "The connection to the broker broke"): void {
    const ear = this.#ear;
    this.close();
    ear?.closed(reason);
  }

  /** Payloads on a topic, in the order in which they were published. */
  on(topic: string): string[] {
    return this.said.filter((one) => one.topic === topic).map(({ payload }) => payload);
  }
}
