/** Where a device stands in a sorted list [O11]. */
import type { DeviceView } from "../protocol/record.ts";

export type SortKey = string | number | null;

const OWN = ["id", "name", "kind", "presence", "seen", "createdAt"] as const;
const PRESENCES = { online: 0, suspect: 1, sleeping: 2, offline: 3, new: 4 };

/** The key under `sort`, which is a field's name, `-` before it for descending. */
export function sortKey(view: DeviceView, sort = "id"): SortKey {
  const field = sort.startsWith("-") ? sort.slice(1) : sort;
  if (field === "presence") return PRESENCES[view.presence];
  if ((OWN as readonly string[]).includes(field)) return normal(view[field as typeof OWN[number]]);
  if (Object.hasOwn(view.telemetry, field)) return normal(view.telemetry[field].value);
  return Object.hasOwn(view.reported, field) ? normal(view.reported[field]) : null;
}

function normal(value: unknown): SortKey {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  return typeof value === "string" ? value.toLowerCase() : null;
}

/** Devices without the field come last either way; ties go by id. */
export function compareKeys(
  one: { id: string; key: SortKey },
  other: { id: string; key: SortKey },
  isDescending: boolean,
): number {
  if (one.key === null || other.key === null) {
    if (one.key !== other.key) return one.key === null ? 1 : -1;
  } else if (one.key !== other.key) {
    const order = rank(one.key, other.key);
    return isDescending ? -order : order;
  }
  return one.id < other.id ? -1 : 1;
}

function rank(one: string | number, other: string | number): number {
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one < other ? -1 : 1;
}
