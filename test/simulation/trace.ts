/** What happened, as seen from outside the hub: the simulator and runs against a real process write it, checkers read it. */
import type { CallName } from "../../src/hub/call.ts";
import type { FaultCode } from "../../src/protocol/fault.ts";
import type { BridgeState, OutboxRow } from "../../src/protocol/outbox.ts";
import type { Role } from "../../src/protocol/words.ts";

export interface Frame {
  type: string;
  // deno-lint-ignore no-explicit-any
  [key: string]: any;
}

/** Who stands at the far end of a socket. Tokens are named by their ids, never by their secrets. */
export type Peer =
  /**
   * `machine` is the thing itself: clones are two machines that are one device. A narrow one takes few publishes at a
   * time, so what it is sent may have to wait [M8].
   */
  | { sort: "device"; device: string; token: string; machine: string; narrow?: true }
  /** A slow one does not read as fast as the hub may have something to say: it misses what cannot be merged [O8]. */
  | { sort: "operator"; operator: string; token: string; slow?: true };

/** Who asks. `token` is that of the operator's row; `setting` is the administrator's from the settings. */
export interface Asker {
  operator: string;
  token: string;
  role: Role;
}

/** Why something was not done. */
export interface Refusal {
  code: FaultCode;
  message?: string;
  status?: number;
  /** The record that it left in the ledger. */
  command?: string;
}

/** What the peers saw and did, in the order in which it happened to them. */
export type Happening =
  /** A peer asks for a socket. It has one once it was told `welcome`. */
  | { type: "opening"; connection: string; peer: Peer }
  /** The upgrade was refused; `status` where it was answered at all. */
  | { type: "refused"; connection: string; status?: number }
  /** A peer learned that its socket is gone, or ended it. 1006 where nobody said why. */
  | { type: "closed"; connection: string; code: number; by: "hub" | "peer" | "network" }
  /** A device sent a frame; whether it arrives is not known. A ping is `{type:"ping"}`, some bytes are `{type:"bytes"}`. */
  | { type: "said"; connection: string; frame: Frame }
  /** A frame reached a device. A pong is `{type:"pong"}`. */
  | { type: "told"; connection: string; frame: Frame }
  /** Over MQTT, at the hub's end: it let this connection in, and the client asks to hear commands there [M3, M8]. */
  | { type: "let_in" | "listening"; connection: string }
  /** The hub acknowledged the publish with QoS 1 that was this frame [M7]. */
  | { type: "acknowledged"; connection: string; frame: Frame }
  /** A packet of the hub's, or that there is none, breaks a rule, as its client knows. */
  | { type: "broken"; connection: string; rule: string; what: string }
  /** A machine did what a command asks for. */
  | { type: "acted"; connection: string; machine: string; command: string }
  /** A machine lost whatever it keeps only in its working memory. */
  | { type: "rebooted"; machine: string }
  /** A call by REST, or over an operator's `connection`. `ask` is this attempt's own name: a retry is another ask. */
  | {
    type: "asked";
    ask: string;
    by: Asker;
    call: CallName;
    args: Record<string, unknown>;
    key?: string;
    connection?: string;
  }
  | { type: "answered"; ask: string; ok: true; value: unknown }
  | { type: "answered"; ask: string; ok: false; fault: Refusal }
  /** Nobody will ever know what became of this ask from its answer. */
  | { type: "unanswered"; ask: string }
  /** A frame reached an operator, a pong included; replies are answers, not this. */
  | { type: "shown"; connection: string; frame: Frame }
  /** An operator said what has no answer: what it looks at (`watch`, `unwatch`, `seen`), that it is there, how to steer. */
  | { type: "looked"; connection: string; frame: Frame }
  /** The hub ended without a word; with its power, what was not synced is lost too. */
  | { type: "crashed"; power: boolean }
  /** The hub can be reached again, if it ever could not. */
  | { type: "started" }
  /** The hub said of itself that it failed: in its log, or by not being able to go on. */
  | { type: "failed"; what: string }
  /** The broker acknowledged what the hub owed it; and what it has of each device in the end, when so many rows wait. */
  | { type: "published"; row: OutboxRow }
  | { type: "retained"; states: BridgeState[]; waiting: number }
  /** From here on nothing is broken any more: every machine is up and reaches the hub. */
  | { type: "calmed" }
  /** Nothing moves any more, and everything was read once again. */
  | { type: "ended" };

/** `at` in ms on the clock of whoever watches; the hub's own clock must agree with it within the check's `slack`. */
export type TraceEvent = { at: number } & Happening;

/** What a checker found: an invariant of E2, or a rule of PROTOCOL.md that stands behind it. */
export class Violation extends Error {
  readonly invariant: string;
  readonly expected: string;
  /** The last events that concern it. */
  readonly events: readonly TraceEvent[];

  constructor(invariant: string, expected: string, events: readonly TraceEvent[]) {
    const shown = events.map((event) => `\n  ${JSON.stringify(event)}`).join("");
    super(`${invariant}: ${expected}${shown}`);
    this.invariant = invariant;
    this.expected = expected;
    this.events = events;
  }
}

/** Writes a trace and has it read as it grows. */
export class Trace {
  readonly events: TraceEvent[] = [];
  readonly #now: () => number;
  readonly #read: (event: TraceEvent) => void;

  /** `read` throws a `Violation`, or not: a checker's `see`. */
  constructor(now: () => number, read: (event: TraceEvent) => void = () => {}) {
    this.#now = now;
    this.#read = read;
  }

  note(happening: Happening): void {
    const event: TraceEvent = { at: this.#now(), ...happening };
    this.events.push(event);
    this.#read(event);
  }
}
