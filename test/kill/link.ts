/** A socket that comes back whenever it is lost, with everything that goes over it in the trace. */
import type { Frame, Peer, Trace } from "../simulation/trace.ts";
import { type Door, type Line, pause, Refused } from "./door.ts";
import type { Random } from "./random.ts";

export interface LinkOptions {
  /** What its connections are called: `lamp#1`, `lamp#2`. */
  name: string;
  peer: Peer;
  secret: string;
  door: Door;
  trace: Trace;
  random: Random;
}

/** An open one, by its connection's name. */
export interface Open extends Line {
  connection: string;
}

export class Link {
  /** Null while there is none. */
  open: Open | null = null;
  readonly #options: LinkOptions;
  readonly #heard: (frame: Frame, open: Open) => void;
  readonly #lost: () => void;
  readonly #running: Promise<void>;
  #opened = 0;
  #isStopped = false;

  constructor(options: LinkOptions, heard: (frame: Frame, open: Open) => void, lost: () => void = () => {}) {
    this.#options = options;
    this.#heard = heard;
    this.#lost = lost;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.open?.drop();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#live();
      if (!this.#isStopped) await pause(this.#options.random.whole(10, 120));
    }
  }

  /** One connection, from the first word to the last. */
  async #live(): Promise<void> {
    const { name, peer, secret, door, trace } = this.#options;
    const connection = `${name}#${++this.#opened}`;
    const ended = Promise.withResolvers<number>();
    const early: Frame[] = [];
    const heard = (frame: Frame) => this.open ? this.#heard(frame, this.open) : void early.push(frame);
    trace.note({ type: "opening", connection, peer });
    try {
      const line = await door.dial(peer.sort, secret, { heard, ended: ended.resolve });
      this.open = { ...line, connection };
    } catch (error) {
      return trace.note({ type: "refused", connection, ...(error instanceof Refused && { status: error.status }) });
    }
    for (const frame of early) this.#heard(frame, this.open);
    const code = await ended.promise;
    this.open = null;
    trace.note({ type: "closed", connection, code, by: code === 1006 ? "network" : this.#isStopped ? "peer" : "hub" });
    this.#lost();
  }
}
