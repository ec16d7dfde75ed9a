/** A machine in the field, in its own light code: it speaks PROTOCOL.md, comes back when it is cut off, and may lie. */
import type { Clock } from "./clock.ts";
import { Link, type Net } from "./net.ts";
import { Inbox } from "./machine_commands.ts";
import { Outbox } from "./machine_samples.ts";
import { Random } from "./random.ts";
import type { Lie, MachinePlan } from "./script.ts";
import type { Frame, Trace } from "./trace.ts";

/** What a machine has of the world. */
export interface Field {
  seed: string;
  clock: Clock;
  trace: Trace;
  net: Net;
  /** It takes few publishes at a time, over MQTT [M8]. */
  isNarrow: boolean;
  /** Asks for an upgrade at the hub's end, with this secret; the status it is refused with, or null. */
  enter(link: Link, token: string): { status: number | undefined } | null;
  text(link: Link, text: string): void;
  closed(link: Link, code: number): void;
  /** The secret of a token's id, if it was ever shown. */
  secret(token: string): string | undefined;
  /** Ids of commands that were ever told to any machine, to lie about. */
  told: string[];
}

/** What is desired, in a `welcome` or a `desired`. */
type Wish = { version: number; state?: Record<string, unknown> };

const OPENS_WITHIN = 10_000;
const HEARTBEAT = 10_000;

export class Machine {
  readonly plan: MachinePlan;
  readonly field: Field;
  readonly random: Random;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  /** The id of its token. */
  token: string;
  link: Link | null = null;
  /** It has its welcome; it has said its hello, if it says one. */
  isOnline = false;
  isGreeted = false;
  isOn = false;
  isRemoved = false;
  /** It has no samples any more. */
  isQuiet = false;
  /** Does nothing of what it is asked until then. */
  muteUntil = 0;
  /** How far the hub's clock was ahead of the true one at the welcome, as far as this machine can know. */
  hubAhead = 0;
  /** Tells this life of the machine from earlier ones. */
  life = 0;
  boot: string;
  #links = 0;
  #heardAt = 0;
  #tries = 0;

  constructor(plan: MachinePlan, field: Field, token: string) {
    this.plan = plan;
    this.field = field;
    this.token = token;
    this.random = new Random(`${field.seed}/machine/${plan.name}`);
    this.boot = `${plan.name}-0`;
    this.inbox = new Inbox(this);
    this.outbox = new Outbox(this);
  }

  start(): void {
    if (this.isOn || this.isRemoved) return;
    this.isOn = true;
    this.connect();
    this.#repeat(this.plan.samples, () => this.isQuiet || this.outbox.sample());
    if (this.plan.pings) this.#repeat(HEARTBEAT, () => this.#ping());
  }

  /** Without power, or stuck: its end of the line says nothing any more. */
  halt(ms: number): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.life += 1;
    this.#drop((link) => {
      link.cut(false, this.random.chance(0.5) ? () => this.field.closed(link, 1006) : null);
      this.field.trace.note({ type: "closed", connection: link.id, code: 1006, by: "network" });
    });
    this.inbox.reboot();
    this.outbox.reboot();
    if (this.plan.memory === "lost") this.boot = `${this.plan.name}-${this.life}`;
    this.field.trace.note({ type: "rebooted", machine: this.plan.name });
    this.field.clock.after(ms, () => this.start());
  }

  /** For good. */
  remove(): void {
    this.hangUp(1000);
    this.isOn = false;
    this.isRemoved = true;
    this.life += 1;
  }

  connect(): void {
    const { plan, field } = this;
    const token = field.secret(this.token);
    if (!this.isOn || this.link || token === undefined) return;
    const id = `${plan.name}.${++this.#links}`;
    const link = new Link(field.net, id, plan.name, {
      hear: (text) => this.#hear(link, text),
      gone: (code, by) => this.#gone(link, code, by),
    });
    this.link = link;
    const who = { sort: "device", device: plan.device, token: this.token, machine: plan.name } as const;
    const peer = field.isNarrow ? { ...who, narrow: true as const } : who;
    field.trace.note({ type: "opening", connection: id, peer });
    link.toHub(() => {
      const refused = field.enter(link, token);
      if (refused) link.toPeerDo(() => this.#refused(link, refused.status));
    });
    field.clock.after(OPENS_WITHIN, () => {
      if (this.link === link && !this.isOnline) this.hangUp(1006);
    });
  }

  say(frame: Frame): void {
    const { link, field } = this;
    if (!link || !this.isOnline) return;
    field.trace.note({ type: "said", connection: link.id, frame });
    const text = frame.type === "ping"
      ? "ping"
      : frame.type === "nonsense"
      ? String(frame.text)
      : JSON.stringify(frame);
    link.toHub(() => field.text(link, text));
  }

  /** It ends the connection by itself. */
  hangUp(code: number): void {
    this.#drop((link) => {
      link.closeAtPeer(code, this.random.chance(0.5), (code) => this.field.closed(link, code));
      this.field.trace.note({ type: "closed", connection: link.id, code, by: "peer" });
    });
    this.#comeBack(code);
  }

  /** Gets another token, and comes with it. */
  provision(token: string): void {
    this.token = token;
    if (this.link) this.hangUp(1000);
    else this.connect();
  }

  lie(lie: Lie, of?: string): void {
    if (this.isOnline) this.inbox.lie(lie, of);
  }

  /** The time by this machine's own clock. */
  get ownTime(): number {
    return this.field.clock.now + this.plan.skew;
  }

  /** Acts later, if this is the same life of it. */
  later(ms: number, act: () => void): void {
    const { life } = this;
    this.field.clock.after(ms, () => {
      if (this.life === life && this.isOn) act();
    });
  }

  #hear(link: Link, text: string): void {
    if (this.link !== link || !this.isOn) return;
    const frame: Frame = text === "pong" ? { type: "pong" } : JSON.parse(text);
    this.#heardAt = this.field.clock.now;
    this.field.trace.note({ type: "told", connection: link.id, frame });
    if (frame.type === "welcome") this.#welcomed(frame);
    else if (this.field.clock.now >= this.muteUntil) this.#react(frame);
  }

  #welcomed(frame: Frame): void {
    this.isOnline = true;
    this.#tries = 0;
    this.hubAhead = frame.time - this.field.clock.now;
    const { hello } = this.plan;
    const { link } = this;
    if (hello === null) this.#greeted();
    else {
      this.later(hello, () => {
        if (this.link !== link) return;
        this.say(this.#hello());
        this.#greeted();
      });
    }
    this.#desired(frame.desired);
  }

  /** Its boot is not known before, so nothing with a `seq` is said before [T5]. */
  #greetAgain(): void {
    const { link } = this;
    this.isGreeted = false;
    this.later(1_000, () => {
      if (this.link !== link) return;
      this.say(this.#hello());
      this.#greeted();
    });
  }

  #hello(): Frame {
    const { boot, works, maxFrame } = this.plan;
    return {
      type: "hello",
      firmware: "1.0.0",
      ...(boot && { boot: this.boot }),
      ...(works && { commands: this.inbox.holds() }),
      ...(maxFrame !== null && { maxFrame }),
    };
  }

  #greeted(): void {
    this.isGreeted = true;
    this.inbox.repeat();
    this.outbox.repeat();
  }

  #react(frame: Frame): void {
    if (frame.type === "command") {
      this.field.told.push(frame.id);
      this.inbox.take(frame);
    } else if (frame.type === "stream") this.inbox.steer(frame);
    else if (frame.type === "cancel") this.inbox.cancel(frame.id);
    else if (frame.type === "desired") this.#desired(frame as Frame & Wish);
    else if (frame.type === "stored") {
      if (typeof frame.id === "string") this.inbox.stored(frame.id);
      else if (typeof frame.seq === "number") this.outbox.stored(frame.seq);
    } else if (frame.type === "error") {
      const passes = frame.code === "storage_unavailable" || frame.code === "rate_limited";
      if (frame.of === "hello" && passes) this.#greetAgain();
      else if (typeof frame.seq === "number") this.outbox.refused(frame.seq, passes);
      else if (frame.of === "result" && typeof frame.id === "string" && !passes) this.inbox.stored(frame.id);
    }
  }

  /** Most devices do as is wished, and say so. */
  #desired({ version, state }: Wish): void {
    if (!state || version === 0) return;
    this.later(this.random.between(...this.plan.latency), () => this.outbox.report(state, { version, ok: true }));
  }

  #ping(): void {
    // A hub that says nothing for two of its own pings is not there.
    if (this.isOnline && this.field.clock.now - this.#heardAt > 2 * HEARTBEAT) this.hangUp(1006);
    else this.say({ type: "ping" });
  }

  #gone(link: Link, code: number, by: "hub" | "network"): void {
    if (this.link !== link) return;
    this.field.trace.note({ type: "closed", connection: link.id, code, by });
    this.link = null;
    this.isOnline = this.isGreeted = false;
    this.#comeBack(code);
  }

  #refused(link: Link, status: number | undefined): void {
    if (this.link !== link) return;
    link.isOpenAtPeer = false;
    this.field.trace.note({ type: "refused", connection: link.id, ...(status !== undefined && { status }) });
    this.link = null;
    this.#comeBack(status === 401 || status === 403 ? 4501 : 1006);
  }

  #drop(end: (link: Link) => void): void {
    const { link } = this;
    this.link = null;
    this.isOnline = this.isGreeted = false;
    if (!link) return;
    link.isOpenAtPeer = false;
    end(link);
  }

  #comeBack(code: number): void {
    this.#tries += 1;
    const patience = code >= 4500 ? 20_000 : Math.min(8_000, 200 * 2 ** Math.min(6, this.#tries));
    this.later(this.random.between(50, patience), () => this.connect());
  }

  #repeat(ms: number, act: () => unknown): void {
    this.later(ms, () => {
      act();
      this.#repeat(ms, act);
    });
  }
}
