/** The hub as it runs: the real runner over a store and links, with its crashes, its late wake-ups and its full disk. */
import { pack, unpack } from "../../src/hub/connections/attachment.ts";
import type { Connection } from "../../src/hub/connections/connection.ts";
import type { HubEvent } from "../../src/hub/event.ts";
import type { HubOptions } from "../../src/hub/options.ts";
import type { Store } from "../../src/hub/ports.ts";
import { Runner } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { CLOSE } from "../../src/protocol/close.ts";
import { isPing } from "../../src/protocol/frame.ts";
import { type Outcome, statusOf } from "../../src/protocol/fault.ts";
import type { Clock } from "./clock.ts";
import type { Broken, Heard, Modem } from "./modem.ts";
import type { Link } from "./net.ts";
import type { Random } from "./random.ts";
import type { CrashPoint } from "./script.ts";
import type { Trace } from "./trace.ts";

/** A store that can be watched, and may have more to lose than SQLite in a test. */
export interface SimulatedStore extends Store {
  watcher: ((when: "before" | "after") => void) | null;
  unsynced?: number;
  cutPower?(kept: number): void;
}

interface World {
  clock: Clock;
  trace: Trace;
  random: Random;
  store: SimulatedStore;
  options: HubOptions;
  isObject: boolean;
  forgetful: boolean;
  /** It can be asked again. */
  started(): void;
}

/** How long a crash that was asked for waits for its commit, in ms. */
const PATIENCE = 5_000;
const LINGERS = 5_000;
const TRIES_AGAIN = 500;

export class HubProcess {
  readonly links = new Map<string, Link>();
  readonly #world: World;
  /** What was closed, and has not been told so yet. */
  readonly #lingering = new Map<string, Connection>();
  #runner: Runner | null = null;
  /** Grows with every start, so that what an earlier life still does is nothing. */
  #life = 0;
  #isDying = false;
  #crash: { point: CrashPoint; power: boolean; down: number; asked: number } | null = null;
  #effectsLeft = Infinity;
  #fullUntil = 0;
  #slowUntil = 0;
  readonly #wake: Alarm;
  readonly #flush: Alarm;

  constructor(world: World) {
    this.#world = world;
    this.#wake = new Alarm(world.clock, () => this.receive({ type: "wake" }));
    this.#flush = new Alarm(world.clock, () => this.receive({ type: "flush" }));
    world.store.watcher = (when) => this.#watch(when);
  }

  get isUp(): boolean {
    return this.#runner !== null;
  }

  start(): void {
    if (this.#runner) return;
    this.#life += 1;
    this.#isDying = false;
    this.#crash = null;
    this.#effectsLeft = Infinity;
    const { options, store, trace, clock } = this.#world;
    const runner = new Runner(options, store, this.#shell(this.#life));
    try {
      runner.start();
    } catch (error) {
      // What runs it starts it again; a full disk is the one thing that may keep it from starting.
      if (this.#fullUntil <= clock.now) trace.note({ type: "failed", what: `start: ${error}` });
      clock.after(TRIES_AGAIN, () => this.start());
      return;
    }
    this.#runner = runner;
    trace.note({ type: "started" });
    this.#world.started();
  }

  /** An event reaches the hub; null where there is none, or where it died of it. */
  receive(event: HubEvent, opened?: () => void): Outcome<unknown> | null {
    const runner = this.#runner;
    if (!runner) return null;
    const outcome = runner.handle(event, opened);
    if (this.#isDying) return this.#die(), null;
    if (this.#world.forgetful) this.evict();
    return outcome;
  }

  /** A machine's CONNECT and what it subscribes to; answers the status of its refusal, or null where it is let in. */
  greet(link: Link, modem: Modem, token: string, keepalive: number): { status: number | undefined } | null {
    link.modem = modem;
    const opened = this.receive(
      { type: "connect", path: "mqtt", credential: { sort: "none" }, connection: link.id },
      () => {
        link.isOpenAtHub = true;
        this.links.set(link.id, link);
      },
    );
    if (!opened?.ok) return { status: opened ? statusOf(opened.fault) : undefined };
    const connect = modem.connect(token, keepalive);
    const send = (bytes: Uint8Array) => this.receive({ type: "binary", connection: link.id, bytes });
    send(connect.slice(0, 9));
    send(connect.slice(9));
    const { clock, trace } = this.#world;
    switch (modem.answered) {
      case "welcome":
        trace.note({ type: "let_in", connection: link.id });
        this.#subscribeSoon(link, modem);
        return null;
      case "busy":
        return { status: clock.now < this.#fullUntil ? 503 : 429 };
      case "refused":
        return { status: 401 };
      case "nothing":
        return { status: undefined };
    }
  }

  text(link: Link, text: string): void {
    if (!this.#runner) return;
    if (link.modem) {
      for (const bytes of link.modem.say(text, this.#world.clock.now)) {
        this.receive({ type: "binary", connection: link.id, bytes });
      }
      return;
    }
    if (isPing(text) && link.isOpenAtHub) {
      link.pingedAt = this.#world.clock.now;
      link.toPeer("pong");
    } else this.receive({ type: "text", connection: link.id, text });
  }

  /** The link's end came to the hub's ears. */
  closed(link: Link, code: number): void {
    if (!link.isOpenAtHub) return;
    this.receive({ type: "closed", connection: link.id, code });
    link.isOpenAtHub = false;
    this.links.delete(link.id);
  }

  evict(): void {
    try {
      this.#runner?.evict();
    } catch {
      // As a wake-up that fails: the next event tries again.
    }
    if (this.#isDying) this.#die();
  }

  /** Its memory and its sockets go. Now, or with a commit that is still to come. */
  crash(power: boolean, down: number, point?: CrashPoint): void {
    if (!this.#runner || this.#crash) return;
    this.#crash = { point: { commits: 0, point: "before", ...point }, power, down, asked: this.#life };
    if (!point) return this.#die();
    this.#world.clock.after(PATIENCE, () => {
      if (this.#crash?.asked === this.#life && this.#runner) this.#die();
    });
  }

  /** Ends as it should: says goodbye, writes what is left. */
  restart(down: number): void {
    if (!this.#runner) return;
    for (const link of [...this.links.values()]) {
      this.links.delete(link.id);
      link.closeAtHub(CLOSE.restarting, "hub");
      this.receive({ type: "closed", connection: link.id, code: CLOSE.restarting });
      if (!this.#runner) return;
    }
    this.#end(down, false);
  }

  fill(ms: number): void {
    this.#fullUntil = this.#world.clock.now + ms;
  }

  /** Alarms ring late meanwhile: whoever is due first has to look at the clock. */
  slow(ms: number): void {
    this.#slowUntil = this.#world.clock.now + ms;
  }

  calm(): void {
    this.#fullUntil = 0;
    this.#slowUntil = 0;
    this.#crash = null;
    this.#effectsLeft = Infinity;
  }

  #subscribeSoon(link: Link, modem: Modem, again = false): void {
    if (modem.left === 0 || !link.isOpenAtHub) return;
    const wait = modem.hesitates(again);
    if (wait === 0) this.#subscribe(link, modem);
    else this.#world.clock.after(wait, () => link.isOpenAtHub && this.#subscribe(link, modem));
  }

  #subscribe(link: Link, modem: Modem): void {
    const { left } = modem;
    if (modem.asksForCommands) this.#world.trace.note({ type: "listening", connection: link.id });
    this.receive({ type: "binary", connection: link.id, bytes: modem.subscribe() });
    this.#subscribeSoon(link, modem, modem.left === left);
  }

  /** What a packet of the hub's means, at the far end. */
  #carry(link: Link, modem: Modem, { text, answer, acknowledged, broken }: Heard): void {
    const { trace } = this.#world;
    const connection = link.id;
    if (text !== null) link.toPeer(text);
    if (broken) this.#breaks(connection, broken);
    if (acknowledged) {
      link.toPeerDo(() => link.isOpenAtPeer && trace.note({ type: "acknowledged", connection, frame: acknowledged }));
    }
    if (!answer) return;
    const read = () => {
      modem.read(answer.id);
      this.receive({ type: "binary", connection, bytes: answer.bytes });
    };
    link.toPeerDo(() => link.toHub(read));
  }

  /** Not within what the hub does: what ends the run would be its bug. */
  #breaks(connection: string, { rule, what }: Broken): void {
    const { clock, trace } = this.#world;
    clock.after(0, () => trace.note({ type: "broken", connection, rule, what }));
  }

  #die(): void {
    const { power, down } = this.#crash!;
    const { store, random } = this.#world;
    if (power) store.cutPower?.(random.int((store.unsynced ?? 0) + 1));
    for (const link of [...this.links.values()]) {
      // What a process has sent its system still sends, and hangs up; without power nobody says anything.
      if (power) link.cut(random.chance(0.5), null);
      else link.loseSent();
      link.closeAtHub(1006, "network");
    }
    this.#end(down, power);
  }

  #end(down: number, power: boolean): void {
    this.#runner = null;
    this.#isDying = false;
    this.#life += 1;
    this.#crash = null;
    this.links.clear();
    this.#lingering.clear();
    this.#wake.set(null);
    this.#flush.set(null);
    this.#world.trace.note({ type: "crashed", power });
    this.#world.clock.after(down, () => this.start());
  }

  #linger(link: Link, value: Connection): void {
    this.#lingering.set(link.id, value);
    this.#world.clock.after(LINGERS, () => this.#lingering.delete(link.id));
  }

  #watch(when: "before" | "after"): void {
    if (this.#isDying) throw new Error("It is dead");
    if (when === "before" && this.#world.clock.now < this.#fullUntil) throw new Error("The disk is full");
    if (!this.#crash || this.#crash.asked !== this.#life) return;
    const { point } = this.#crash;
    if (when === "before" && point.commits-- > 0) return;
    if (point.commits >= 0) return;
    if (when === point.point) {
      this.#isDying = true;
      throw new Error("It dies");
    }
    if (when === "after" && typeof point.point === "number" && this.#effectsLeft === Infinity) {
      this.#effectsLeft = point.point;
    }
  }

  #shell(life: number): Shell {
    const { clock, random, trace, isObject } = this.#world;
    /** False once this life is over; counts down to the moment at which it is. */
    const isAlive = () => {
      if (life !== this.#life || this.#isDying) return false;
      if (this.#effectsLeft-- > 0) return true;
      this.#isDying = true;
      return false;
    };
    return {
      now: () => clock.now,
      connections: () => [
        ...[...this.links.values()].flatMap(({ attachment }) => attachment ? [survivor(attachment)] : []),
        ...this.#lingering.values(),
      ],
      attach: (connection) => {
        const link = this.links.get(connection.id);
        if (isAlive() && link) link.attachment = connection;
      },
      send: (id, text) => {
        if (isAlive()) this.links.get(id)?.toPeer(text);
      },
      sendBytes: (id, bytes) => {
        const link = this.links.get(id);
        if (!isAlive() || !link?.modem) return;
        for (const heard of link.modem.hear(bytes)) this.#carry(link, link.modem, heard);
      },
      close: (id, code) => {
        const link = this.links.get(id);
        if (!isAlive() || !link) return;
        this.links.delete(id);
        // Who is not let in is told so as a refusal.
        if (link.modem && link.modem.answered !== "welcome") return void (link.isOpenAtHub = false);
        if (code === CLOSE.protocol_error && link.modem?.mayBeCut === false) {
          this.#breaks(id, { rule: "M2", what: "who says what is right is not cut off for it" });
        }
        // Until its peer agrees a sleeping object's socket is still there, and its value with it.
        if (isObject && code === CLOSE.taken_over && link.attachment) this.#linger(link, survivor(link.attachment));
        link.closeAtHub(code, "hub");
      },
      pingedAt: (id) => this.links.get(id)?.pingedAt ?? null,
      backlog: (id) => this.links.get(id)?.waiting ?? 0,
      random: (bytes) => random.bytes(bytes),
      schedule: (wakeAt, flushAt) => {
        if (life !== this.#life || this.#isDying) return;
        const late = clock.now < this.#slowUntil ? random.int(2_000) : 0;
        this.#wake.set(wakeAt === null ? null : wakeAt + late);
        this.#flush.set(flushAt === null ? null : flushAt + late);
      },
      vitals: () => ({ runtime: "test" }),
      log: (event, fields) => {
        if (life !== this.#life || this.#isDying) return;
        const isFault = event === "event_failed" || event === "connection_failed";
        if (isFault) trace.note({ type: "failed", what: `${event}: ${JSON.stringify(fields)}` });
      },
    };
  }
}

/** A sleeping socket keeps JSON. */
const survivor = (value: Connection): Connection => unpack(pack(value));

/** One timer that is set often and changed seldom. */
class Alarm {
  #wanted: number | null = null;
  /** When the clock will ask next. */
  #asked = Infinity;
  readonly #clock: Clock;
  readonly #ring: () => void;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(at: number | null): void {
    this.#wanted = at;
    if (at !== null && at < this.#asked) this.#ask(at);
  }

  #ask(at: number): void {
    this.#asked = at;
    this.#clock.at(at, () => {
      // An earlier question took this one's place.
      if (this.#asked !== at) return;
      this.#asked = Infinity;
      if (this.#wanted === null) return;
      if (this.#wanted > this.#clock.now) return this.#ask(this.#wanted);
      this.#wanted = null;
      this.#ring();
    });
  }
}
