/** The audit as a file: a line for each entry. Pure. */
import type { AuditEntry } from "../words/deeds.ts";
import { csvOf } from "./csv.ts";

const HEADS = ["n", "at", "who", "who id", "what", "target", "outcome", "detail", "id", "hash"];
/** Without it a spreadsheet takes names for something else. */
const BYTE_ORDER_MARK = "\uFEFF";

export const auditCsv = (entries: readonly AuditEntry[]): string =>
  BYTE_ORDER_MARK + csvOf([HEADS, ...entries.map(lineOf)]);

const lineOf = ({ n, at, who, what, target, outcome, detail, id, hash = "" }: AuditEntry): string[] => [
  n === undefined ? "" : String(n),
  new Date(at).toISOString(),
  who.name,
  who.id,
  what,
  target,
  outcome,
  detail === undefined ? "" : JSON.stringify(detail),
  id,
  hash,
];

/** As the hub has them: what verifies there verifies here. */
export const auditJson = (entries: readonly AuditEntry[]): string => `${JSON.stringify(entries, null, 2)}\n`;
