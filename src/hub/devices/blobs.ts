/** Blobs: kept frame by frame while they come, checked when they are whole, bounded ever after [B]. */
import type { FaultCode } from "../../protocol/fault.ts";
import type { BlobView } from "../../protocol/record.ts";
import type { Device } from "./device.ts";
import type { Reader } from "../ports.ts";
import type { BlobRow } from "./rows.ts";
import { refuseFrame } from "../connections/refuse.ts";
import type { Turn } from "../turn.ts";

/** Without a byte, in ms [B3]. */
export const PATIENCE = 30_000;
/** Of one device [B9]. */
const MOST_KEPT = 20;

/** Everything of a device, newest first, whole or not: there are never many. */
const rowsOf = (reader: Reader, { row, since }: Device): BlobRow[] =>
  reader.list("blob", { owner: row.id, from: since, newest: true });

export const storedBlobs = (reader: Reader, device: Device): BlobRow[] =>
  rowsOf(reader, device).filter(({ parts }) => parts !== null);

/** Room for a million frames, of which 4 MiB can have four. */
export const partKey = (key: string, part: number): string => `${key}/${String(part).padStart(7, "0")}`;

/** Whose part it is. */
export const blobOf = (part: string): string => part.split("/", 1)[0];

/** The bytes of what came so far, frame by frame. */
export const partsOf = (reader: Reader, key: string): Uint8Array[] =>
  reader.list("blob_part", { owner: key }).map(({ bytes }) => bytes);

export const blobView = ({ device, name, mime, size, sha256, at, command }: BlobRow): BlobView => ({
  ...{ id: name, device, mime, size, sha256, at },
  ...(command !== undefined && { command }),
});

export function erase(turn: Turn, key: string): void {
  turn.erase("blob_part", key);
  turn.drop("blob", key);
}

/** [B9] What is older than the newest goes. */
export function keepNewest(turn: Turn, device: Device): void {
  // One more is about to be there.
  for (const { id } of storedBlobs(turn.reader, device).slice(MOST_KEPT - 1)) erase(turn, id);
}

/** In silence: its connection ended, or it begins again [B3, B6]. */
export function dropIncoming(turn: Turn, device: Device): void {
  const blob = device.connection?.blob;
  if (!blob || blob.key === null) return;
  erase(turn, blob.key);
  turn.attach({ ...device.connection!, blob: null });
}

/** What a hub that was killed left of a blob that was coming. */
export function dropLeftovers(turn: Turn, device: Device): void {
  if (device.kind.blobs.length === 0) return;
  for (const { id, parts } of rowsOf(turn.reader, device)) if (parts === null) erase(turn, id);
}

/** [B3] */
export function dropOverdue(turn: Turn, device: Device): void {
  const blob = device.connection?.blob;
  if (!blob || blob.key === null) return;
  if (blob.until > turn.now) turn.memory.deadlines.add(blob.until, device.row.id);
  else breakOff(turn, device, "30 s passed without a byte of it");
}

/** It came otherwise than announced: nothing of it is kept, and the rest of its bytes means nothing any more [B3, B5]. */
export function breakOff(turn: Turn, device: Device, message: string, code: FaultCode = "broken_blob"): void {
  const blob = device.connection?.blob;
  if (!blob || blob.key === null) return;
  erase(turn, blob.key);
  turn.attach({ ...device.connection!, blob: { ...blob, key: null } });
  refuseFrame(turn, device.connection!, { code, message }, { of: "blob", id: blob.name });
}
