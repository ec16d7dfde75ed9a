/** How a desired field stands: what was asked for against what the device says of it [D3]. */
import type { DesiredDocument } from "../../protocol/record.ts";

export type Standing =
  | { state: "not_desired" }
  | { state: "in_sync"; wanted: unknown }
  | { state: "pending"; wanted: unknown }
  | { state: "refused"; wanted: unknown; why: string }
  | { state: "diverged"; wanted: unknown };

export function standingOf(
  field: string,
  { desired, reported }: { desired?: DesiredDocument; reported?: Record<string, unknown> },
): Standing {
  if (!desired || !Object.hasOwn(desired.state, field)) return { state: "not_desired" };
  const wanted = desired.state[field];
  if (JSON.stringify(wanted) === JSON.stringify(reported?.[field])) return { state: "in_sync", wanted };
  const { applied, version } = desired;
  if (applied?.version !== version) return { state: "pending", wanted };
  const { ok, errors = [] } = applied;
  const refusal = errors.find((error) => error.field === field);
  if (refusal) return { state: "refused", wanted, why: refusal.message };
  if (!ok && errors.length === 0) return { state: "refused", wanted, why: "It does not say why." };
  return { state: "diverged", wanted };
}
