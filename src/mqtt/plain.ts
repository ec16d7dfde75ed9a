/**
 * The commonest packet as it nearly always comes: one publish with nothing beside its payload. It is read by hand, since
 * a parser costs more than the sample in it; whatever else there is goes to the parser, which knows what is wrong with it.
 */
import { wholeAt } from "./framing.ts";
import type { Version } from "./read.ts";

export interface PlainPublish {
  payload: Uint8Array;
  /** Null with QoS 0. */
  id: number | null;
}

/** Publishes, retained neither, with QoS 0 and 1, sent for the first time or again. */
const PLAIN_HEADS: readonly number[] = [0x30, 0x32, 0x3a];
const WITH_ID = 0x02;

/** What this one packet publishes on that topic; null where it takes a closer look. */
export function plainPublish(bytes: Uint8Array, topic: string, version: Version): PlainPublish | null {
  if (!PLAIN_HEADS.includes(bytes[0])) return null;
  let at = wholeAt(bytes);
  if (at === null || bytes.length < at + 2 || (bytes[at] << 8 | bytes[at + 1]) !== topic.length) return null;
  at += 2;
  for (let letter = 0; letter < topic.length; letter++) {
    if (bytes[at + letter] !== topic.charCodeAt(letter)) return null;
  }
  at += topic.length;
  let id: number | null = null;
  if (bytes[0] & WITH_ID) {
    id = bytes[at] << 8 | bytes[at + 1];
    at += 2;
    if (id === 0) return null;
  }
  // No properties.
  if (version === 5 && bytes[at++] !== 0) return null;
  return at > bytes.length ? null : { payload: bytes.subarray(at), id };
}
