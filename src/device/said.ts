/** What a device says, before it is a frame. */
import { isObject } from "../protocol/merge.ts";

type Doc = Record<string, unknown>;

/** One thing to say; `at` is when it was true, on the device's own clock. */
export type Entry = { at: number } & Said;
export type Said =
  | { type: "telemetry"; data: Doc }
  | { type: "event"; name: string; data: Doc }
  | { type: "state"; reported: Doc; applied?: Applied };

export interface Applied {
  version: number;
  ok: boolean;
  errors?: { field: string; code: string; message: string }[];
}

/** The one patch that does what two in a row do: `null` stays, it removes at the hub. */
export function joinPatches(first: Doc, second: Doc): Doc {
  const joined = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = joined[key];
    joined[key] = isObject(before) && isObject(value) ? joinPatches(before, value) : value;
  }
  return joined;
}
