/** The hub's own bridge, and the broker behind it: what is owed is taken, published and done, unless something breaks first. */
import type { BridgeState, OutboxRow, Taken } from "../../src/protocol/outbox.ts";
import type { Clock } from "./clock.ts";
import { Link, type Net } from "./net.ts";
import { Random } from "./random.ts";
import type { Frame, Trace } from "./trace.ts";

interface Field {
  seed: string;
  clock: Clock;
  trace: Trace;
  net: Net;
  /** Asks for a channel at the hub's end; answers whether it has one. */
  enter(link: Link): boolean;
  text(link: Link, text: string): void;
  closed(link: Link, code: number): void;
  /** What is asked of them over the broker, by whoever may publish there; nothing where there are none. */
  devices: readonly { device: string; kind: string }[];
}

/** Each may be asked over a broker: there is neither a lease nor a selection [N9]. */
const ASKED: Record<string, readonly { name: string; params: Record<string, unknown> }[]> = {
  plant: [{ name: "set_valve", params: { value: 7 } }, { name: "fire", params: {} }, { name: "stop", params: {} }],
  buoy: [{ name: "set_light", params: { on: true } }, { name: "flash", params: {} }, { name: "look", params: {} }],
  crane: [{ name: "look", params: {} }, { name: "lift", params: {} }],
};
/** Whoever speaks for it at the hub [N20]. */
const SELF = { operator: "bridge", token: "bridge", role: "operator" } as const;

const ANSWERED_WITHIN = 6_000;
const COMES_BACK = 500;
const LOOKS_EVERY = 10_000;
const DONE_WITHIN = 250;

export class Bridge {
  /** What the broker has retained, by device. */
  readonly retained = new Map<string, BridgeState>();
  readonly #field: Field;
  readonly #random: Random;
  #link: Link | null = null;
  #links = 0;
  #takes = 0;
  /** The take that is not answered yet. */
  #asked: string | null = null;
  #isMore = false;
  #askedAt = 0;
  #hadAllAt = -Infinity;
  #isNew = true;
  #after: string | undefined;
  /** What is on its way to the broker, in its order; another connection to the broker begins without it. */
  #connection = 0;
  #until = 0;
  readonly #underWay = new Set<string>();
  #done: string[] = [];
  #said: string[] = [];
  /** What somebody on the broker does, and what was asked for it and has no reply yet. */
  readonly #somebody: Random;
  readonly #asks = new Set<string>();
  #asksMade = 0;

  constructor(field: Field) {
    this.#field = field;
    this.#random = new Random(`${field.seed}/bridge`);
    this.#somebody = new Random(`${field.seed}/broker`);
  }

  /** Does the broker have all that happened until then? */
  hasAllOf(at: number): boolean {
    return this.#hadAllAt > at && this.#until <= this.#field.clock.now;
  }

  start(): void {
    this.#connect();
    this.#breakLater();
    this.#look();
    if (this.#field.devices.length > 0) this.#askLater();
  }

  #askLater(): void {
    const { clock, net } = this.#field;
    clock.after(this.#somebody.between(1_000, 10_000), () => {
      if (net.isCalm) return;
      this.#ask();
      this.#askLater();
    });
  }

  /** [N26] Its outcome is waited for on a topic that has the ask's own name. */
  #ask(): void {
    const { trace, devices, text } = this.#field;
    const { device, kind } = this.#somebody.pick(devices);
    const args = { device, ...this.#somebody.pick(ASKED[kind]) };
    const ask = `bridge.${++this.#asksMade}`;
    const link = this.#link;
    if (!link) return;
    this.#asks.add(ask);
    trace.note({ type: "asked", ask, by: SELF, call: "send_command", args, key: ask });
    const frame = { type: "command", id: ask, key: ask, ...args, reply: { topic: ask } };
    link.toHub(() => text(link, JSON.stringify(frame)));
  }

  /** A hub that is gone without a word is found by asking it. */
  #look(): void {
    this.#take();
    this.#field.clock.after(LOOKS_EVERY, () => this.#look());
  }

  /** Now and then the broker is away for a while, or the channel ends, until the world is calm. */
  #breakLater(): void {
    const { clock, net } = this.#field;
    clock.after(this.#random.between(2_000, 60_000), () => {
      if (net.isCalm) return;
      if (this.#random.chance(0.5)) this.#loseBroker();
      else if (this.#link) this.#end(this.#link);
      this.#breakLater();
    });
  }

  #connect(): void {
    const { clock, net } = this.#field;
    if (this.#link) return;
    const link = new Link(net, `bridge.${++this.#links}`, "bridge", {
      hear: (text) => this.#hear(link, JSON.parse(text)),
      gone: () => this.#gone(link),
    });
    this.#link = link;
    link.toHub(() => {
      if (!this.#field.enter(link)) link.toPeerDo(() => this.#gone(link));
    });
    const takes = this.#takes;
    clock.after(ANSWERED_WITHIN, () => {
      if (this.#link === link && this.#takes === takes) this.#end(link);
    });
  }

  #gone(link: Link): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#asked = null;
    for (const ask of this.#asks) this.#field.trace.note({ type: "unanswered", ask });
    this.#asks.clear();
    // What was done may have come back meanwhile.
    this.#after = undefined;
    this.#field.clock.after(COMES_BACK, () => this.#connect());
  }

  #end(link: Link): void {
    link.closeAtPeer(1000, this.#random.chance(0.5), (code) => this.#field.closed(link, code));
    this.#gone(link);
  }

  #loseBroker(): void {
    this.#connection += 1;
    this.#underWay.clear();
    this.#isNew = true;
    // What is answered to the one before is not this one's.
    this.#asked = null;
    this.#field.clock.after(this.#random.between(100, 20_000), () => this.#take());
  }

  #hear(link: Link, frame: Frame): void {
    if (this.#link !== link) return;
    if (frame.type === "welcome" || frame.type === "outbox") this.#take();
    if (frame.type === "command") {
      const what = "steps of its own commands do not go to the bridge";
      this.#field.trace.note({ type: "broken", connection: link.id, rule: "N26", what });
    }
    if (frame.type === "reply" && this.#asks.delete(frame.id)) {
      const answer = frame.ok ? { ok: true as const, value: frame.value } : { ok: false as const, fault: frame.error };
      this.#field.trace.note({ type: "answered", ask: frame.id, ...answer });
    }
    if (frame.type !== "reply" || frame.id !== this.#asked) return;
    this.#asked = null;
    if (frame.ok) this.#has(frame.value);
    else {
      this.#done.unshift(...this.#said);
      this.#field.clock.after(1_000, () => this.#take());
    }
    if (this.#isMore) this.#take();
  }

  #take(): void {
    const { clock, net } = this.#field;
    const link = this.#link;
    if (!link) return;
    if (this.#asked !== null) return void (this.#isMore = true);
    this.#isMore = false;
    const id = this.#asked = String(++this.#takes);
    // Anything may be said again: it is done already, or nobody heard it.
    const done = this.#said = this.#done.splice(0, 500);
    const most = this.#random.pick([1, 5, 200]);
    const text = JSON.stringify({
      type: "take",
      id,
      // In calm nothing is to be left, however slow the line is.
      most: net.isCalm ? 200 : most,
      ...(done.length > 0 && { done }),
      ...(this.#isNew ? { all: true } : this.#after !== undefined && { after: this.#after }),
    });
    if (this.#isNew) this.#after = undefined;
    this.#isNew = false;
    this.#askedAt = clock.now;
    link.toHub(() => this.#field.text(link, text));
    clock.after(ANSWERED_WITHIN, () => {
      if (this.#link === link && this.#asked === id) this.#end(link);
    });
  }

  #has({ rows, states, more }: Taken): void {
    if (rows.length === 0 && states.length === 0 && !more) this.#hadAllAt = this.#askedAt;
    for (const row of rows) {
      if (row.what !== "gone") this.#after = row.id;
      if (this.#underWay.has(row.id)) continue;
      this.#underWay.add(row.id);
      this.#carry(() => this.#publish(row));
    }
    for (const state of states) this.#carry(() => this.retained.set(state.id, state));
    // Deleted devices have no place behind which to go on.
    if (more && (rows.some(({ what }) => what !== "gone") || states.length > 0)) this.#isMore = true;
  }

  #carry(act: () => void): void {
    const { clock } = this.#field;
    this.#until = Math.max(this.#until, clock.now + this.#random.between(1, 300));
    const connection = this.#connection;
    clock.at(this.#until, () => {
      if (this.#connection === connection) act();
    });
  }

  #publish(row: OutboxRow): void {
    this.#field.trace.note({ type: "published", row });
    if (row.what === "gone") this.retained.delete(row.device);
    this.#underWay.delete(row.id);
    this.#done.push(row.id);
    if (this.#done.length === 1 || this.#random.chance(0.1)) this.#field.clock.after(DONE_WITHIN, () => this.#take());
  }
}
