/** The commands of one device: the hub's records as they change, and what was asked here before they exist [O7]. */
import { useEffect, useSyncExternalStore } from "react";
import { type CommandRecord, isFinal } from "../../protocol/record.ts";
import type { Ask } from "../words/road.ts";
import { hub } from "./connection.ts";
import { faultOf, NO_ANSWER } from "./fault.ts";
import { randomId } from "./random.ts";
import { fenceOf } from "./leases.ts";
import { type Page, path, rest } from "./rest.ts";
import { hubNow } from "./time.ts";
import { type Again, sameUnderWay, type Travel } from "./travel.ts";
import { type Value, valueOf } from "./value.ts";

export interface Ledger {
  /** Newest first. */
  records: readonly CommandRecord[];
  asks: readonly Ask[];
  next: string | null;
  total: number;
  /** The road whose command was pressed again while it was under way: that was not sent. */
  again?: Again;
}

const EMPTY: Ledger = { records: [], asks: [], next: null, total: 0 };
const PAGE = 20;
/** Kept for the life of the page: who comes back to a device finds what they asked. */
const ledgers = new Map<string, Value<Ledger>>();

export function ledgerOf(device: string): Value<Ledger> {
  if (!ledgers.has(device)) ledgers.set(device, valueOf(EMPTY));
  return ledgers.get(device)!;
}

const change = (device: string, how: (ledger: Ledger) => Partial<Ledger>) => {
  const ledger = ledgerOf(device);
  ledger.set({ ...ledger.get(), ...how(ledger.get()) });
};

/** A record that has come further wins over what a slower answer still says. */
export function merge(records: readonly CommandRecord[], news: readonly CommandRecord[]): CommandRecord[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const record of news) {
    const known = byId.get(record.id);
    if (!known || !isBehind(record, known)) byId.set(record.id, record);
  }
  return [...byId.values()].sort((one, other) => other.createdAt - one.createdAt || (other.id < one.id ? -1 : 1));
}

const STAGES = ["accepted", "sent", "received"];
const stageOf = ({ status }: CommandRecord) => isFinal(status) ? STAGES.length : STAGES.indexOf(status);
/** Every step names its moment; two within a millisecond are told apart by the status. */
const movedAt = (
  { createdAt, sentAt = 0, receivedAt = 0, progress, cancelAt = 0, finishedAt = 0, late }: CommandRecord,
) => Math.max(createdAt, sentAt, receivedAt, progress?.at ?? 0, cancelAt, finishedAt, late?.at ?? 0);
const isBehind = (one: CommandRecord, other: CommandRecord): boolean =>
  (movedAt(one) - movedAt(other) || stageOf(one) - stageOf(other)) < 0;

function take(record: CommandRecord): void {
  change(record.device, ({ records, total }) => ({
    records: merge(records, [record]),
    total: records.some(({ id }) => id === record.id) ? total : total + 1,
  }));
}

hub.onCommand(take);

export async function readMore(device: string, cursor: string | null): Promise<void> {
  const search = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) });
  const { items, next, total } = await rest<Page<CommandRecord>>("GET", `${path.commands(device)}?${search}`);
  change(device, ({ records }) => ({ records: merge(records, items), next, total }));
}

export function useLedger(device: string): Ledger {
  const ledger = ledgerOf(device);
  useEffect(() => {
    const read = () => void readMore(device, null).catch(() => {}); // The banner tells of a hub that is away.
    if (hub.link.get().phase === "open") read();
    return hub.onOpen(read);
  }, [device]);
  return useSyncExternalStore(ledger.subscribe, ledger.get);
}

interface Wanted {
  device: string;
  name: string;
  params: Record<string, unknown>;
  /** Names of params that must not be kept [C19]. */
  secrets?: readonly string[];
  /** Of an ask that got no answer: the same call again does nothing twice [C20]. */
  key?: string;
  /** Under which lease; of a repeat that which it had, since it is the same call [G4]. */
  fence?: number;
  /** The selection that it spends [C22]. */
  select?: string;
  /** What the field that it is about was before. */
  before?: unknown;
}

/** What lets another press of the same go nowhere: it is under way, whoever asked. A stop is never held back. */
export function alreadyAsked({ device, name, params, secrets = [], key }: Wanted): Travel | null {
  if (key !== undefined || name === "stop" || secrets.some((one) => one in params)) return null;
  return sameUnderWay(ledgerOf(device).get(), { name, params }, hubNow());
}

/** Sends it, unless the same is under way; then its road says so. */
export async function send(wanted: Wanted): Promise<void> {
  const same = alreadyAsked(wanted);
  if (same) return change(wanted.device, () => ({ again: { key: same.key, at: hubNow() } }));
  const { device, name, params, secrets = [], key = randomId(), fence = fenceOf(device), select, before } = wanted;
  const kept = Object.fromEntries(Object.entries(params).filter(([param]) => !secrets.includes(param)));
  const ask: Ask = {
    key,
    device,
    name,
    params: kept,
    at: hubNow(),
    hadSecret: secrets.some((one) => one in params),
    ...(fence !== undefined && { fence }),
    ...(select !== undefined && { select }),
    ...(before !== undefined && { before }),
  };
  const put = (more: Partial<Ask>) =>
    change(device, ({ asks }) => ({ asks: [{ ...ask, ...more }, ...asks.filter((other) => other.key !== key)] }));
  put({});
  try {
    const record = await hub.request<CommandRecord>("command", {
      device,
      name,
      params,
      key,
      ...(fence !== undefined && { fence }),
      ...(select !== undefined && { select }),
    });
    take(record);
    put({ record: record.id });
  } catch (thrown) {
    const fault = faultOf(thrown);
    put({ fault, ...(fault.command && { record: fault.command }) });
  }
}

/** Not where something of it is gone: a secret, or a selection that counts once. */
export const mayRetry = ({ hadSecret, select, fault }: Ask): boolean =>
  !hadSecret && (select === undefined || fault?.code === NO_ANSWER);

export const retry = ({ device, name, params, key, fence, select, before, fault }: Ask): Promise<void> =>
  send({ device, name, params, before, ...(fault?.code === NO_ANSWER && { key, fence, select }) });

export const forget = (device: string, key: string): void =>
  change(device, ({ asks }) => ({ asks: asks.filter((ask) => ask.key !== key) }));

export const cancel = (command: string): Promise<CommandRecord> => hub.request("cancel", { command });

/** A wish that is being asked is not asked twice. */
export function desire(device: string, patch: Record<string, unknown>): Promise<unknown> {
  const key = JSON.stringify([device, patch]);
  const asked = wishes.get(key) ?? hub.request("desire", { device, patch }).finally(() => wishes.delete(key));
  wishes.set(key, asked);
  return asked;
}

const wishes = new Map<string, Promise<unknown>>();
