/** Of all that was asked for a control, the newest: the ask made here, its record at the hub, or both. */
import { type CommandRecord, isFinal } from "../../protocol/record.ts";
import type { Ask } from "../words/road.ts";
import type { Ledger } from "./ledger.ts";

export interface Travel {
  /** Stays the same from the click to the outcome. */
  key: string;
  at: number;
  ask?: Ask;
  record?: CommandRecord;
  /** The same was pressed again meanwhile, and not sent. */
  again?: Again;
}

export interface Again {
  key: string;
  at: number;
}

type Seen = Pick<Ledger, "asks" | "records" | "again">;

export function newestTravel(
  { asks, records, again }: Seen,
  names: readonly string[],
  fixed?: Record<string, unknown>,
): Travel | null {
  const isMine = ({ name, params }: Pick<CommandRecord, "name" | "params">) =>
    names.includes(name) && (fixed === undefined || isOfChannel(params, fixed));
  const travels = [
    ...asks.filter(isMine).map((ask) => fromAsk(ask, records)),
    ...records.filter(isMine).map(fromRecord),
  ];
  const newest = travels.reduce<Travel | null>(
    // What was pressed again is looked at again.
    (newest, one) => newest && lookedAt(newest, again) >= lookedAt(one, again) ? newest : one,
    null,
  );
  return newest && again && again.key === newest.key ? { ...newest, again } : newest;
}

const lookedAt = ({ key, at }: Travel, again: Again | undefined): number =>
  again?.key === key ? Math.max(at, again.at) : at;

/** Nothing was heard for so long after its last term, in ms: what this page still believes of it is not to be gone by. */
const GRACE = 5_000;

/**
 * The same command with the same params, where it is under way and nothing but questions was asked of the device since:
 * on, off and on again are three commands, on and on again is one.
 */
export function sameUnderWay(
  { asks, records }: Pick<Ledger, "asks" | "records">,
  { name, params }: Pick<Ask, "name" | "params">,
  now: number,
): Travel | null {
  const mine = asks.map((ask) => fromAsk(ask, records));
  const known = new Set(mine.map(({ record }) => record?.id));
  const all = [...mine, ...records.filter(({ id }) => !known.has(id)).map(fromRecord)];
  for (const travel of all.toSorted((one, other) => other.at - one.at)) {
    const asked = (travel.ask ?? travel.record)!;
    if (asked.name === name && isSameParams(asked.params, params)) return isOpen(travel, now) ? travel : null;
    if (travel.record?.effect !== "query") return null;
  }
  return null;
}

function isOpen({ ask, record }: Travel, now: number): boolean {
  // What a secret was is not kept, so nothing is known to be the same.
  if (ask?.fault || ask?.hadSecret) return false;
  return !record || (!isFinal(record.status) && now <= Math.max(record.expiresAt, record.dueAt ?? 0) + GRACE);
}

const isSameParams = (one: Record<string, unknown>, other: Record<string, unknown>): boolean => {
  const written = (params: Record<string, unknown>) => JSON.stringify(Object.entries(params).toSorted());
  return written(one) === written(other);
};

/** [K6] Left out it is the first. */
const isOfChannel = ({ channel = 1 }: Record<string, unknown>, fixed: Record<string, unknown>) =>
  channel === (fixed.channel ?? 1);

/** The idempotency key is what the click and its record share [C20]; a refusal names its record itself [C1]. */
export function fromAsk(ask: Ask, records: readonly CommandRecord[]): Travel {
  const record = records.find(({ id, key }) => id === ask.record || key === ask.key);
  return { key: ask.key, at: record?.createdAt ?? ask.at, ask, ...(record && { record }) };
}

export const fromRecord = (record: CommandRecord): Travel => ({
  key: record.key ?? record.id,
  at: record.createdAt,
  record,
});

/** What the field that the command confirms should become, and what the device tells of it. */
interface Confirmed {
  wanted: unknown;
  reported: unknown;
  reportedAt: number | undefined;
}

/** Does the device report what was asked? Undefined where that is not about this command: it moved on to something else. */
export function isReported(
  record: CommandRecord | undefined,
  { wanted, reported, reportedAt = 0 }: Confirmed,
): boolean | undefined {
  if (wanted === undefined) return undefined;
  if (JSON.stringify(wanted) === JSON.stringify(reported)) return true;
  return record?.finishedAt !== undefined && reportedAt > record.finishedAt ? undefined : false;
}
