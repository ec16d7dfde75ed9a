/** What waits at the hub goes to the broker: rows until it has them, and states as they are [N4-N8]. */
import { type BridgeState, MOST_DONE, type OutboxRow, type Taken } from "../protocol/outbox.ts";
import type { HubLine } from "./hub_line.ts";
import type { Retained } from "./retained.ts";
import type { Sending } from "./sending.ts";
import type { World } from "./session.ts";

/** Rows that are on their way at a time, and as few as are left when more are taken. */
const MOST_ROWS = 200;
const FEW_ROWS = 100;
/** How long acknowledged rows wait for others, so that they go together, in ms. */
const DONE_WITHIN = 250;
/** A key above that of every row. */
const ABOVE_ALL = "~";
/** What the hub could not answer is asked again, in ms. */
const AGAIN = 1_000;

type Parts = Pick<World, "topics" | "outbound" | "discovering">;

export class Delivery {
  readonly #hub: HubLine;
  readonly #sending: Sending;
  readonly #retained: Retained;
  readonly #world: Parts;
  readonly #fails: (reason: string) => void;
  readonly #kindOf = new Map<string, string>();
  #isOver = false;
  #isFirst = true;
  #isTaking = false;
  /** Something came meanwhile. */
  #isMore = false;
  #after: string | undefined;
  /** Rows that are on their way, each with something of its own: a device may be deleted twice under one key. */
  readonly #rows = new Map<string, symbol>();
  /** Those of deleted devices, by device. */
  readonly #gone = new Map<string, string>();
  #done: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    hub: HubLine,
    to: { sending: Sending; retained: Retained },
    world: Parts,
    fails: (reason: string) => void,
  ) {
    this.#hub = hub;
    this.#sending = to.sending;
    this.#retained = to.retained;
    this.#world = world;
    this.#fails = fails;
  }

  /** Until all that there is now is known, as far as it may be on its way at once. */
  begin(): Promise<void> {
    this.#hub.waits = () => void this.#take();
    return this.#take();
  }

  end(): void {
    this.#isOver = true;
    this.#hub.waits = () => {};
    clearTimeout(this.#timer);
    this.#lastDone();
  }

  /** What the broker has is not told again by the next connection, which needs all states anyway. */
  #lastDone(): void {
    if (this.#done.length === 0) return;
    void this.#hub.take({ done: this.#done.splice(0, MOST_DONE), after: ABOVE_ALL, most: 1 });
  }

  /** As far as it was told. */
  kindOf(device: string): string | undefined {
    return this.#kindOf.get(device);
  }

  /** Takes what waits, as long as there is some and not too much of it is on its way. */
  async #take(): Promise<void> {
    if (this.#isTaking) return void (this.#isMore = true);
    this.#isTaking = true;
    try {
      await this.#takeAll();
    } catch (error) {
      // A bug costs this connection and is told: a bridge that stood still would not be seen.
      this.#fails(`The bridge failed: ${error instanceof Error ? error.message : String(error)}`);
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
    const itself = Symbol();
    this.#rows.set(row.id, itself);
    // Those of deleted devices have keys of their own, above all others: they come again, and are known.
    if (row.what !== "gone") this.#after = row.id;
    else {
      for (const topic of this.#retainedOf(row.device)) this.#retained.forget(topic);
      this.#kindOf.delete(row.device);
      this.#gone.set(row.device, row.id);
    }
    const owed = outbound.owed(row, (device) => this.#kindOf.get(device), (device) => this.#retainedOf(device));
    void Promise.all(owed.map((one) => this.#sending.send(() => one, { isUrgent: true }))).then(() => {
      // Made anew meanwhile, it is not gone any more, or once more.
      if (this.#rows.get(row.id) !== itself) return;
      this.#rows.delete(row.id);
      this.#done.push(row.id);
      if (this.#isOver) return this.#lastDone();
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
    this.#rows.delete(this.#gone.get(state.id) ?? "");
    this.#gone.delete(state.id);
    const { telemetry, reported, desired, presence } = outbound.stateOf(state);
    const announced = discovering?.announce(state);
    if (announced) this.#retained.want(outbound.marked(announced.topic, announced.payload));
    for (const one of [presence, reported, desired]) this.#retained.want(one);
    this.#retained.want(telemetry, { isSlow: true });
  }
}
