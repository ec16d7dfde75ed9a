/** The audit's chain, and how refusals are kept from filling it [A]. */
import { canonical } from "../../protocol/canonical.ts";
import { type Outcome, refuse } from "../../protocol/fault.ts";
import type { Device } from "../devices/device.ts";
import type { Doc } from "../../history/sample.ts";
import type { Env } from "../ports.ts";
import type { AuditRow } from "./rows.ts";
import { asDevice, type By } from "./by.ts";
import type { Turn } from "../turn.ts";

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

const MINUTE = 60_000;
/** Rows about refusals within a minute: of an operator, whom an administrator let in, more than of anybody else. */
const MOST_ROWS = { operator: 10, device: 1, nobody: 1 };
const MOST_KNOWN = 1_000;

/** [A3] Who may not, and tries on, must not fill the store: what is over is counted, and told by the next row. */
export function auditRefusal(turn: Turn, by: By, what: string, target: string, outcome: string, detail?: Doc): void {
  const { now, memory: { refusals } } = turn;
  const { sort = "operator" } = by;
  const key = sort === "operator" ? by.id : `${sort} ${by.id} ${what}`;
  const known = refusals.get(key);
  const isSameMinute = known !== undefined && now >= known.since && now - known.since < MINUTE;
  const { since, rows, more } = isSameMinute ? known : { since: now, rows: 0, more: known?.more ?? 0 };
  if (rows >= MOST_ROWS[sort]) return void refusals.set(key, { since, rows, more: more + 1 });
  if (refusals.size >= MOST_KNOWN) forgetOld(refusals, now);
  refusals.set(key, { since, rows: rows + 1, more: 0 });
  turn.audit(by, what, target, outcome, more > 0 ? { ...detail, more } : detail);
}

/** A call that the caller's role, or being a device, does not open. */
export function auditRefusedCall(turn: Turn, by: By, call: string, device?: string): void {
  const target = device !== undefined && turn.memory.devices.has(device) ? device : "";
  auditRefusal(turn, by, "refused_call", target, "forbidden", { call });
}

/** [I3] */
export function refuseDevice(turn: Turn, { device }: { device: Device }, call: string, of?: string): Outcome<never> {
  auditRefusedCall(turn, asDevice(device), call, of);
  return refuse("forbidden", "A device's token opens only its own telemetry and /api/v1/me");
}

function forgetOld(refusals: Map<string, { since: number }>, now: number): void {
  for (const [key, { since }] of refusals) if (now - since >= MINUTE) refusals.delete(key);
}
