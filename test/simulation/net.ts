/** The net between the hub and its peers: what is sent over one connection arrives in its order, late, or not at all. */
import type { Connection } from "../../src/hub/connections/connection.ts";
import type { Clock } from "./clock.ts";
import type { Modem } from "./modem.ts";
import { Random } from "./random.ts";

/** The far end of a link. */
export interface Far {
  hear(text: string): void;
  /** The link is no more, as far as this end can tell. */
  gone(code: number, by: "hub" | "network"): void;
}

/** What is under way in one direction. */
interface Pipe {
  /** When the last of it arrives. */
  until: number;
  /** Raised when what is under way is lost. */
  lost: number;
}

export class Net {
  isCalm = false;
  readonly clock: Clock;
  readonly #delay: [number, number];
  readonly #seed: string;
  readonly #stalled = new Map<string, number>();

  constructor(clock: Clock, seed: string, delay: [number, number]) {
    this.clock = clock;
    this.#seed = seed;
    this.#delay = delay;
  }

  /** A stream of delays for a link or a request of this name. */
  delays(name: string): () => number {
    const random = new Random(`${this.#seed}/net/${name}`);
    return () => random.between(...this.#delay);
  }

  /** Nothing from or to this peer arrives for so long; then it all does. */
  stall(who: string, ms: number): void {
    this.#stalled.set(who, Math.max(this.stalledUntil(who), this.clock.now + ms));
  }

  calm(): void {
    this.isCalm = true;
    this.#stalled.clear();
  }

  stalledUntil(who: string): number {
    return this.#stalled.get(who) ?? 0;
  }
}

/** Ms after which a system gives up sending what nobody confirms. */
const GIVES_UP = 8_000;

export class Link {
  readonly id: string;
  readonly who: string;
  /** The value that the hub keeps with its socket; null once the hub has ended it, or never took it. */
  attachment: Connection | null = null;
  /** When its end at the hub last answered a ping. */
  pingedAt: number | null = null;
  isOpenAtHub = false;
  /** Where the peer speaks MQTT. */
  modem: Modem | null = null;
  isOpenAtPeer = true;
  /** Bytes that the peer has not read yet. */
  waiting = 0;
  readonly #net: Net;
  readonly #far: Far;
  readonly #delay: () => number;
  readonly #toHub: Pipe = { until: 0, lost: 0 };
  readonly #toPeer: Pipe = { until: 0, lost: 0 };
  readonly #reads: number | null;
  #isDead = false;
  #isNoticed = false;

  constructor(net: Net, id: string, who: string, far: Far, reads: number | null = null) {
    this.#net = net;
    this.id = id;
    this.who = who;
    this.#far = far;
    this.#delay = net.delays(id);
    this.#reads = reads;
  }

  /** Carries an act to the hub's end. Who sends into a dead line learns of it some time later. */
  toHub(act: () => void): void {
    this.#carry(this.#toHub, 0, act);
    if (!this.#isDead || this.#isNoticed) return;
    this.#isNoticed = true;
    this.#net.clock.after(GIVES_UP, () => this.#lose(1006, "network"));
  }

  /** A text for the peer; it is heard if the peer is still there. */
  toPeer(text: string): void {
    const { bytes, takes } = this.#reading(text);
    this.waiting += bytes;
    this.#carry(this.#toPeer, takes, () => {
      this.waiting -= bytes;
      if (this.isOpenAtPeer) this.#far.hear(text);
    });
  }

  /** Carries an act to the peer's end. */
  toPeerDo(act: () => void): void {
    this.#carry(this.#toPeer, 0, act);
  }

  /** The hub ended it, or died and its machine says so. */
  closeAtHub(code: number, by: "hub" | "network"): void {
    this.isOpenAtHub = false;
    this.attachment = null;
    this.#carry(this.#toPeer, 0, () => this.#lose(code, by));
  }

  /** The peer ends it: what it sent before may still arrive, or not. */
  closeAtPeer(code: number, keepsSent: boolean, heard: (code: number) => void): void {
    this.isOpenAtPeer = false;
    if (!keepsSent) this.#toHub.lost += 1;
    this.#toPeer.lost += 1;
    this.#carry(this.#toHub, 0, () => heard(code));
  }

  /** What is under way is lost; each end hears of it or does not, and then waits for nothing. */
  cut(heardByPeer: boolean, heardByHub: (() => void) | null): void {
    this.#toHub.lost += 1;
    this.#toPeer.lost += 1;
    this.waiting = 0;
    if (heardByHub) this.#carry(this.#toHub, 0, heardByHub);
    if (heardByPeer) this.#carry(this.#toPeer, 0, () => this.#lose(1006, "network"));
    this.#isDead = true;
  }

  /** Frames on their way to a hub that is no more. */
  loseSent(): void {
    this.#toHub.lost += 1;
  }

  #lose(code: number, by: "hub" | "network"): void {
    if (!this.isOpenAtPeer) return;
    this.isOpenAtPeer = false;
    this.#far.gone(code, by);
  }

  #carry(pipe: Pipe, takes: number, act: () => void): void {
    if (this.#isDead) return;
    const { clock } = this.#net;
    const stalled = this.#net.stalledUntil(this.who);
    pipe.until = Math.max(clock.now + this.#delay(), stalled, pipe.until) + takes;
    const { lost } = pipe;
    clock.at(pipe.until, () => {
      // What was stalled meanwhile waits on.
      if (pipe.lost === lost) act();
    });
  }

  /** How long a slow reader needs for it. */
  #reading(text: string): { bytes: number; takes: number } {
    if (this.#reads === null || this.#net.isCalm) return { bytes: 0, takes: 0 };
    return { bytes: text.length, takes: Math.ceil(text.length * 1000 / this.#reads) };
  }
}
