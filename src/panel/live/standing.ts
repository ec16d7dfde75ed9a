/** How a desired field stands, as the hub says it, and what is wanted [D8]. */
import type { DesiredDocument, FieldStanding } from "../../protocol/record.ts";

export type Standing = { state: "not_desired" } | ({ wanted: unknown } & FieldStanding);

export function standingOf(field: string, { desired }: { desired?: DesiredDocument }): Standing {
  if (!desired || !Object.hasOwn(desired.state, field)) return { state: "not_desired" };
  return { wanted: desired.state[field], ...desired.standing[field] };
}
