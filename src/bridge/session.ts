/** One connection to the broker, from its first word to its end: what is owed goes out, what is asked goes in [N2-N19]. */
import { type Outcome, refuse } from "../protocol/fault.ts";
import { type BridgeState, MOST_DONE, type OutboxRow, type Taken } from "../protocol/outbox.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";
import type { Broker, Message, Publication } from "./broker.ts";
import type { HubLine } from "./hub_line.ts";
import { type Ask, readMessage, replyOf } from "./inbound.ts";
import type { Kinds, Outbound } from "./outbound.ts";
import { PROBLEM_TYPE } from "./outbound.ts";
import { problemOf, type Refused } from "./problem.ts";
import { Retained } from "./retained.ts";
import { Sending } from "./sending.ts";
import { Telling } from "./telling.ts";
import type { Topics } from "./topics.ts";

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
  /** How long the broker may take for an answer, in ms [N3]. */
  patience: number;
  log(event: "bridge_refused" | "bridge_gave_up", fields: Record<string, unknown>): void;
}

/** Rows that are on their way at a time, and as few as are left when more are taken. */
const MOST_ROWS = 200;
const FEW_ROWS = 100;
/** How long acknowledged rows wait for others, so that they go together, in ms. */
const DONE_WITHIN = 250;
/** A key above that of every row. */
const ABOVE_ALL = "~";
/** What the hub could not answer is asked again, in ms. */
const AGAIN = 1_000;
/** Requests that the hub has not answered yet. */
const MOST_ASKED = 200;
/** How soon `online` is said again, in ms: two hubs that share a prefix say it no more often. */
const STATUS_AGAIN = 1_000;

export class Session {
  readonly #broker: Broker;
  readonly #hub: HubLine;
  readonly #world: World;
  readonly #sending: Sending;
  readonly #retained: Retained;
  readonly #telling = new Telling();
  readonly #kindOf = new Map<string, string>();
  readonly #ended = Promise.withResolvers<string>();
  #isOver = false;
  #isFirst = true;
  #isTaking = false;
  /** Something came meanwhile. */
  #isMore = false;
  #after: string | undefined;
  /** Rows that are on their way. */
  readonly #rows = new Set<string>();
  #done: string[] = [];
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #overdue: ReturnType<typeof setTimeout> | undefined;
  #statusAt = 0;
  #isLeaving = false;

  constructor(broker: Broker, hub: HubLine, world: World) {
    this.#broker = broker;
    this.#hub = hub;
    this.#world = world;
    this.#sending = new Sending(broker, {
      broken: (reason) => this.end(reason),
      acknowledged: () => world.counts.published++,
      givenUp: (topic, reason) => this.#gaveUp(topic, reason),
    }, world.patience);
    this.#retained = new Retained(this.#sending);
  }

  /** Why it ended. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** Says that it is there; then what the broker does not let it hear, as a sentence, or null. Never, where it ends. */
  async begin(): Promise<string | null> {
    const { topics, outbound, discovering, listener } = this.#world;
    // Kinds are known before somebody asks for one's command.
    this.#hub.waits = () => void this.#take();
    await this.#take();
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
    return refused.length === 0 ? null : `The broker does not let the bridge hear ${refused.join(", ")}`;
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
    if (topics.isHeard(topic)) void this.#asks(message);
    else if (!isElsewhere) counts.received--;
  }

  /** Says that it goes, if the broker takes it in time. */
  async goOffline(): Promise<void> {
    this.#isLeaving = true;
    if (!this.#isOver) await this.#sending.send(() => this.#world.outbound.status("offline"), { isUrgent: true });
  }

  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hub.waits = () => {};
    // What the broker has is not told again by the next one; nothing else is taken by it.
    if (this.#done.length > 0) {
      void this.#hub.take({ done: this.#done.splice(0, MOST_DONE), after: ABOVE_ALL, most: 1 });
    }
    clearTimeout(this.#timer);
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

  /** Takes what waits, as long as there is some and not too much of it is on its way. */
  async #take(): Promise<void> {
    if (this.#isTaking) return void (this.#isMore = true);
    this.#isTaking = true;
    try {
      await this.#takeAll();
    } catch (error) {
      // A bug costs this connection and is told: a bridge that stood still would not be seen.
      this.end(`The bridge failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#isTaking = false;
  }

  async #takeAll(): Promise<void> {
    do {
      this.#isMore = false;
      const done = this.#done.splice(0, MOST_DONE);
      const taken = await this.#hub.take({
        most: MOST_ROWS,
        ...(done.length > 0 && { done }),
        ...(this.#after !== undefined && { after: this.#after }),
        ...(this.#isFirst && { all: true as const }),
      });
      if (this.#isOver) return;
      if (!taken.ok) {
        this.#done.unshift(...done);
        this.#later(AGAIN);
        break;
      }
      this.#isFirst = false;
      this.#spread(taken.value);
      this.#isMore ||= taken.value.more;
    } while (this.#isMore && this.#rows.size < MOST_ROWS);
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#take();
    }, ms);
  }

  #spread({ rows, states }: Taken): void {
    for (const row of rows) if (!this.#rows.has(row.id)) this.#owes(row);
    for (const state of states) this.#shows(state);
  }

  #owes(row: OutboxRow): void {
    const { outbound } = this.#world;
    this.#rows.add(row.id);
    // Those of deleted devices have keys of their own, above all others: they come again, and are known.
    if (row.what !== "gone") this.#after = row.id;
    else {
      for (const topic of this.#retainedOf(row.device)) this.#retained.forget(topic);
      this.#kindOf.delete(row.device);
    }
    const owed = outbound.owed(row, (device) => this.#kindOf.get(device), (device) => this.#retainedOf(device));
    void Promise.all(owed.map((one) => this.#sending.send(() => one, { isUrgent: true }))).then(() => {
      this.#rows.delete(row.id);
      this.#done.push(row.id);
      if (this.#isMore && this.#rows.size <= FEW_ROWS) void this.#take();
      else this.#later(DONE_WITHIN);
    });
  }

  #retainedOf(device: string): string[] {
    const { topics, discovering } = this.#world;
    return [
      ...discovering ? [discovering.topicOf(device)] : [],
      ...(["presence", "telemetry", "reported", "desired"] as const).map((what) => topics.ofDevice(device, what)),
    ];
  }

  #shows(state: BridgeState): void {
    const { outbound, discovering } = this.#world;
    this.#kindOf.set(state.id, state.kind);
    const { telemetry, reported, desired, presence } = outbound.stateOf(state);
    const announced = discovering?.announce(state);
    if (announced) this.#retained.want(outbound.marked(announced.topic, announced.payload));
    for (const one of [presence, reported, desired]) this.#retained.want(one);
    this.#retained.want(telemetry, { isSlow: true });
  }

  async #asks(message: Message): Promise<void> {
    const { topics, kinds, outbound } = this.#world;
    const ttlOf = (device: string, command: string) => {
      const commands = kinds.get(this.#kindOf.get(device) ?? "")?.commands ?? {};
      return Object.hasOwn(commands, command) ? commands[command].ttl : undefined;
    };
    const read = readMessage(message, topics, ttlOf);
    if (!read.ok) return this.#refuses(message, read.fault);
    const asked = await this.#askHub(read.value);
    if (this.#isOver) return;
    if (!asked.ok) return this.#refuses(message, asked.fault);
    const reply = replyOf(message, topics);
    // A command that is final already was asked for before, under the same key.
    const isDone = read.value.type === "desire" || isFinal((asked.value as CommandRecord).status);
    if (reply && isDone) this.#answers(() => outbound.reply(reply, asked.value));
  }

  async #askHub(ask: Ask): Promise<Outcome<unknown>> {
    if (this.#asked >= MOST_ASKED) return refuse("rate_limited", "Too many requests wait for the hub.");
    this.#asked += 1;
    const answer = await this.#hub.ask(ask);
    this.#asked -= 1;
    return answer;
  }

  /** [N13, N14] */
  #refuses(message: Message, fault: Refused): void {
    const { counts, log, outbound, topics } = this.#world;
    counts.refused++;
    const problem = problemOf(fault);
    log("bridge_refused", { topic: message.topic.slice(0, 200), code: fault.code, message: fault.message });
    const reply = replyOf(message, topics);
    if (reply) return this.#answers(() => outbound.reply(reply, problem, PROBLEM_TYPE));
    if (!this.#telling.may()) return;
    void this.#sending.send(() => outbound.error({ topic: message.topic.slice(0, 1_024), ...problem }));
  }

  #answers(make: () => Publication): void {
    void this.#sending.send(make, { isUrgent: true });
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
