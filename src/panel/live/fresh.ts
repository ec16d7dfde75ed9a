/** How old a value on the screen is by its own last report, and whether it may still be gone by [A2.3]. Pure. */
import type { Headline } from "../form/controls.ts";
import type { Shown } from "./watch.ts";

export interface Told {
  value: unknown;
  /** When the device last said so, also where it said the same as before. */
  at: number | undefined;
}

export function toldOf(device: Shown, { part, field: { name } }: Headline): Told {
  if (part === "telemetry") {
    const last = device.telemetry?.[name];
    return { value: last?.value, at: last?.at };
  }
  return { value: device.reported?.[name], at: device.reportedAt?.[name] };
}

/**
 * From when on the value is stale. Measured is what was told lately, whatever else the device says. State is told when
 * it changes: it holds while the connection stands on which it was told, or before which it was fresh [C24].
 */
export function staleFrom(device: Shown, part: Headline["part"], at: number | undefined, stale: number): number {
  if (at === undefined) return Infinity;
  const isKept = part === "reported" && device.presence === "online" && at >= (device.since ?? 0) - stale * 1000;
  return isKept ? Infinity : at + stale * 1000;
}
