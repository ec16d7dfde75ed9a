/** The audit's chain, and how refusals are kept from filling it [A]. */
import { canonical } from "../protocol/canonical.ts";
import type { AuditRow, Doc, Env } from "./ports.ts";
import type { By, Turn } from "./turn.ts";

/** The object that owns the data; a second one would have a chain of its own. */
const CHAIN = "hub";

/** The end of a chain: what the next row is tied to. */
export interface Head {
  n: number;
  hash: string;
  /** The newest time of all its rows: a clock may have been set back. */
  at: number | null;
}

const NOTHING: Head = { n: 0, hash: "", at: null };

/** The head that a row makes; before there were chains there was none. */
export const headOf = (row: AuditRow | undefined): Head =>
  row?.hash === undefined ? NOTHING : { n: row.n!, hash: row.hash, at: Math.max(row.at, row.prevAt ?? row.at) };

/** [A5] The row after `head`. */
export function linked(head: Head, entry: AuditRow, sha256: Env["sha256"]): AuditRow {
  const row = {
    ...entry,
    chain: CHAIN,
    n: head.n + 1,
    prev: head.hash,
    ...(head.at !== null && { prevAt: head.at }),
  };
  return { ...row, hash: sha256(canonical(row)) };
}

/** Somebody whom the hub does not know. */
export const NOBODY: By = { id: "", name: "", sort: "nobody" };

const TOLD_EVERY = 60_000;
const MOST_KNOWN = 1_000;

/** [A3] Who may not, and tries on, must not fill the store: once a minute, and what was left out is counted. */
export function auditRefusal(turn: Turn, by: By, what: string, target: string, outcome: string, detail?: Doc): void {
  const { refusals } = turn.memory;
  const key = `${by.sort} ${by.id} ${what}`;
  const known = refusals.get(key);
  if (known && turn.now - known.at < TOLD_EVERY && turn.now >= known.at) return void known.more++;
  if (refusals.size >= MOST_KNOWN) forget(turn);
  refusals.set(key, { at: turn.now, more: 0 });
  const more = known?.more ?? 0;
  turn.audit(by, what, target, outcome, more > 0 ? { ...detail, more } : detail);
}

function forget({ memory: { refusals }, now }: Turn): void {
  for (const [key, { at }] of refusals) if (now - at >= TOLD_EVERY) refusals.delete(key);
}
