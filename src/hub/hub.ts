/** The hub: an event goes in, a turn comes out. Synchronous and deterministic; the shell does the rest. */
import { ok, type Outcome } from "../protocol/fault.ts";
import { call } from "./calls/mod.ts";
import type { Connection } from "./connections/connection.ts";
import { onRefused } from "./connections/turned_away.ts";
import { onUnstored } from "./connections/unstored.ts";
import { sweepDue } from "./devices/sweep.ts";
import type { HubEvent } from "./event.ts";
import { repackDue } from "./history/repack.ts";
import { flush } from "./history/flush.ts";
import { connect, onBinary, onClosed, onText, onTexts } from "./incoming.ts";
import { countEnded } from "./jobs/end.ts";
import { nextShow, nextStep, showJobs } from "./jobs/steps.ts";
import { Memory } from "./memory.ts";
import { guestsDue } from "./mqtt/guest.ts";
import type { HubOptions } from "./options.ts";
import type { Env, Reader } from "./ports.ts";
import { start } from "./start.ts";
import { Turn } from "./turn.ts";
import { flushMerged, wake } from "./wake.ts";
import { openStream } from "./watching/event_stream.ts";

export class Hub {
  readonly memory: Memory;
  readonly #reader: Reader;

  constructor(options: HubOptions, reader: Reader, connections: Iterable<Connection> = []) {
    this.memory = new Memory(options, reader, connections);
    this.#reader = reader;
  }

  /**
   * Decides one event. The turn holds what to write and then what to do; `outcome` answers `connect` and `call`.
   * When the writes fail, nothing of it may happen, and this hub is to be made anew: its memory is ahead of the store.
   */
  decide(event: HubEvent, env: Env): { turn: Turn; outcome: Outcome<unknown> } {
    const turn = new Turn(this.memory, this.#reader, env);
    const outcome = this.#act(turn, event);
    countEnded(turn);
    showJobs(turn);
    this.memory.watches.mark(turn.touched);
    this.memory.outbox?.mark(turn.touched);
    return { turn, outcome };
  }

  /** When the hub wants a `wake`, though nothing happens until then; null for never. */
  nextWake(now: number): number | null {
    const { deadlines, flushAt, beat, upkeepAt } = this.memory;
    return earliest(
      deadlines.next,
      flushAt,
      beat,
      repackDue(this.memory),
      upkeepAt < Infinity ? upkeepAt : null,
      nextStep(this.memory, now),
      sweepDue(this.memory, now),
      this.memory.outbox?.nextLook ?? null,
      guestsDue(this.memory),
    );
  }

  /** When merged frames want a `flush`; a lost one is made up for by the next event. */
  get nextFlush(): number | null {
    const { watches } = this.memory;
    const rings = this.memory.outbox?.due ?? null;
    return earliest(watches.due, watches.lookers.due, nextShow(this.memory), rings, this.#awake);
  }

  /** When somebody may be told what is heard now; null while nobody watches. */
  nextTold(now: number): number | null {
    return this.memory.watches.nextTold(now);
  }

  /** A timer, until what waits in memory alone is written. */
  get #awake(): number | null {
    return this.memory.spilledBytes === 0 ? null : this.memory.flushAt;
  }

  #act(turn: Turn, event: HubEvent): Outcome<unknown> {
    switch (event.type) {
      case "start":
        return done(start(turn, event));
      case "connect":
        return connect(turn, event);
      case "stream":
        return openStream(turn, event);
      case "text":
        return done(onText(turn, event));
      case "texts":
        return done(onTexts(turn, event.chains));
      case "binary":
        return done(onBinary(turn, event));
      case "unstored":
        return done(onUnstored(turn, event));
      case "closed":
        return done(onClosed(turn, event));
      case "call":
        return call(turn, event.credential, event.name, event.args, event.key);
      case "refused":
        return done(onRefused(turn, event.refusal));
      case "wake":
        return done(wake(turn));
      case "flush":
        return done(flushMerged(turn));
      case "end":
        return done(flush(turn));
    }
  }
}

function earliest(...times: (number | null)[]): number | null {
  let first: number | null = null;
  for (const at of times) if (at !== null && (first === null || at < first)) first = at;
  return first;
}

const DONE = ok(null);
const done = (_: void): Outcome<null> => DONE;
