/** An operator's program: asks over its socket or by REST, asks again where it got no answer, and watches. */
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import type { HubEvent } from "../../src/hub/event.ts";
import { FAULTS, type Outcome } from "../../src/protocol/fault.ts";
import type { Clock } from "./clock.ts";
import { Link, type Net } from "./net.ts";
import { Random } from "./random.ts";
import type { OperatorPlan } from "./script.ts";
import type { Asker, Frame, Refusal, Trace } from "./trace.ts";

/** What an operator has of the world. */
export interface Office {
  seed: string;
  clock: Clock;
  trace: Trace;
  net: Net;
  receive(event: HubEvent, opened?: () => void): Outcome<unknown> | null;
  enter(link: Link, token: string): { status: number | undefined } | null;
  text(link: Link, text: string): void;
  closed(link: Link, code: number): void;
  secret(token: string): string | undefined;
  /** What was asked is answered; the secrets of it are for this only. */
  learn(ask: Request, value: unknown, by: string): void;
}

/** Something that is asked, until it is answered or given up. */
export interface Request {
  /** What the script calls it; its retries are the same. */
  name: string;
  call: CallName;
  args: Record<string, unknown>;
  key?: string;
  retries: number;
}

/** Calls that a socket has a frame for. */
const FRAMES: Partial<Record<CallName, string>> = {
  send_command: "command",
  cancel_command: "cancel",
  desire: "desire",
  select: "select",
  lease: "lease",
  estop: "estop",
  estop_many: "estop",
};
const PING_EVERY = 10_000;
const ANSWERED_WITHIN = 6_000;

interface Watching {
  frame: Frame;
  confirms: boolean;
}

export class Operator {
  readonly plan: OperatorPlan;
  readonly #office: Office;
  readonly #random: Random;
  /** The id of its token; `setting` is the administrator's. */
  token: string;
  /** Its id at the hub. */
  id: string;
  link: Link | null = null;
  isOnline = false;
  #wantsSocket = false;
  #heardAt = 0;
  #links = 0;
  #asks = 0;
  /** What waits for its answer, and the link over which it was asked; null by REST. */
  readonly #asked = new Map<string, { request: Request; over: Link | null }>();
  readonly #watches = new Map<string, Watching>();

  constructor(plan: OperatorPlan, office: Office, id: string, token: string) {
    this.plan = plan;
    this.#office = office;
    this.#random = new Random(`${office.seed}/operator/${plan.name}`);
    this.id = id;
    this.token = token;
  }

  get asker(): Asker {
    return { operator: this.id, token: this.token, role: this.plan.role };
  }

  connect(): void {
    this.#wantsSocket = true;
    const office = this.#office;
    const secret = office.secret(this.token);
    if (this.link || secret === undefined) return;
    const id = `${this.plan.name}.${++this.#links}`;
    const far = {
      hear: (text: string) => this.#hear(link, text),
      gone: (code: number, by: "hub" | "network") => this.#gone(link, code, by),
    };
    const link = new Link(office.net, id, this.plan.name, far, this.plan.reads);
    this.link = link;
    office.trace.note({
      type: "opening",
      connection: id,
      peer: {
        sort: "operator",
        operator: this.id,
        token: this.token,
        ...(this.plan.reads !== null && { slow: true as const }),
      },
    });
    link.toHub(() => {
      const refused = office.enter(link, secret);
      if (refused) link.toPeerDo(() => this.#refused(link, refused.status));
    });
    office.clock.after(ANSWERED_WITHIN, () => {
      if (this.link === link && !this.isOnline) this.#end(link, 1006);
    });
  }

  leave(): void {
    this.#wantsSocket = false;
    if (this.link) this.#end(this.link, 1000);
  }

  /** Gets another token, which is another operator at the hub. */
  enlist(token: string): void {
    this.id = this.token = token;
    if (this.link) this.#end(this.link, 1000);
    else if (this.#wantsSocket) this.connect();
  }

  ask(request: Request): void {
    const type = FRAMES[request.call];
    // Of the frames only `command` has a place for a key.
    const isForSocket = this.isOnline && this.plan.socket && (request.key === undefined || type === "command");
    const frame = isForSocket ? type : undefined;
    const ask = `${request.name}.${++this.#asks}`;
    this.#office.trace.note({
      type: "asked",
      ask,
      by: this.asker,
      call: request.call,
      args: request.args,
      ...(request.key !== undefined && { key: request.key }),
      ...(frame && { connection: this.link!.id }),
    });
    this.#asked.set(ask, { request, over: frame ? this.link : null });
    if (frame) this.#askBySocket(ask, frame, request);
    else this.#askByRest(ask, request);
    this.#office.clock.after(ANSWERED_WITHIN, () => this.#giveUp(ask));
  }

  /** Watches from now on, also after a reconnect, until another frame of this id takes its place. */
  watch(frame: Frame, confirms: boolean): void {
    // Where the hub refuses it the one before goes on, and a `seen` that is on its way may be taken for this one's.
    const isConfirmed = this.#watches.get(frame.id)?.confirms ?? false;
    this.#watches.set(frame.id, { frame, confirms: confirms || isConfirmed });
    if (this.isOnline) this.#look(frame);
  }

  /** One frame of a lane; there is no answer to it, and without a socket none is sent. */
  steer(frame: Frame): void {
    if (this.isOnline) this.#look(frame);
  }

  #look(frame: Frame): void {
    const link = this.link!;
    this.#office.trace.note({ type: "looked", connection: link.id, frame });
    const text = JSON.stringify(frame);
    link.toHub(() => this.#office.text(link, text));
  }

  #askBySocket(ask: string, type: string, { args, key }: Request): void {
    const link = this.link!;
    const text = JSON.stringify({ type, id: ask, ...args, ...(key !== undefined && { key }) });
    link.toHub(() => this.#office.text(link, text));
  }

  /** A connection of its own for each: the way there and the way back may each be long, or end. */
  #askByRest(ask: string, { call, args, key }: Request): void {
    const office = this.#office;
    const secret = office.secret(this.token);
    if (secret === undefined) return;
    const delay = office.net.delays(ask);
    const carry = (act: () => void) =>
      office.clock.at(Math.max(office.clock.now + delay(), office.net.stalledUntil(this.plan.name)), act);
    const text = JSON.stringify(args);
    carry(() => {
      const credential = { sort: "token", token: secret } as const;
      const outcome = office.receive({
        type: "call",
        name: call,
        args: JSON.parse(text) as ArgsOf<CallName>,
        credential,
        key,
      });
      if (outcome === null) return carry(() => this.#giveUp(ask));
      const answer = outcome.ok
        ? { ok: true as const, value: copy(outcome.value) }
        : { ok: false as const, fault: refusalOf(outcome.fault) };
      carry(() => this.#answered(ask, answer));
    });
  }

  #answered(ask: string, answer: { ok: true; value: unknown } | { ok: false; fault: Refusal }): void {
    const asked = this.#asked.get(ask);
    if (!asked) return;
    const { request } = asked;
    this.#asked.delete(ask);
    if (answer.ok) {
      this.#office.learn(request, answer.value, this.plan.name);
      this.#office.trace.note({ type: "answered", ask, ok: true, value: withoutSecrets(answer.value) });
    } else {
      this.#office.trace.note({ type: "answered", ask, ...answer });
      const { code } = answer.fault;
      if (FAULTS[code].retryable && FAULTS[code].whose === "hub") this.#retry(request);
    }
  }

  #giveUp(ask: string): void {
    const asked = this.#asked.get(ask);
    if (!asked) return;
    this.#asked.delete(ask);
    this.#office.trace.note({ type: "unanswered", ask });
    this.#retry(asked.request);
  }

  #retry(request: Request): void {
    if (request.retries <= 0) return;
    const again = { ...request, retries: request.retries - 1 };
    this.#office.clock.after(this.#random.between(100, 3_000), () => this.ask(again));
  }

  #hear(link: Link, text: string): void {
    if (this.link !== link) return;
    this.#heardAt = this.#office.clock.now;
    const frame: Frame = text === "pong" ? { type: "pong" } : JSON.parse(text);
    if (frame.type === "reply") {
      if (!this.#asked.has(frame.id)) return;
      return this.#answered(frame.id, frame.ok ? { ok: true, value: frame.value } : { ok: false, fault: frame.error });
    }
    this.#office.trace.note({ type: "shown", connection: link.id, frame });
    if (frame.type === "welcome") {
      this.isOnline = true;
      this.#ping(link);
      for (const watch of this.#watches.values()) this.#look(watch.frame);
    } else if (frame.type === "snapshot" || frame.type === "changes") {
      if (this.#watches.get(frame.watch)?.confirms) {
        this.#look({ type: "seen", watch: frame.watch, revision: frame.revision });
      }
    }
  }

  /** A hub that says nothing for two pings is not there. */
  #ping(link: Link): void {
    if (this.link !== link) return;
    if (this.#office.clock.now - this.#heardAt > 2 * PING_EVERY) return this.#end(link, 1006);
    this.#office.trace.note({ type: "looked", connection: link.id, frame: { type: "ping" } });
    link.toHub(() => this.#office.text(link, "ping"));
    this.#office.clock.after(PING_EVERY, () => this.#ping(link));
  }

  #refused(link: Link, status: number | undefined): void {
    if (this.link !== link) return;
    link.isOpenAtPeer = false;
    this.#office.trace.note({ type: "refused", connection: link.id, ...(status !== undefined && { status }) });
    this.#lost(link, status === 401 || status === 403 ? 4501 : 1006);
  }

  #end(link: Link, code: number): void {
    link.closeAtPeer(code, false, (code) => this.#office.closed(link, code));
    this.#office.trace.note({ type: "closed", connection: link.id, code, by: "peer" });
    this.#lost(link, code);
  }

  #gone(link: Link, code: number, by: "hub" | "network"): void {
    if (this.link !== link) return;
    this.#office.trace.note({ type: "closed", connection: link.id, code, by });
    this.#lost(link, code);
  }

  /** What was asked over it will not be answered. */
  #lost(link: Link, code: number): void {
    this.link = null;
    this.isOnline = false;
    for (const [ask, { over }] of [...this.#asked]) if (over === link) this.#giveUp(ask);
    if (code < 4500) {
      this.#office.clock.after(this.#random.between(100, 2_000), () => this.#wantsSocket && this.connect());
    }
  }
}

const copy = (value: unknown): unknown => value === undefined ? undefined : JSON.parse(JSON.stringify(value));

const refusalOf = ({ code, message, status, command }: Refusal): Refusal => ({
  code,
  message,
  ...(status !== undefined && { status }),
  ...(command !== undefined && { command }),
});

const SECRETS = ["token", "ticket", "session"];

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !SECRETS.some((name) => Object.hasOwn(value, name))) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !SECRETS.includes(name)));
}
