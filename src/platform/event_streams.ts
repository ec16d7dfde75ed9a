/** Streams of server-sent events on any runtime [R7-R11]: connections beside its sockets, each the body of an answer. */
import type { Connection } from "../hub/connections/connection.ts";
import { CLOSE } from "../protocol/close.ts";
import type { Credential } from "../protocol/credential.ts";
import { encode } from "../protocol/frame.ts";
import { endOf, serverSent, type StreamQuery } from "../protocol/event_stream.ts";
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { beside } from "./beside.ts";
import type { Runner } from "./runner.ts";
import type { Shell } from "./shell.ts";

export type Body = ReadableStream<Uint8Array>;

interface Open {
  body: ReadableStreamDefaultController<Uint8Array>;
  attachment: Connection | null;
  /** All bytes that were put into it. */
  written: number;
  /** How many of them had been taken when it was last looked at, and how often in a row that was no more [R10]. */
  taken: number;
  stalls: number;
}

const PING_EVERY = 15_000;
/** So many looks in a row without a byte taken are half a minute at least. */
const MOST_STALLS = 3;
/** How long what was said last may wait for its reader, in ms. */
const LAST_WORDS = 5_000;
/** Within which time whoever comes back by itself does so, in ms: all at once they would be a storm [R9]. */
const COMES_BACK = { least: 1_000, most: 5_000 };

const RESTARTING = refuse("internal", "The hub is restarting", { status: 503, retryAfter: 1 });
const bytes = new TextEncoder();

export class EventStreams {
  readonly #open = new Map<string, Open>();
  #runner!: Runner;
  #pinging: ReturnType<typeof setInterval> | undefined;
  #isEnding = false;

  /** The runner that decides for these streams, and for the sockets of `shell`. */
  run(shell: Shell, make: (shell: Shell) => Runner): Runner {
    this.#runner = make(beside(shell, this.#open, {
      send: (_, text, connection) => this.#write(connection, serverSent(text)),
      close: (connection, code, reason) => this.#end(connection, code, reason),
      backlog: waitingIn,
    }));
    return this.#runner;
  }

  connect(credential: Credential, ask: StreamQuery): Outcome<Body> {
    if (this.#isEnding) return RESTARTING;
    const connection = crypto.randomUUID();
    let body: Body;
    const entered = this.#runner.handle({ type: "stream", credential, connection, ask }, () => {
      body = this.#begin(connection);
    });
    return entered.ok ? ok(body!) : entered;
  }

  /** Ends every stream and lets no further one in. */
  endAll(code: number, reason: string): void {
    this.#isEnding = true;
    for (const connection of [...this.#open.keys()]) {
      this.#end(connection, code, reason);
      this.#runner.handle({ type: "closed", connection, code });
    }
  }

  #begin(connection: string): Body {
    const retry = Math.round(COMES_BACK.least + Math.random() * (COMES_BACK.most - COMES_BACK.least));
    return new ReadableStream<Uint8Array>({
      start: (body) => {
        this.#open.set(connection, { body, attachment: null, written: 0, taken: 0, stalls: 0 });
        this.#write(connection, `retry: ${retry}\n\n`);
        this.#pinging ??= setInterval(() => this.#ping(), PING_EVERY);
      },
      cancel: () => this.#gone(connection),
    }, new ByteLengthQueuingStrategy({ highWaterMark: 0 }));
  }

  #write(connection: string, text: string): void {
    const open = this.#open.get(connection);
    if (!open) return;
    const chunk = bytes.encode(text);
    open.written += chunk.length;
    open.body.enqueue(chunk);
  }

  /** Keeps each open on the way, and finds whose reader is gone without anybody having been told. */
  #ping(): void {
    for (const [connection, open] of [...this.#open]) {
      const waiting = waitingIn(open);
      const taken = open.written - waiting;
      open.stalls = waiting > 0 && taken === open.taken ? open.stalls + 1 : 0;
      open.taken = taken;
      if (open.stalls >= MOST_STALLS) {
        this.#end(connection, CLOSE.slow_consumer, "");
        this.#runner.handle({ type: "closed", connection, code: CLOSE.slow_consumer });
      } else if (waiting === 0) this.#write(connection, ": ping\n\n");
    }
  }

  #end(connection: string, code: number, reason: string): void {
    const open = this.#open.get(connection);
    if (!open) return;
    if (code !== CLOSE.slow_consumer) this.#write(connection, serverSent(encode(endOf(code, reason))));
    this.#forget(connection);
    // What waits for a reader that does not read goes at once, else when it was given its time.
    if (code === CLOSE.slow_consumer) return breakOff(open);
    open.body.close();
    if (waitingIn(open) > 0) setTimeout(() => breakOff(open), LAST_WORDS);
  }

  #gone(connection: string): void {
    if (!this.#open.has(connection)) return;
    this.#forget(connection);
    this.#runner.handle({ type: "closed", connection, code: LOST });
  }

  #forget(connection: string): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    clearInterval(this.#pinging);
    this.#pinging = undefined;
  }
}

/** What there is to say of a connection that ended without a word. */
const LOST = 1006;

/** Its queue takes any number of bytes, and wants none. */
const waitingIn = ({ body }: Open): number => -(body.desiredSize ?? 0);

function breakOff({ body }: Open): void {
  body.error(new Error("nobody read it"));
}
