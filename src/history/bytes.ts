/** Numbers and texts as few bytes, one after another. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whole numbers below this fit three bytes, and shifts are safe for them. */
const SMALL = 2 ** 21;

export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length: number;

  /** Goes on behind the first `length` of some bytes, in place while there is room behind them. */
  constructor(bytes: Uint8Array<ArrayBuffer> = new Uint8Array(256), length = 0) {
    this.#bytes = bytes;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written is the first `length` of these. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** A copy of what was written. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53, seven bits a byte. */
  whole(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= SMALL) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign; small ones stay small. */
  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value);
    this.#length += 8;
  }

  text(value: string): void {
    const bytes = encoder.encode(value);
    this.whole(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(64, 2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++];
  }

  whole(): number {
    let value = this.#bytes[this.#at++];
    if (value < 128) return value;
    value &= 127;
    for (let scale = 128;; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    const { buffer, byteOffset } = this.#bytes;
    const value = new DataView(buffer, byteOffset + this.#at).getFloat64(0);
    this.#at += 8;
    return value;
  }

  text(): string {
    return decoder.decode(this.raw(this.whole()));
  }

  raw(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}
