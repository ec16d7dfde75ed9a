/** How much of history one turn reads and writes: what nobody asked for stops in time, since everybody waits [Q11, Q12]. */
import type { Keys, PageHead, PageReader } from "../../history/page.ts";
import type { Reader } from "../ports.ts";
import { RAW_PAGE } from "./repack.ts";
import type { Turn } from "../turn.ts";

/** In bytes: what is unpacked in the time of a look-up, an entry in a page's list, and a number as memory has it. */
const OF_A_LOOK_UP = 1024;
const OF_AN_ENTRY = 32;
const OF_A_VALUE = 8;

/** Rows that go in one turn: about as many as it may read. */
export const rowsIn = (bytes: number): number => Math.ceil(bytes / RAW_PAGE);

/** The first so many rows with these keys go. Answers how many there were, and one more where that is not all. */
export function clearFirst(turn: Turn, table: "page" | "hourly", { from, below }: Keys, most: number): number {
  const found = turn.reader.heads(table, { from, below, limit: most + 1 });
  if (found.length > 0) turn.clear(table, from, found.length > most ? found[most].id : below);
  return found.length;
}

export class Ration implements PageReader {
  #used = 0;
  #rows = 0;
  readonly #reader: Reader;
  readonly #most: number;

  constructor(reader: Reader, most: number) {
    this.#reader = reader;
    this.#most = most;
  }

  get isLeft(): boolean {
    return this.#used < this.#most && this.#rows < rowsIn(this.#most);
  }

  /** Who begins only then mostly comes to an end. */
  get isHalfLeft(): boolean {
    return this.#used < this.#most / 2;
  }

  heads(page: Parameters<PageReader["heads"]>[0]): PageHead[] {
    const heads = this.#reader.heads("page", page);
    this.lookedUp(OF_AN_ENTRY * heads.reduce((sum, { entries }) => sum + entries.length, 0));
    return heads;
  }

  lookedUp(bytes: number): void {
    this.#used += OF_A_LOOK_UP + bytes;
  }

  slice(id: string, from: number, length: number): Uint8Array {
    this.#used += length;
    return this.#reader.slice("page", id, from, length);
  }

  unpacked(values: number): void {
    this.#used += OF_A_VALUE * values;
  }

  /** A row was written anew with so many bytes, or dropped. */
  changed(bytes: number): void {
    this.#used += bytes;
    this.#rows += 1;
  }
}
