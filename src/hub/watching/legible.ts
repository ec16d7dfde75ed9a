/** Changes that can be read by themselves, by whoever keeps nothing of what came before them [R8]. */
import { diff, isObject } from "../../protocol/merge.ts";
import type { DeviceView } from "../../protocol/record.ts";

const BY_FIELD = ["telemetry", "reported"] as const;

/** The patch that leads to `after`, or undefined; each field of telemetry and state that it touches is in it whole. */
export function legible(before: Partial<DeviceView>, after: Partial<DeviceView>): object | undefined {
  const patch = diff(before, after);
  if (!isObject(patch)) return undefined;
  const parts = Object.entries(patch).map(([part, changes]) => {
    const fields = (BY_FIELD as readonly string[]).includes(part) && isObject(changes) ? Object.entries(changes) : null;
    const known = after[part as keyof DeviceView] as Record<string, unknown> | undefined;
    return [
      part,
      fields ? Object.fromEntries(fields.map(([field, to]) => [field, whole(to, known?.[field])])) : changes,
    ];
  });
  return Object.fromEntries(parts);
}

/** Still a merge-patch: what it takes away stays in it. */
function whole(patch: unknown, after: unknown): unknown {
  if (!isObject(patch) || !isObject(after)) return patch;
  return { ...after, ...Object.fromEntries(Object.entries(patch).map(([key, to]) => [key, whole(to, after[key])])) };
}
