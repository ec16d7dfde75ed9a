/** Commands by how they stand: a few words for the ledger's ten statuses. */
import { type CommandRecord, isFinal, type Status } from "../../protocol/record.ts";
import type { Ledger } from "./ledger.ts";
import { fromAsk, fromRecord, type Travel } from "./travel.ts";

export const STANDINGS = {
  open: ["accepted", "sent", "received"],
  done: ["succeeded"],
  failed: ["failed", "rejected", "expired"],
  unknown: ["unknown"],
  ended: ["cancelled", "superseded"],
} as const satisfies Record<string, readonly Status[]>;

export type Standing = keyof typeof STANDINGS;

export const isStanding = (value: unknown): value is Standing =>
  typeof value === "string" && Object.hasOwn(STANDINGS, value);

export const standsAs = ({ status }: CommandRecord, standing: Standing | undefined): boolean =>
  standing === undefined || (STANDINGS[standing] as readonly Status[]).includes(status);

/** How many of each were read. */
export function countsOf(records: readonly CommandRecord[]): Record<Standing, number> {
  const counts = { open: 0, done: 0, failed: 0, unknown: 0, ended: 0 };
  for (const record of records) {
    for (const standing of Object.keys(STANDINGS) as Standing[]) if (standsAs(record, standing)) counts[standing] += 1;
  }
  return counts;
}

/** What is on its way, whoever asked, and what was asked here until its end was seen; newest first. */
export function underWay({ asks, records }: Pick<Ledger, "asks" | "records">): Travel[] {
  const mine = asks.map((ask) => fromAsk(ask, records));
  const known = new Set(mine.map(({ record }) => record?.id));
  const theirs = records.filter(({ id, status }) => !isFinal(status) && !known.has(id)).map(fromRecord);
  return [...mine, ...theirs].sort((one, other) => other.at - one.at);
}
