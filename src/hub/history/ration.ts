/** How much of history one turn reads: what nobody asked for stops in time, since everybody waits for it [Q11]. */
import type { PageHead, PageReader } from "../../history/page.ts";
import type { Reader } from "../ports.ts";

/** In bytes: what is unpacked in the time of a look-up, an entry in a page's list, and a number as memory has it. */
const OF_A_LOOK_UP = 1024;
const OF_AN_ENTRY = 32;
const OF_A_VALUE = 8;

export class Ration implements PageReader {
  #used = 0;
  readonly #reader: Reader;
  readonly #most: number;

  constructor(reader: Reader, most: number) {
    this.#reader = reader;
    this.#most = most;
  }

  get isLeft(): boolean {
    return this.#used < this.#most;
  }

  /** Who begins only then mostly comes to an end. */
  get isHalfLeft(): boolean {
    return this.#used < this.#most / 2;
  }

  heads(page: Parameters<PageReader["heads"]>[0]): PageHead[] {
    const heads = this.#reader.heads("page", page);
    this.#used += OF_A_LOOK_UP + OF_AN_ENTRY * heads.reduce((sum, { entries }) => sum + entries.length, 0);
    return heads;
  }

  slice(id: string, from: number, length: number): Uint8Array {
    this.#used += length;
    return this.#reader.slice("page", id, from, length);
  }

  unpacked(values: number): void {
    this.#used += OF_A_VALUE * values;
  }
}
