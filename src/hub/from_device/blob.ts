/** `blob`: the header, and then the binary frames that it announced [B]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import { type Fault, refuse } from "../../protocol/fault.ts";
import { MAX_BLOB } from "../../protocol/words.ts";
import {
  blobView,
  breakOff,
  dropIncoming,
  keepNewest,
  partKey,
  partsOf,
  PATIENCE,
  storedBlobs,
} from "../devices/blobs.ts";
import type { IncomingBlob } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import { refuseFrame } from "../connections/refuse.ts";
import type { Turn } from "../turn.ts";
import { showBlob } from "../watching/show.ts";

type Header = FrameOf<"blob">;

export function onBlob(turn: Turn, device: Device, header: Header): void {
  if (device.connection!.blob?.name === header.id) dropIncoming(turn, device);
  breakOff(turn, device, "Another header came before it was whole");
  const known = storedBlobs(turn.reader, device).find(({ name }) => name === header.id);
  const fault = known?.sha256 === header.sha256 ? null : faultOf(device, header, known !== undefined);
  if (!known && !fault) return announce(turn, device, header);
  swallow(turn, device, header.size, header.id);
  if (fault) refuseFrame(turn, device.connection!, fault, { of: "blob", id: header.id });
  else turn.toDevice(device, { type: "stored", blob: header.id });
}

/** [B2] */
function faultOf({ kind }: Device, { id, mime, size }: Header, isKnown: boolean): Fault | null {
  if (!kind.blobs.includes(mime)) {
    const sent = kind.blobs.length > 0 ? `sends ${kind.blobs.join(", ")}` : "sends no blobs";
    return refuse("invalid_blob", `mime: ${kind.name} ${sent}`, { pointer: "#/mime" }).fault;
  }
  if (size > MAX_BLOB) return refuse("too_large", `size: at most ${MAX_BLOB} bytes`, { pointer: "#/size" }).fault;
  return isKnown ? refuse("conflict", `This device has another blob ${id}`, { pointer: "#/id" }).fault : null;
}

function announce(turn: Turn, device: Device, { type: _, id: name, ...about }: Header): void {
  const key = turn.id();
  const until = turn.now + PATIENCE;
  turn.put("blob", { id: key, device: device.row.id, name, ...about, at: turn.now, parts: null });
  turn.attach({ ...device.connection!, blob: { key, name, left: about.size, parts: 0, until } });
  turn.memory.deadlines.add(until, device.row.id);
}

/** [B5] Whatever it announced means nothing; an envelope that nobody checked may have announced anything. */
export function swallow(turn: Turn, device: Device, size: unknown, name = ""): void {
  if (!device.connection || !Number.isSafeInteger(size) || (size as number) < 1) return;
  breakOff(turn, device, "Another header came before it was whole");
  const blob: IncomingBlob = { key: null, name, left: size as number, parts: 0, until: turn.now };
  turn.attach({ ...device.connection, blob });
}

/** One binary frame. */
export function onBytes(turn: Turn, device: Device, bytes: Uint8Array, isWithinRate: boolean): void {
  const blob = device.connection!.blob!;
  const left = blob.left - bytes.length;
  if (blob.key !== null && isWithinRate && left >= 0) return take(turn, device, { ...blob, left }, bytes);
  if (isWithinRate) breakOff(turn, device, "More bytes came than were announced");
  else breakOff(turn, device, "Too many frames; wait a little", "rate_limited");
  turn.attach({ ...device.connection!, blob: left > 0 ? { ...device.connection!.blob!, left } : null });
}

function take(turn: Turn, device: Device, blob: IncomingBlob, bytes: Uint8Array): void {
  const key = blob.key!;
  if (blob.left === 0) return conclude(turn, device, blob, bytes);
  if (bytes.length === 0) return;
  turn.put("blob_part", { id: partKey(key, blob.parts), blob: key, at: turn.now, bytes });
  const until = turn.now + PATIENCE;
  turn.attach({ ...device.connection!, blob: { ...blob, parts: blob.parts + 1, until } });
}

/** Its last byte is here [B4]. */
function conclude(turn: Turn, device: Device, blob: IncomingBlob, last: Uint8Array): void {
  const key = blob.key!;
  const row = turn.reader.get("blob", key);
  const isWhole = row && turn.env.sha256([...partsOf(turn.reader, key), last]) === row.sha256;
  if (!isWhole) breakOff(turn, device, "sha256: this is not what came");
  turn.attach({ ...device.connection!, blob: null });
  if (!isWhole) return;
  const stored = { ...row, at: turn.now, parts: blob.parts + 1 };
  keepNewest(turn, device);
  turn.put("blob_part", { id: partKey(key, blob.parts), blob: key, at: turn.now, bytes: last });
  turn.put("blob", stored);
  turn.toDevice(device, { type: "stored", blob: stored.name });
  showBlob(turn, blobView(stored));
}
