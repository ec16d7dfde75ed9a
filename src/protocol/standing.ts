/** How desired state stands, field by field: what is wanted against what the device says of it [D8]. */
import type { DesiredDocument, FieldStanding } from "./record.ts";

type Doc = Record<string, unknown>;

export const standingsOf = (
  desired: Omit<DesiredDocument, "standing">,
  reported: Doc,
): Record<string, FieldStanding> =>
  Object.fromEntries(Object.keys(desired.state).map((field) => [field, standingOf(field, desired, reported)]));

function standingOf(
  field: string,
  { version, state, applied }: Omit<DesiredDocument, "standing">,
  reported: Doc,
): FieldStanding {
  if (JSON.stringify(state[field]) === JSON.stringify(reported[field])) return { state: "in_sync" };
  if (applied?.version !== version) return { state: "pending" };
  const { ok, errors = [] } = applied;
  const refusal = errors.find((error) => error.field === field);
  if (refusal) return { state: "refused", why: refusal.message };
  // It refused the whole and named nothing.
  if (!ok && errors.length === 0) return { state: "refused" };
  return { state: "diverged" };
}
