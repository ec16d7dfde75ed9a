/** When something was measured, where the device says it so that it can be believed: with its zone, or since the epoch. */
import type { Hears } from "./mapping.ts";
import { valueAt } from "./reading.ts";

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

export function timeOf(ways: Hears["time"], payload: unknown): number | undefined {
  for (const way of ways ?? []) {
    const time = timeAt(way, payload);
    if (time !== undefined) return time;
  }
}

function timeAt({ at, as }: NonNullable<Hears["time"]>[number], payload: unknown): number | undefined {
  const value = valueAt(payload, at);
  const time = as === "iso"
    ? typeof value === "string" && ISO.test(value) ? Date.parse(value) : NaN
    : typeof value === "number"
    ? Math.round(as === "s" ? value * 1000 : value)
    : NaN;
  return Number.isSafeInteger(time) && time >= 0 ? time : undefined;
}
