/** What is asked over the broker goes to the hub, and the answer to where somebody waits for it [N9-N15]. */
import { type Outcome, refuse } from "../protocol/fault.ts";
import { type CommandRecord, isFinal } from "../protocol/record.ts";
import type { Message, Publication } from "./broker.ts";
import type { HubLine } from "./hub_line.ts";
import { type Ask, readMessage, replyOf } from "./inbound.ts";
import { PROBLEM_TYPE } from "./outbound.ts";
import { problemOf, type Refused } from "./problem.ts";
import type { Sending } from "./sending.ts";
import type { World } from "./session.ts";
import { Telling } from "./telling.ts";

/** Requests that the hub has not answered yet, and answers that the broker has not taken. */
const MOST_ASKED = 200;
const MOST_ANSWERS = 200;

type Parts = Pick<World, "topics" | "outbound" | "kinds" | "counts" | "log">;

export class Asking {
  readonly #hub: HubLine;
  readonly #sending: Sending;
  readonly #world: Parts;
  readonly #kindOf: (device: string) => string | undefined;
  readonly #telling = new Telling();
  #asked = 0;
  #answers = 0;

  constructor(hub: HubLine, sending: Sending, world: Parts, kindOf: (device: string) => string | undefined) {
    this.#hub = hub;
    this.#sending = sending;
    this.#world = world;
    this.#kindOf = kindOf;
  }

  async asks(message: Message): Promise<void> {
    const { topics, kinds, outbound } = this.#world;
    const ttlOf = (device: string, command: string) => {
      const commands = kinds.get(this.#kindOf(device) ?? "")?.commands ?? {};
      return Object.hasOwn(commands, command) ? commands[command].ttl : undefined;
    };
    const read = readMessage(message, topics, ttlOf);
    if (!read.ok) return this.#refuses(message, read.fault);
    const asked = await this.#askHub(read.value);
    if (!asked.ok) return this.#refuses(message, asked.fault);
    const reply = replyOf(message, topics);
    // A command that is final already was asked for before, under the same key.
    const isDone = read.value.type === "desire" || isFinal((asked.value as CommandRecord).status);
    if (reply && isDone) this.#answer(() => outbound.reply(reply, asked.value));
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
    if (reply) return this.#answer(() => outbound.reply(reply, problem, PROBLEM_TYPE));
    if (!this.#telling.may()) return;
    void this.#sending.send(() => outbound.error({ topic: message.topic.slice(0, 1_024), ...problem }));
  }

  /** Whoever asks faster than the broker takes answers goes without. */
  #answer(make: () => Publication): void {
    if (this.#answers >= MOST_ANSWERS) return;
    this.#answers += 1;
    void this.#sending.send(make, { isUrgent: true }).then(() => this.#answers -= 1);
  }
}
