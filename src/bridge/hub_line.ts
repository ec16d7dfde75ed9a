/** The bridge's connection to its hub: requests with their replies, and the word that something waits. */
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import type { BridgeHealth, Taken } from "../protocol/outbox.ts";
import { MAX_FRAME } from "../protocol/words.ts";
import { isOver, parseJson } from "../protocol/frame.ts";
import type { Channel, Channels } from "./channels.ts";
import type { Ask } from "./inbound.ts";

type Frame = Record<string, unknown> & { type: string };
type Answer = (outcome: Outcome<unknown>) => void;

export interface Take {
  most?: number;
  done?: string[];
  after?: string;
  all?: true;
}

/** A hub that says nothing for so long is not there any more, in ms. */
const ANSWERS_WITHIN = 20_000;
/** Letters of a frame's id. */
const HEAD = 64;
const GONE = refuse("internal", "The hub's end of the connection is gone");

export class HubLine {
  /** Called whenever something waits. */
  waits: () => void = () => {};
  /** Called once the hub, or what is between, ended it. */
  closed: (reason: string) => void = () => {};
  readonly #asked = new Map<string, { answer: Answer; overdue: ReturnType<typeof setTimeout> }>();
  #channel: Channel | null = null;
  #isOver = false;
  #n = 0;

  static async open(channels: Channels): Promise<Outcome<HubLine>> {
    const line = new HubLine();
    const opened = await channels.open("operator", { sort: "bridge" }, {
      text: (text) => line.#hears(JSON.parse(text)),
      closed: (code) => line.#ends(`The hub closed the bridge's connection with ${code}`),
    });
    if (!opened.ok) return opened;
    line.#channel = opened.value;
    return ok(line);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(take: Take): Promise<Outcome<Taken>> {
    return this.#ask({ type: "take", ...take }) as Promise<Outcome<Taken>>;
  }

  tell(health: BridgeHealth): Promise<Outcome<unknown>> {
    return this.#ask({ type: "bridge", ...health });
  }

  /** The record of a command, once it is durable; the desired document. */
  ask(asked: Ask): Promise<Outcome<unknown>> {
    const text = JSON.stringify(asked);
    // The hub ends a connection over either, and this one is of everybody who asks over the broker.
    if (isOver(text, MAX_FRAME - HEAD)) return Promise.resolve(refuse("too_large", "That is larger than a frame"));
    const json = parseJson(text);
    return json.ok ? this.#ask(asked as Frame & Ask) : Promise.resolve(json);
  }

  close(): void {
    if (this.#isOver) return;
    this.#channel?.close();
    this.#settle();
  }

  #ask(frame: Frame): Promise<Outcome<unknown>> {
    if (this.#isOver || !this.#channel) return Promise.resolve(GONE);
    const id = String(++this.#n);
    const { promise, resolve } = Promise.withResolvers<Outcome<unknown>>();
    const overdue = setTimeout(() => {
      this.#channel?.close();
      this.#ends("The hub does not answer the bridge");
    }, ANSWERS_WITHIN);
    this.#asked.set(id, { answer: resolve, overdue });
    this.#channel.send(JSON.stringify({ ...frame, id }));
    return promise;
  }

  // deno-lint-ignore no-explicit-any
  #hears(frame: any): void {
    if (frame.type === "outbox") return this.waits();
    if (frame.type !== "reply") return;
    const asked = this.#asked.get(frame.id);
    if (!asked) return;
    this.#asked.delete(frame.id);
    clearTimeout(asked.overdue);
    asked.answer(frame.ok ? ok(frame.value) : { ok: false, fault: frame.error });
  }

  #ends(reason: string): void {
    if (this.#isOver) return;
    this.#settle();
    this.closed(reason);
  }

  #settle(): void {
    this.#isOver = true;
    for (const { answer, overdue } of this.#asked.values()) {
      clearTimeout(overdue);
      answer(GONE);
    }
    this.#asked.clear();
  }
}
