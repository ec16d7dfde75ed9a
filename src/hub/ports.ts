/** What the hub asks of the world: rows to remember, a clock, randomness and the state of a socket. All answer at once. */
import type { Counts } from "./metrics/counts.ts";
import type { Rows, Table } from "./rows.ts";
import type { Vitals } from "./metrics/vitals.ts";

/** Rows in the order of their keys. */
export interface Page {
  owner?: string;
  /** Keys from this one on, and below that one. */
  from?: string;
  below?: string;
  limit?: number;
  newest?: boolean;
}

/** Tables whose rows have `bytes`. */
export type WithBytes = { [T in Table]: Rows[T] extends { bytes: Uint8Array } ? T : never }[Table];

export interface Reader {
  get<T extends Table>(table: T, id: string): Rows[T] | undefined;
  list<T extends Table>(table: T, page?: Page): Rows[T][];
  /** The rows without their bytes, which are not read; and then a part of the bytes of one. */
  heads<T extends WithBytes>(table: T, page?: Page): Omit<Rows[T], "bytes">[];
  slice(table: WithBytes, id: string, from: number, length: number): Uint8Array;
  count(table: Table, owner?: string, from?: string): number;
}

export type Write =
  | { [T in Table]: { put: T; row: Rows[T] } }[Table]
  | { drop: Table; id: string }
  /** Every row of an owner. */
  | { erase: Table; owner: string }
  /** Every row with a key from this one on, and below that one. */
  | { clear: Table; from: string; below: string }
  /** Every row whose time has come, in every table. */
  | { prune: number };

/** Can be read at once, and is there after its `commit` only. Either throws when nothing was written of all of it. */
export interface Group {
  write(writes: readonly Write[]): void;
  commit(): void;
}

export interface Store extends Reader {
  /**
   * All or nothing; throws when nothing was written. `full` outlives a power cut, `normal` a crash of the process:
   * what somebody was told is full, what can be told anew is normal.
   */
  commit(writes: readonly Write[], durability: "full" | "normal"): void;
  /** Begins a commit of several parts, `full`; absent where each alone costs no more. Nothing else is written meanwhile. */
  begin?(): Group;
  /** What it knows of itself: its bytes, and how many rows it wrote or dropped since it was opened. */
  size?(): number;
  rows?(): number;
  close(): void;
}

/** What one event brings along besides itself. */
export interface Env {
  now: number;
  random(bytes: number): Uint8Array;
  /** In hex, of a text in UTF-8 or of bytes one after another. */
  sha256(of: string | readonly Uint8Array[]): string;
  /** When the runtime itself last answered a `ping` on this connection, or null [F1]. */
  pingedAt(connection: string): number | null;
  /** Bytes that wait to be read by the peer, or null where the runtime does not tell [O8]. */
  backlog(connection: string): number | null;
  /** What was counted up to this event. */
  counts: Counts;
  vitals(): Vitals;
}
