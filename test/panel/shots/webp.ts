/** Stills in WebP, as a browser writes them, put one after the other: an animated WebP. Pure. */

export interface Part {
  /** Where it lies on the picture; both even, since the format counts in twos. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** How long it is shown, in ms, before the next one is laid over it. */
  ms: number;
  /** The file of a still. */
  still: Uint8Array;
}

const HAS_ALPHA = 0x10;
const IS_ANIMATED = 0x02;

/** Plays without end. Where a part is transparent, what was there before is seen. */
export function animated({ width, height }: { width: number; height: number }, parts: readonly Part[]): Uint8Array {
  const head = chunk("VP8X", [HAS_ALPHA | IS_ANIMATED, 0, 0, 0], of24(width - 1), of24(height - 1));
  const loop = chunk("ANIM", [0, 0, 0, 0], [0, 0]);
  const frames = parts.map(({ x, y, width, height, ms, still }) => {
    if (x % 2 !== 0 || y % 2 !== 0) throw new RangeError(`a part lies at ${x}, ${y}: both have to be even`);
    const place = [...of24(x / 2), ...of24(y / 2), ...of24(width - 1), ...of24(height - 1), ...of24(Math.round(ms))];
    // Blended with what is there, which stays there.
    return chunk("ANMF", place, [0], ...imageOf(still));
  });
  const body = joined([text("WEBP"), head, loop, ...frames]);
  return joined([text("RIFF"), of32(body.length), body]);
}

/** The chunks of a still that are its picture, and its transparency where that is one of its own. */
function imageOf(still: Uint8Array): Uint8Array[] {
  const found = chunksOf(still).filter(({ name }) => ["ALPH", "VP8 ", "VP8L"].includes(name));
  if (!found.some(({ name }) => name !== "ALPH")) throw new TypeError("that is no still in WebP");
  return found.map(({ bytes }) => bytes);
}

/** What is in a file, each with its header and padding. */
export function chunksOf(file: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const nameAt = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (nameAt(0) !== "RIFF" || nameAt(8) !== "WEBP") throw new TypeError("that is no file in WebP");
  const found = [];
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + size % 2;
    found.push({ name: nameAt(at), bytes: file.subarray(at, end) });
    at = end;
  }
  return found;
}

function chunk(name: string, ...content: Iterable<number>[]): Uint8Array {
  const body = joined(content.map((part) => Uint8Array.from(part)));
  return joined([text(name), of32(body.length), body, new Uint8Array(body.length % 2)]);
}

const text = (letters: string) => new TextEncoder().encode(letters);
const of24 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
const of32 = (value: number) => Uint8Array.from([...of24(value), (value >>> 24) & 255]);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
