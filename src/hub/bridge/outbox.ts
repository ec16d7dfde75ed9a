/** What is owed to a broker: rows that wait for its word, and whose retained state it does not have [N21-N25]. */
import type { BridgeHealth, Owed } from "../../protocol/outbox.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import type { Memory } from "../memory.ts";
import type { Reader } from "../ports.ts";
import { States } from "./states.ts";
import type { Turn } from "../turn.ts";

/** How many rows wait at most, of either sort, and how many go at once where there are more [N22]. */
const MOST_ROWS = 10_000;
const TRIMMED = 100;
/** How often the bridge is told that rows wait, in ms [N25]. */
const RINGS_EVERY = 250;

/** What happened lies below this key in the order in which it did; devices that are gone lie above, by name. */
export const HAPPENED = { from: "", below: "a" } as const;
export const GONE = { from: "gone.", below: "gone/" } as const;
/** Right above a key: `!` is below whatever a key is made of. */
export const above = (id: string): string => `${id}!`;

interface Part {
  from: string;
  readonly below: string;
  waiting: number;
}

export class Outbox {
  /** The bridge's connection; what the last one said of itself, and when it ended, as long as this memory knows. */
  connection: string | null = null;
  left: { at: number; health?: BridgeHealth } | null = null;
  /** Is there a bridge now? */
  readonly isServed: boolean;
  /** Was one ever given a state, so that a broker may have it [N28]? */
  wasServed: boolean;
  readonly happened: Part;
  readonly gone: Part;
  dropped: number;
  readonly states: States;
  readonly #devices: Memory["devices"];
  readonly #noteId: (id: string) => void;
  #hasRows = false;
  #isRung = false;
  #rangAt = 0;

  constructor(memory: Memory, reader: Reader) {
    const [newest] = reader.list("outbox", { ...HAPPENED, limit: 1, newest: true });
    this.#noteId = (id) => memory.noteId(id);
    if (newest) this.#noteId(newest.id);
    const gone = reader.list("outbox", GONE).length;
    const dropped = reader.get("outbox", "dropped");
    this.dropped = dropped && "count" in dropped ? dropped.count : 0;
    this.isServed = memory.options.bridge === true;
    this.wasServed = wasServed(reader);
    const others = gone + (dropped ? 1 : 0) + (this.wasServed ? 1 : 0);
    this.gone = { ...GONE, waiting: gone };
    this.happened = { ...HAPPENED, waiting: reader.count("outbox") - others };
    this.#devices = memory.devices;
    this.states = new States(memory.options);
  }

  get waiting(): number {
    return this.happened.waiting + this.gone.waiting;
  }

  partOf = (id: string): Part => id < HAPPENED.below ? this.happened : this.gone;

  /** A new connection has nothing yet. */
  know({ id, taken }: OperatorConnection): void {
    if (this.connection === id) return;
    if (taken !== undefined) this.#noteId(taken);
    this.connection = id;
    this.#isRung = false;
    this.#hasRows = this.waiting > 0;
    this.needAll();
  }

  forget({ id, health }: OperatorConnection, now: number): void {
    if (this.connection !== id) return;
    this.connection = null;
    this.left = { at: now, health };
    this.states.forget();
  }

  needAll(): void {
    this.states.need(this.#devices.keys());
  }

  /** Of these something visible changed. */
  mark(touched: ReadonlySet<string>): void {
    if (this.connection !== null && touched.size > 0) this.states.mark(touched);
  }

  add(part: Part): void {
    part.waiting += 1;
    this.#hasRows = true;
  }

  /** When the bridge wants to be told that something waits, or null. */
  get due(): number | null {
    if (this.connection === null || this.#isRung) return null;
    const rows = this.#hasRows ? this.#rangAt + RINGS_EVERY : Infinity;
    const next = Math.min(rows, this.states.due ?? Infinity);
    return next < Infinity ? next : null;
  }

  rang(now: number): void {
    this.#isRung = true;
    this.#rangAt = now;
  }

  /** It has what there was; where that is not all it asks for the rest by itself. */
  taken(more: boolean): void {
    this.#isRung = more;
    this.#hasRows = false;
  }

  /** When silence alone may have changed something, or null. */
  get nextLook(): number | null {
    return this.connection === null ? null : this.states.nextLook;
  }
}

export const wasServed = (reader: Reader): boolean => reader.get("outbox", "bridged") !== undefined;

/** [N21] In the turn of what it tells. */
export function owe(turn: Turn, owed: Exclude<Owed, { what: "gone" }>): void {
  const { outbox } = turn.memory;
  if (!outbox?.isServed) return;
  makeRoom(turn, outbox, outbox.happened);
  turn.put("outbox", { id: turn.id(), at: turn.now, ...owed });
  outbox.add(outbox.happened);
}

/** Also where there is no bridge now: the next one takes it away [N28]. */
export function oweGone(turn: Turn, device: string): void {
  const { outbox } = turn.memory;
  if (!outbox) return;
  makeRoom(turn, outbox, outbox.gone);
  turn.put("outbox", { id: GONE.from + device, at: turn.now, what: "gone", device });
  outbox.add(outbox.gone);
}

/** Its name is in use again before the broker heard that it was not. */
export function comesBack(turn: Turn, device: string): void {
  const { outbox } = turn.memory;
  if (outbox) dropRow(turn, outbox, GONE.from + device);
}

/** [N28] A broker may have it from now on. */
export function noteServed(turn: Turn, outbox: Outbox): void {
  if (outbox.wasServed) return;
  outbox.wasServed = true;
  turn.put("outbox", { id: "bridged", at: turn.now });
}

/** Where it is still there. */
export function dropRow(turn: Turn, outbox: Outbox, id: string): void {
  const row = turn.reader.get("outbox", id);
  if (!row || !("what" in row)) return;
  turn.drop("outbox", id);
  outbox.partOf(id).waiting -= 1;
}

/** [N22] The oldest go, some at once: to look for each alone would cost a look for each. */
function makeRoom(turn: Turn, outbox: Outbox, part: Part): void {
  if (part.waiting < MOST_ROWS) return;
  const { from, below } = part;
  const oldest = turn.reader.list("outbox", { from, below, limit: TRIMMED });
  for (const { id } of oldest) turn.drop("outbox", id);
  part.waiting -= oldest.length;
  outbox.dropped += oldest.length;
  // Read again in this turn they would still be there.
  if (part === outbox.happened && oldest.length > 0) part.from = above(oldest.at(-1)!.id);
  turn.put("outbox", { id: "dropped", count: outbox.dropped });
  turn.log("outbox_full", { dropped: outbox.dropped });
}

/** [N25] */
export function ring(turn: Turn): void {
  const { outbox } = turn.memory;
  if (outbox?.connection == null || outbox.due === null || outbox.due > turn.now) return;
  outbox.rang(turn.now);
  turn.toOperator({ id: outbox.connection }, { type: "outbox" });
}

/** [N24] */
export function lookAtSilence(turn: Turn): void {
  const { outbox } = turn.memory;
  if (outbox?.connection != null) outbox.states.look(turn);
}
