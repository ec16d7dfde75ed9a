/** One row after the other is made free of who was deleted, with all who were [Q12]: most rows are of many devices. */
import { keyAfter, keysOfTier, type PageHead, placeOf } from "../../history/page.ts";
import { findPage } from "../../history/parts.ts";
import { blobOf } from "../devices/blobs.ts";
import type { Table } from "../rows.ts";
import type { CheckpointRow, ErasurePlace, ErasureRow } from "./rows.ts";
import type { Erased } from "./erasures.ts";
import { hourlyKey, LAST_DAY } from "./past.ts";
import type { Ration } from "./ration.ts";
import type { Turn } from "../turn.ts";

/** In this order. */
export const PLACES: readonly ErasurePlace[] = [
  "raw",
  "minute",
  "begun",
  "hourly",
  "checkpoint",
  "event",
  "command",
  "blob",
];

/** About how long a trace is. */
const OF_A_TRACE = 1024;

/** Looks at the next row that may have something of it, and says from where to look on. */
export function eraseNext(turn: Turn, ration: Ration, erased: Erased, erasure: ErasureRow): ErasureRow {
  const next = NEXT[erasure.place!](turn, ration, erased, erasure);
  return next === null ? { ...erasure, place: placeAfter(erasure), from: "" } : { ...erasure, from: next };
}

const placeAfter = ({ place }: ErasureRow): ErasurePlace | null => PLACES[PLACES.indexOf(place!) + 1] ?? null;

/** Answers the key from which on to look, or null at the end. */
type Next = (turn: Turn, ration: Ration, erased: Erased, erasure: ErasureRow) => string | null;

const NEXT: Record<ErasurePlace, Next> = {
  raw: nextPage,
  minute: nextPage,
  begun: nextPage,
  hourly: nextHours,
  checkpoint: nextCheckpoint,
  event: nextOwn("event"),
  command: nextOwn("command"),
  blob: nextBlob,
};

function nextPage(turn: Turn, ration: Ration, erased: Erased, erasure: ErasureRow): string | null {
  const keys = keysOfTier(erasure.place as "raw", erasure.kind);
  const found = findPage(ration, { ...keys, from: erasure.from || keys.from }, erasure.device, erasure.id);
  if (found?.page) eraseFromPage(turn, ration, erased, found.page);
  return found && found.next;
}

function eraseFromPage(turn: Turn, ration: Ration, erased: Erased, page: PageHead): void {
  const { generation } = placeOf(page);
  const parts = page.entries.map((entry) => ({ entry, isKept: !erased.has(entry[0], generation) }));
  if (parts.every(({ isKept }) => isKept)) return;
  if (!parts.some(({ isKept }) => isKept)) return drop(turn, ration, "page", page.id);
  const bytes = keptOf(
    ration.slice(page.id, 0, parts.reduce((sum, { entry }) => sum + entry[1], 0)),
    parts.map(({ entry, isKept }) => ({ length: entry[1], isKept })),
  );
  // Its key stays where it is: it only says from whom on the page has parts.
  const entries = parts.filter(({ isKept }) => isKept).map(({ entry }) => entry);
  turn.put("page", { ...page, entries, bytes });
  ration.changed(bytes.length);
}

function keptOf(bytes: Uint8Array, parts: readonly { length: number; isKept: boolean }[]): Uint8Array {
  const kept = new Uint8Array(parts.reduce((size, { length, isKept }) => isKept ? size + length : size, 0));
  let from = 0;
  let to = 0;
  for (const { length, isKept } of parts) {
    if (isKept) {
      kept.set(bytes.subarray(from, from + length), to);
      to += length;
    }
    from += length;
  }
  return kept;
}

/** Those of a device are its own, but for one of its name that came since. */
function nextHours(turn: Turn, ration: Ration, erased: Erased, { device, from }: ErasureRow): string | null {
  const keys = { from: from || hourlyKey(device, 0), below: hourlyKey(device, LAST_DAY) };
  const [hours] = turn.reader.heads("hourly", { ...keys, limit: 1 });
  ration.lookedUp(0);
  if (!hours) return null;
  if (erased.has(device, hours.generation ?? "")) drop(turn, ration, "hourly", hours.id);
  return keyAfter(hours.id);
}

function nextCheckpoint(turn: Turn, ration: Ration, erased: Erased, { id, from }: ErasureRow): string | null {
  const [checkpoint]: CheckpointRow[] = turn.reader.list("checkpoint", { from, below: id, limit: 1 });
  ration.lookedUp(OF_A_TRACE * (checkpoint?.traces.length ?? 0));
  if (!checkpoint) return null;
  const others = checkpoint.traces.filter((trace) => !erased.has(trace.id, trace.saved));
  if (others.length < checkpoint.traces.length) {
    turn.put("checkpoint", { ...checkpoint, traces: others });
    ration.changed(OF_A_TRACE * others.length);
  }
  return keyAfter(checkpoint.id);
}

/** What is kept of it one by one. */
function nextOwn(table: "event" | "command"): Next {
  return (turn, ration, _, { id, device, from }) => {
    const [row] = turn.reader.list(table, { owner: device, from, below: id, limit: 1 });
    ration.lookedUp(0);
    if (!row) return null;
    drop(turn, ration, table, row.id);
    return keyAfter(row.id);
  };
}

/** Part by part, and then the blob itself. */
function nextBlob(turn: Turn, ration: Ration, _: Erased, { id, device, from }: ErasureRow): string | null {
  const [blob] = turn.reader.list("blob", { owner: device, from: blobOf(from), below: id, limit: 1 });
  ration.lookedUp(0);
  if (!blob) return null;
  const [part] = turn.reader.heads("blob_part", { owner: blob.id, from, limit: 1 });
  if (part) drop(turn, ration, "blob_part", part.id);
  else drop(turn, ration, "blob", blob.id);
  return keyAfter(part?.id ?? blob.id);
}

function drop(turn: Turn, ration: Ration, table: Table, id: string): void {
  turn.drop(table, id);
  ration.changed(0);
}
