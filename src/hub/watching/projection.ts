/** The parts of a device that an operator asked to see [O2, O5]. */
import { diff } from "../../protocol/merge.ts";
import type { DeviceView } from "../../protocol/record.ts";
import { legible } from "./legible.ts";

export type Shown = Partial<DeviceView>;

export interface Projection {
  /** Two with the same one show the same. */
  key: string;
  of(view: DeviceView): Shown;
  /** What leads from one to the other, or undefined where they are the same. */
  patch(before: Shown, after: Shown): unknown;
}

interface Wanted {
  device?: string;
  fields?: readonly string[];
  include?: readonly string[];
}

export function projectionOf({ device, fields, include }: Wanted): Projection {
  const named = device === undefined ? fields : undefined;
  const parts = include ? withParts(include) : whole;
  const inside = named ? withFields(named) : whole;
  // Only a stream's query has an `include`.
  const isStream = device === undefined && include !== undefined;
  return {
    key: JSON.stringify([include, named, isStream]),
    of: (view) => inside(parts(view)),
    patch: isStream ? legible : diff,
  };
}

const whole = (view: Shown): Shown => view;

/** Keys by part of `include`; whatever is in none of them is always shown. */
const PARTS: Record<string, readonly (keyof DeviceView)[]> = {
  telemetry: ["telemetry"],
  state: ["reported", "reportedAt", "desired"],
  presence: ["presence", "since", "reason", "seen"],
};

function withParts(include: readonly string[]): (view: Shown) => Shown {
  const hidden = new Set<string>(
    Object.entries(PARTS).filter(([part]) => !include.includes(part)).flatMap(([, keys]) => keys),
  );
  return (view) => Object.fromEntries(Object.entries(view).filter(([key]) => !hidden.has(key)));
}

/** A name is a key of the device itself, or of its telemetry, or of its reported state. */
function withFields(fields: readonly string[]): (view: Shown) => Shown {
  const own = [...new Set(["id", ...fields])];
  return (view) => {
    const shown: Record<string, unknown> = {};
    for (const part of ["telemetry", "reported", "reportedAt"] as const) {
      const inside = pick(view[part] ?? {}, fields);
      if (inside) shown[part] = inside;
    }
    return Object.assign(shown, pick(view, own));
  };
}

/** Those of the keys that it has, or undefined where it has none. */
function pick(from: object, keys: readonly string[]): Record<string, unknown> | undefined {
  let picked: Record<string, unknown> | undefined;
  for (const key of keys) {
    if (Object.hasOwn(from, key)) (picked ??= {})[key] = (from as Record<string, unknown>)[key];
  }
  return picked;
}
