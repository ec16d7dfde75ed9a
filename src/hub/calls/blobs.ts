/** Calls on blobs [B8, B9]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { blobView, partsOf, storedBlobs } from "../devices/blobs.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { DEFAULT_LIMIT, deviceOf, NO_DEVICE } from "./common.ts";

export function listBlobs(turn: Turn, _by: Operator, args: ArgsOf<"list_blobs">): Outcome<ValueOf<"list_blobs">> {
  const { limit = DEFAULT_LIMIT, cursor } = args;
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const all = storedBlobs(turn.reader, device);
  const rows = all.filter(({ id }) => cursor === undefined || id < cursor);
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? shown[shown.length - 1].id : null;
  return ok({ items: shown.map(blobView), next, total: all.length });
}

export function getBlob(turn: Turn, _by: Operator, args: ArgsOf<"get_blob">): Outcome<ValueOf<"get_blob">> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const row = storedBlobs(turn.reader, device).find(({ name }) => name === args.blob);
  if (!row) return refuse("not_found", `There is no blob ${args.blob}, or not any more`);
  return ok({ ...blobView(row), bytes: joined(partsOf(turn.reader, row.id), row.size) });
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
