/** Of all that was asked for a control, the newest: the ask made here, its record at the hub, or both. */
import type { CommandRecord } from "../../protocol/record.ts";
import type { Ask } from "../words/road.ts";
import type { Ledger } from "./ledger.ts";

export interface Travel {
  /** Stays the same from the click to the outcome. */
  key: string;
  at: number;
  ask?: Ask;
  record?: CommandRecord;
}

export function newestTravel(
  { asks, records }: Pick<Ledger, "asks" | "records">,
  names: readonly string[],
  fixed?: Record<string, unknown>,
): Travel | null {
  const isMine = ({ name, params }: Pick<CommandRecord, "name" | "params">) =>
    names.includes(name) && (fixed === undefined || isOfChannel(params, fixed));
  const travels = [
    ...asks.filter(isMine).map((ask) => fromAsk(ask, records)),
    ...records.filter(isMine).map(fromRecord),
  ];
  return travels.reduce<Travel | null>((newest, one) => newest && newest.at >= one.at ? newest : one, null);
}

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
