/** Text to frame and back: the only decode, the only encode, the size and depth bounds [F1, F2, F4]. */
import { MAX_DEPTH, MAX_FRAME } from "./words.ts";
import { ok, type Outcome, refuse } from "./fault.ts";
import { isObject } from "./merge.ts";

/** What every frame has; the rest is its type's own. */
export type Envelope = { type: string } & Record<string, unknown>;

/** [F1] White space around it forgiven. */
export const isPing = (text: string): boolean =>
  text === "ping" || (!text.startsWith("{") && text.length <= MAX_FRAME && text.trim() === "ping");

const ENCODER = new TextEncoder();
const SCRATCH = new Uint8Array(MAX_FRAME);

const BEYOND_ASCII = /[\u0080-\uffff]/;
/** Up to this length a look at each letter is cheaper than a call of the runtime. */
const SHORT = 128;

/** How long a text is in UTF-8; what may be a frame is encoded into the same place each time, a third of the cost. */
export function bytesOf(text: string): number {
  if (text.length < SHORT && !BEYOND_ASCII.test(text)) return text.length;
  if (text.length > SCRATCH.length) return ENCODER.encode(text).length;
  const { read, written } = ENCODER.encodeInto(text, SCRATCH);
  return read === text.length ? written : ENCODER.encode(text).length;
}

/** UTF-8 bytes, counted without encoding where the length already decides. */
export function isOver(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  if (text.length * 3 <= bytes) return false;
  return bytesOf(text) > bytes;
}

/** JSON of bounded depth, or `bad_json` [F2]. */
export function parseJson(text: string): Outcome<unknown> {
  if (isDeep(text)) return refuse("bad_json", `nested deeper than ${MAX_DEPTH} levels`);
  try {
    return ok(JSON.parse(text));
  } catch {
    return refuse("bad_json", "this is not JSON");
  }
}

/** An object, or `bad_json`, or `bad_frame`. */
export function decodeBody(text: string): Outcome<Record<string, unknown>> {
  const json = parseJson(text);
  if (!json.ok) return json;
  return isObject(json.value) ? ok(json.value) : refuse("bad_frame", "a frame is one JSON object");
}

/** An envelope, or `bad_json`, or `bad_frame`. */
export function decode(text: string): Outcome<Envelope> {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!isObject(json.value)) return refuse("bad_frame", "a frame is one JSON object");
  if (typeof json.value.type !== "string") {
    return refuse("bad_frame", "type: expected a string", { pointer: "#/type" });
  }
  return ok(json.value as Envelope);
}

export const encode = (frame: { type: string }): string => JSON.stringify(frame);

/**
 * Looked at before parsing: JSON.parse survives any depth, but what walks its result later
 * (stringify, structured clone, recursive schemas) does not.
 */
function isDeep(text: string): boolean {
  if (text.length <= MAX_DEPTH) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 92) at++;
      else if (char === 34) quoted = false;
    } else if (char === 34) quoted = true;
    else if (char === 123 || char === 91) {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === 125 || char === 93) depth--;
  }
  return false;
}
