/** The hub: an event goes in, a turn comes out. Synchronous and deterministic; the shell does the rest. */
import type { Credential } from "../protocol/credential.ts";
import type { StreamQuery } from "../protocol/event_stream.ts";
import type { Path } from "../protocol/handshake.ts";
import type { Refusal } from "../protocol/refusal.ts";
import { ok, type Outcome } from "../protocol/fault.ts";
import type { ArgsOf, CallName } from "./call.ts";
import { call } from "./calls/mod.ts";
import { offerClaim } from "./access/claim.ts";
import { decideDue, loseOnce } from "./commands/command.ts";
import type { Connection } from "./connections/connection.ts";
import { openStream } from "./watching/event_stream.ts";
import { onDeviceBytes, onDeviceText } from "./from_device/mod.ts";
import { onDeviceTexts } from "./from_device/run.ts";
import { onOperatorText } from "./from_operator/mod.ts";
import { identify, unauthenticated } from "./access/identity.ts";
import { countEnded } from "./jobs/end.ts";
import { holdJobs, nextShow, nextStep, showJobs, stepJobs } from "./jobs/steps.ts";
import { takeKinds } from "./devices/kinds.ts";
import { lookAtLease } from "./control/lease.ts";
import { Memory } from "./memory.ts";
import type { HubOptions } from "./options.ts";
import { enterOperator } from "./from_operator/session.ts";
import { dropGuests, guestsDue, letIn, onGuestBytes } from "./mqtt/guest.ts";
import { onMqttBytes } from "./mqtt/packets.ts";
import { onMqttMessages } from "./mqtt/run.ts";
import type { Speaker } from "./mqtt/tell.ts";
import type { Env, Reader } from "./ports.ts";
import { onRefused } from "./connections/turned_away.ts";
import { isRepackDue, repack, repackDue } from "./history/repack.ts";
import { flush } from "./history/samples.ts";
import { keepUp, upkeepDue } from "./history/upkeep.ts";
import { end, endingOf, enter, left } from "./devices/session.ts";
import { sweep, sweepDue } from "./devices/sweep.ts";
import { Turn } from "./turn.ts";
import { onUnstored } from "./connections/unstored.ts";
import { lookAtSilence, ring } from "./bridge/outbox.ts";
import { flushWatches, openWatch, sendSnapshot } from "./watching/merged.ts";

/** A text, when it arrived, and what the same connection told after it. */
export interface Heard {
  readonly connection: string;
  readonly text: string;
  /** Of MQTT, where there is no text. */
  readonly bytes?: Uint8Array;
  readonly at: number;
  next: Heard | null;
}

/** Whatever can happen to a hub. */
export type HubEvent =
  /** The memory is new: what the store and the sockets still know is taken up again, and by a new program its kinds. */
  | { type: "start"; isSameProgram: boolean }
  /** An upgrade that passed the handshake; `connection` is a new id that the shell chose. */
  | { type: "connect"; path: Path; credential: Credential; connection: string }
  /** An operator asks for server-sent events; `connection` is a new id too [R7]. */
  | { type: "stream"; credential: Credential; connection: string; ask: StreamQuery }
  | { type: "text"; connection: string; text: string }
  /** Texts that nobody waits for, and that arrived since the last event: for each connection its first one. */
  | { type: "texts"; chains: readonly Heard[] }
  | { type: "binary"; connection: string; bytes: Uint8Array }
  /** A frame whose turn could not be stored: its sender hears so. */
  | { type: "unstored"; connection: string; of: string | Uint8Array }
  | { type: "closed"; connection: string; code: number }
  | { type: "call"; name: CallName; args: ArgsOf<CallName>; credential: Credential; key?: string }
  /** Somebody was turned away, whether or not the hub was asked for it. */
  | { type: "refused"; refusal: Refusal }
  /** `nextWake` has come. */
  | { type: "wake" }
  /** `nextFlush` has come. */
  | { type: "flush" }
  /** The program ends: what waits for its window is written now. */
  | { type: "end" };

const PRUNE_EVERY = 3_600_000;

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

/** [K13] Kinds first; [C7] a `once` whose connection the hub lost sight of is unknown; [O4] watches begin again. */
function start(turn: Turn, { isSameProgram }: { isSameProgram: boolean }): void {
  const { memory } = turn;
  memory.startedAt = turn.now;
  if (!isSameProgram) takeKinds(turn);
  memory.upkeepAt = upkeepDue(turn);
  for (const device of memory.devices.values()) {
    loseOnce(
      turn,
      device,
      device.connection?.id ?? null,
      "The hub ended before the outcome. It may have acted: check the device",
    );
  }
  for (const connection of memory.operators()) {
    for (const definition of connection.watches) {
      const watch = openWatch(turn, connection, definition);
      if (!watch.ok) {
        // A program that reads queries otherwise took over: a list that stands still would be a lie.
        turn.close(connection, "resync");
        break;
      }
      sendSnapshot(turn, watch.value);
    }
  }
  memory.watches.lookers.lookOver(turn);
  // Its end is due though no memory knows of it any more.
  for (const id of [...memory.leased]) lookAtLease(turn, memory.devices.get(id)!);
  holdJobs(turn);
  offerClaim(turn);
  ring(turn);
}

function connect(
  turn: Turn,
  { path, credential, connection }: Extract<HubEvent, { type: "connect" }>,
): Outcome<unknown> {
  if (path === "mqtt") return letIn(turn, connection);
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (caller.value.sort !== path) {
    return unauthenticated(`This is not ${path === "device" ? "a device" : "an operator"}'s credential`);
  }
  return caller.value.sort === "device"
    ? enter(turn, connection, caller.value)
    : enterOperator(turn, connection, caller.value);
}

/** Each is decided as of its arrival; what follows from all of them, as of now. */
function onTexts(turn: Turn, chains: readonly Heard[]): void {
  for (const first of chains) {
    const connection = turn.memory.connections.get(first.connection);
    if (connection?.sort === "device" && connection.mqtt === undefined) onDeviceTexts(turn, connection, first);
    else if (connection?.sort === "device") onMqttMessages(turn, connection as Speaker, first);
    else {
      for (let heard: Heard | null = first; heard; heard = heard.next) {
        turn.now = heard.at;
        onText(turn, heard);
      }
    }
  }
  turn.now = turn.env.now;
}

function onText(turn: Turn, { connection: id, text }: { connection: string; text: string }): void {
  const connection = turn.memory.connections.get(id);
  // Late frames are expected: the peer may not have seen our close yet [P6].
  if (!connection) return;
  if (connection.sort === "device" && connection.mqtt === undefined) onDeviceText(turn, connection, text);
  else if (connection.sort === "operator") onOperatorText(turn, connection, text);
  // [M2]
  else end(turn, connection, "protocol_error");
}

/** [F4] Only a device announces such frames; [M2] of MQTT there are no others. */
function onBinary(turn: Turn, { connection: id, bytes }: { connection: string; bytes: Uint8Array }): void {
  const connection = turn.memory.connections.get(id);
  if (!connection) return;
  if (connection.sort === "guest") onGuestBytes(turn, connection, bytes);
  else if (connection.sort === "device" && connection.mqtt) onMqttBytes(turn, connection as Speaker, bytes);
  else if (connection.sort === "device") onDeviceBytes(turn, connection, bytes);
  else end(turn, connection, "binary_not_expected");
}

function onClosed(turn: Turn, { connection: id, code }: { connection: string; code: number }): void {
  const connection = turn.memory.connections.get(id);
  if (!connection) return;
  turn.tally.end(endingOf(code));
  const device = connection.sort === "device" && turn.memory.devices.get(connection.device);
  if (device) left(turn, device, code);
  else turn.forget(connection);
}

function flushMerged(turn: Turn): void {
  flushWatches(turn);
  ring(turn);
}

function wake(turn: Turn): void {
  const { memory, now } = turn;
  dropGuests(turn);
  decideDue(turn);
  countEnded(turn);
  stepJobs(turn);
  // Before the flush: what is written to the journal now goes there anew.
  const isRepack = isRepackDue(memory, now);
  if (isRepack) repack(turn);
  // A checkpoint has a device's `seq`: what waits of it goes with it, or its repeat would count as known after a crash.
  const isFlush = isRepack || (memory.flushAt !== null && memory.flushAt <= now);
  if (memory.beat !== null && memory.beat <= now) memory.beat = null;
  if (isFlush) flush(turn);
  // Not what is packed in this same turn: it can be read once it is written.
  if (memory.upkeepAt <= now && !isRepack) keepUp(turn);
  sweep(turn);
  lookAtSilence(turn);
  // With each flush: what a fleet writes in a window has to go in one, or history grows without end.
  if (!isFlush && memory.pruneAt > now) return;
  memory.pruneAt = now + PRUNE_EVERY;
  turn.prune();
}
