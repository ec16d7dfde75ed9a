/** Whole packets out of whatever pieces a WebSocket brings them in [M2]. */

/** The largest packet that is taken, header included. */
export const MAX_PACKET = 8_192;

export const NO_BYTES = new Uint8Array(0);

export interface Framed {
  packets: Uint8Array[];
  /** The beginning of a packet that has not all come yet: bytes of its own. */
  rest: Uint8Array;
  /** What came after `packets` and ends the connection. */
  fault: "malformed" | "too_large" | null;
}

/** `before` is the rest of last time. */
export function framed(before: Uint8Array, bytes: Uint8Array): Framed {
  const all = before.length === 0 ? bytes : joined([before, bytes]);
  const packets: Uint8Array[] = [];
  let at = 0;
  while (at < all.length) {
    const size = sizeAt(all, at);
    if (size === null) break;
    if (Number.isNaN(size)) return { packets, rest: NO_BYTES, fault: "malformed" };
    if (size > MAX_PACKET) return { packets, rest: NO_BYTES, fault: "too_large" };
    if (at + size > all.length) break;
    packets.push(all.subarray(at, at + size));
    at += size;
  }
  return { packets, rest: at === all.length ? NO_BYTES : all.slice(at), fault: null };
}

/** A length is seven bits a byte, the least significant first, in four bytes at most. */
const LENGTH_BYTES = 4;

/** How many bytes the packet that begins here has, NaN where that is no length; null where more has to come first. */
function sizeAt(bytes: Uint8Array, from: number): number | null {
  let length = 0;
  for (let digit = 0; digit < LENGTH_BYTES; digit++) {
    const at = from + 1 + digit;
    if (at >= bytes.length) return null;
    length += (bytes[at] & 0x7f) * 128 ** digit;
    if (bytes[at] < 0x80) return 2 + digit + length;
  }
  return NaN;
}

/** Where a packet's own contents begin. */
export function bodyAt(packet: Uint8Array): number {
  let at = 1;
  while (packet[at] >= 0x80) at += 1;
  return at + 1;
}

const PUBLISH = 3;

/** Where the contents of these bytes begin, where they are one packet and nothing else; else null. */
export const wholeAt = (bytes: Uint8Array): number | null => sizeAt(bytes, 0) === bytes.length ? bodyAt(bytes) : null;

/** Is this one packet, and by the end of its topic a publish of such a frame? Without a rest before it, that is. */
export function isPublishOf(type: string, bytes: Uint8Array): boolean {
  const at = wholeAt(bytes);
  if (at === null || bytes[0] >> 4 !== PUBLISH) return false;
  const end = at + 2 + (bytes[at] << 8 | bytes[at + 1]);
  for (let back = 1; back <= type.length; back++) {
    if (bytes[end - back] !== type.charCodeAt(type.length - back)) return false;
  }
  return true;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
