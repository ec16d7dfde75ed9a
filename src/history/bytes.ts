/** Numbers and texts as few bytes, one after another. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whole numbers below this fit three bytes, and shifts are safe for them. */
const SMALL = 2 ** 21;
/** Four times seven bits, likewise. */
const SAFE_SHIFT = 28;

/** A float on its way: a view on the bytes themselves would be made anew for each. */
const eight = new DataView(new ArrayBuffer(8));

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
    eight.setFloat64(0, value);
    for (let at = 0; at < 8; at++) this.#bytes[this.#length++] = eight.getUint8(at);
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
  readonly #end: number;
  #at: number;

  /** From there until before `end`. */
  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get isDone(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    return this.#bytes[this.#at++];
  }

  whole(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++];
    let value = byte & 127;
    for (let shift = 7; byte >= 128 && shift < SAFE_SHIFT; shift += 7) {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
    }
    for (let scale = 2 ** SAFE_SHIFT; byte >= 128; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    this.#at = at;
    return value;
  }

  signed(): number {
    const value = this.whole();
    // Beyond what fits a machine's whole number a remainder is a call, and most are small.
    if (value < 2 ** 30) return (value & 1) === 0 ? value >> 1 : ~(value >> 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    for (let at = 0; at < 8; at++) eight.setUint8(at, this.#bytes[this.#at++]);
    return eight.getFloat64(0);
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
