/** The audit as it is read: page by page, all of it or some [A7, A9]. */
import { FAULTS, ok, type Outcome } from "../../protocol/fault.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { lowestId } from "../id.ts";
import type { Operator } from "../access/identity.ts";
import type { AuditRow } from "../access/rows.ts";
import type { Turn } from "../turn.ts";
import { pageOf } from "./common.ts";
import { stretch } from "./stretch.ts";

type Asked = ArgsOf<"list_audit">;

export function listAudit(turn: Turn, _by: Operator, asked: Asked): Outcome<ValueOf<"list_audit">> {
  const { limit, cursor, from, to } = asked;
  const isWanted = wantedBy(asked);
  if (!isWanted && from === undefined && to === undefined) return ok(pageOf(turn, "audit", { limit, cursor }));
  const end = to === undefined ? undefined : lowestId(to);
  const start = from === undefined ? undefined : lowestId(from);
  return ok(
    stretch(
      { limit, cursor: lower(cursor, end) },
      isWanted,
      (below, limit) => turn.reader.list("audit", { from: start, below, limit, newest: true }),
    ),
  );
}

const lower = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

/** Null where nothing is asked of a row but its time. */
function wantedBy({ who = [], what = [], target, outcome = [] }: Asked): ((row: AuditRow) => boolean) | null {
  if (who.length + what.length + outcome.length === 0 && target === undefined) return null;
  const people = who.map((one) => one.toLowerCase());
  return (row) =>
    (people.length === 0 || namesOf(row).some((name) => people.includes(name))) &&
    (what.length === 0 || what.includes(row.what)) &&
    (target === undefined || target === row.target) &&
    (outcome.length === 0 || outcome.includes(row.outcome) || (outcome.includes("refused") && isFault(row.outcome)));
}

const namesOf = ({ who: { id, name, sort } }: AuditRow): string[] =>
  sort === "nobody" ? ["nobody"] : [id.toLowerCase(), name.toLowerCase()];

const isFault = (outcome: string): boolean => Object.hasOwn(FAULTS, outcome);
