/** One connection to the broker, from its first word to its end: what is owed goes out, what is asked goes in [N2-N19]. */
import type { BridgeState } from "../protocol/outbox.ts";
import { Asking } from "./asking.ts";
import type { Broker, Message } from "./broker.ts";
import { Delivery } from "./delivery.ts";
import type { HubLine } from "./hub_line.ts";
import type { Kinds, Outbound } from "./outbound.ts";
import { Retained } from "./retained.ts";
import { Sending } from "./sending.ts";
import type { Topics } from "./topics.ts";
import type { Unwelcome } from "./unwelcome.ts";

/** Counted since the bridge began [N50]. */
export interface Counts {
  published: number;
  received: number;
  refused: number;
}

/** How a device is announced to whoever looks for it there [N31]. */
export interface Discovering {
  /** Null for a kind that nothing is known of. */
  announce(state: BridgeState): { topic: string; payload: string } | null;
  topicOf(device: string): string;
  isTopic(topic: string): boolean;
  /** Where whoever looks says that it began. */
  birth: string;
}

/** What else listens on the broker, such as devices that arrive by a mapping [N40]. */
export interface Listener {
  filters: readonly string[];
  hears(message: Message): boolean;
  /** The broker's connection is there, and gone. */
  begins(publish: (topic: string, payload: string, options: { qos: 0 | 1; retain: boolean }) => void): void;
  ends(): void;
}

export interface World {
  topics: Topics;
  outbound: Outbound;
  kinds: Kinds;
  counts: Counts;
  discovering: Discovering | null;
  listener: Listener | null;
  unwelcome: Unwelcome;
  /** How long the broker may take for an answer, in ms [N3]. */
  patience: number;
  log(event: "bridge_refused" | "bridge_gave_up", fields: Record<string, unknown>): void;
}

/** How soon `online` is said again, in ms: two hubs that share a prefix say it no more often. */
const STATUS_AGAIN = 1_000;

export class Session {
  readonly #broker: Broker;
  readonly #world: World;
  readonly #sending: Sending;
  readonly #retained: Retained;
  readonly #delivery: Delivery;
  readonly #asking: Asking;
  readonly #ended = Promise.withResolvers<string>();
  #isOver = false;
  #overdue: ReturnType<typeof setTimeout> | undefined;
  #statusAt = 0;
  #isLeaving = false;

  constructor(broker: Broker, hub: HubLine, world: World) {
    this.#broker = broker;
    this.#world = world;
    this.#sending = new Sending(
      broker,
      {
        broken: (reason) => this.end(reason),
        acknowledged: () => world.counts.published++,
        givenUp: (topic, reason) => this.#gaveUp(topic, reason),
      },
      world.unwelcome,
      world.patience,
    );
    this.#retained = new Retained(this.#sending);
    const to = { sending: this.#sending, retained: this.#retained };
    this.#delivery = new Delivery(hub, to, world, (reason) => this.end(reason));
    this.#asking = new Asking(hub, this.#sending, world, (device) => this.#delivery.kindOf(device));
  }

  /** Why it ended. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** Says that it is there; then what cannot be with this broker, in a sentence, or null. Never, where it ends. */
  async begin(): Promise<string | null> {
    const { topics, outbound, discovering, listener } = this.#world;
    // Kinds are known before somebody asks for one's command.
    await this.#delivery.begin();
    const refused: string[] = [];
    const hear = async (filters: readonly string[], options?: { isOthers: true }) => {
      for (const filter of new Set(filters)) {
        const taking = await this.#inTime(this.#broker.subscribe(filter, options));
        if (!taking.ok) refused.push(`${filter} (${taking.reason})`);
      }
    };
    await hear([...topics.filters, ...discovering ? [discovering.birth] : []]);
    await hear(listener?.filters ?? [], { isOthers: true });
    await this.#sending.send(() => outbound.status("online"), { isUrgent: true });
    await hear([topics.status]);
    listener?.begins((topic, payload, options) => void this.#sending.send(() => ({ topic, payload, ...options })));
    const { lacks } = this.#broker;
    const deaf = refused.length === 0 ? [] : [`The broker does not let the bridge hear ${refused.join(", ")}`];
    return [...deaf, ...lacks === undefined ? [] : [lacks]].join(". ") || null;
  }

  hears(message: Message): void {
    if (this.#isOver) return;
    const { topics, discovering, listener, counts } = this.#world;
    const { topic } = message;
    if (topic === topics.status) return this.#hearsStatus(message);
    if (topic === discovering?.birth) return this.#hearsBirth(message);
    counts.received++;
    const isElsewhere = listener?.hears(message) ?? false;
    // [N9] Somebody takes away a retained one.
    if (message.retained && message.payload.length === 0) return;
    if (topics.isHeard(topic)) void this.#asking.asks(message);
    else if (!isElsewhere) counts.received--;
  }

  /** Says that it goes, if the broker takes it in time. */
  async goOffline(): Promise<void> {
    this.#isLeaving = true;
    if (!this.#isOver) await this.#sending.send(() => this.#world.outbound.status("offline"), { isUrgent: true });
  }

  /** The broker ended it; true where that was over something that it was sent [N19]. */
  hungUp(reason: string): boolean {
    const isOverOne = !this.#isOver && this.#sending.hungUp();
    this.end(reason);
    return isOverOne;
  }

  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#delivery.end();
    clearTimeout(this.#overdue);
    this.#sending.end();
    this.#retained.end();
    this.#world.listener?.ends();
    this.#ended.resolve(reason);
  }

  /** [N3] */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    this.#overdue = setTimeout(
      () => this.end(`The broker answered no SUBSCRIBE for ${this.#world.patience / 1000} s`),
      this.#world.patience,
    );
    const answered = await answer;
    clearTimeout(this.#overdue);
    return answered;
  }

  /** [N17] */
  #hearsStatus({ payload }: Message): void {
    const now = Date.now();
    if (new TextDecoder().decode(payload) === "online" || now < this.#statusAt || this.#isLeaving) return;
    this.#statusAt = now + STATUS_AGAIN;
    void this.#sending.send(() => this.#world.outbound.status("online"), { isUrgent: true });
  }

  #hearsBirth({ payload, retained }: Message): void {
    const { discovering } = this.#world;
    if (retained || new TextDecoder().decode(payload) !== "online") return;
    this.#retained.again((topic) => discovering!.isTopic(topic));
  }

  /** [N19] */
  #gaveUp(topic: string, reason: string): void {
    this.#world.counts.refused++;
    this.#world.log("bridge_gave_up", { topic, reason });
  }
}
