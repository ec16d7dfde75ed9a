/** What a kind's interlocks forbid now, as the hub will judge it: on what is fresh of the report, failing closed [C24]. */
import { fieldsOf as fieldsIn, holds, interlocked } from "../../kind/interlock.ts";
import type { KindDocument } from "../../kind/schema.ts";
import { fieldOf, propertiesOf } from "../form/field.ts";
import type { Shown } from "../live/watch.ts";

type Reporting = Pick<Shown, "presence" | "since" | "reported" | "reportedAt">;

/** The sentence that the kind says, or that nothing is known that could be gone by; null where nothing forbids it. */
export function interlockWhy(kind: KindDocument, name: string, device: Reporting): string | null {
  const { interlocks } = kind;
  const fresh = freshlyReported(kind, device);
  const interlock = name === "stop" ? null : interlocked(interlocks, name, fresh);
  if (!interlock) return null;
  if (holds(interlock.when, fresh, false)) return interlock.sentence;
  const state = propertiesOf(kind.properties.state);
  const unknown = [...new Set(fieldsIn(interlock.when))].filter((field) => !Object.hasOwn(fresh, field));
  const titles = unknown.map((field) => fieldOf(field, state[field] ?? {}).title);
  return `${titles.join(", ")} is not known: it was never reported, or is too old to go by.`;
}

/** Online, its connection has lasted since `since`; from then on it would have taken back what is not so any more. */
function freshlyReported(
  { stale }: KindDocument,
  { presence, since = 0, reported = {}, reportedAt = {} }: Reporting,
): Record<string, unknown> {
  if (presence !== "online") return {};
  return Object.fromEntries(
    Object.entries(reported).filter(([field]) => (reportedAt[field] ?? 0) >= since - stale * 1000),
  );
}
