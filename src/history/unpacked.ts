/** Everything that a device told and no page has yet, put together of what was flushed; as bytes, since it is much. */
import type { Carried, Told } from "./carried.ts";

export class Unpacked {
  #bytes = new Uint8Array(0);
  #length = 0;
  /** Where each part begins, and its names: nearly always the same list as that of the part before. */
  readonly #parts: number[] = [];
  readonly #names: (readonly string[])[] = [];
  #last: readonly string[] = [];

  add({ names, length, bytes }: Pick<Carried, "names" | "length"> & Pick<Told, "bytes">): void {
    if (this.#length + length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(64, 2 * this.#bytes.length, this.#length + length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#parts.push(this.#length);
    this.#names.push(isSame(this.#last, names) ? this.#last : this.#last = names);
    this.#bytes.set(bytes.subarray(0, length), this.#length);
    this.#length += length;
  }

  /** Part by part, in the order in which they came. */
  *told(): Generator<Told> {
    for (let part = 0; part < this.#parts.length; part++) {
      const bytes = this.#bytes.subarray(this.#parts[part], this.#parts[part + 1] ?? this.#length);
      yield { names: this.#names[part], length: bytes.length, bytes };
    }
  }

  clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    this.#parts.length = 0;
    this.#names.length = 0;
  }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at]);
