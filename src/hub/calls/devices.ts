/** Calls on devices, their tokens and their samples by REST [I3, I4, R]. */
import { eraseAll } from "../history/erase.ts";
import { discardSamples } from "../history/flush.ts";
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import type { DeviceView } from "../../protocol/record.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { unknownOutcome } from "../commands/end.ts";
import type { Operator } from "../access/identity.ts";
import { skipDevice } from "../jobs/end.ts";
import { finish } from "../commands/ledger.ts";
import { type Device, FREE, freshTrace } from "../devices/device.ts";
import { comesBack, oweGone } from "../bridge/outbox.ts";
import type { DeviceRow } from "../devices/rows.ts";
import { cut } from "../devices/session.ts";
import { unflagClone } from "../devices/clone.ts";
import { addToken, dropToken, tokensOf } from "../access/tokens.ts";
import type { Turn } from "../turn.ts";
import { devicesOf, viewOf } from "../devices/view.ts";
import { DEFAULT_LIMIT, deviceOf, NO_DEVICE } from "./common.ts";

export function createDevice(
  turn: Turn,
  by: Operator,
  args: ArgsOf<"create_device">,
): Outcome<ValueOf<"create_device">> {
  const { id, kind, name = id, tags = [] } = args;
  if (!turn.memory.kinds.has(kind)) {
    const known = [...turn.memory.kinds.keys()].join(", ");
    return refuse("unknown_kind", `There is no kind ${kind}; this hub knows ${known}`, { pointer: "#/kind" });
  }
  if (deviceOf(turn, id)) return refuse("conflict", `There is a device ${id} already`, { pointer: "#/id" });
  const row: DeviceRow = {
    id,
    kind,
    name,
    tags: [...new Set(tags)],
    createdAt: turn.now,
    epoch: 0,
    takeovers: [],
    flags: [],
    reported: {},
    reportedAt: {},
    desired: { version: 0, state: {} },
    applied: null,
    ...FREE,
    fence: turn.reader.get("former", id)?.fence ?? 0,
  };
  const device = turn.memory.addDevice(row, freshTrace(id));
  turn.put("device", row);
  comesBack(turn, id);
  const { token, tokenId } = newToken(turn, device);
  turn.audit(by, "create_device", id, "done", { kind });
  turn.touch(id);
  return ok({ device: viewOf(turn, device), token, tokenId });
}

function newToken(turn: Turn, device: Device): { token: string; tokenId: string } {
  const tokenId = turn.id();
  const token = `${device.row.id}.${turn.secret()}`;
  const digest = turn.env.sha256(token);
  addToken(turn, device, { id: tokenId, device: device.row.id, digest, createdAt: turn.now, lastUsedAt: null });
  return { token, tokenId };
}

export function listDevices(
  turn: Turn,
  _by: Operator,
  { q = "", limit = DEFAULT_LIMIT, cursor }: ArgsOf<"list_devices">,
): Outcome<List<DeviceView>> {
  const query = parseQuery(q);
  if (!query.ok) return query;
  const found = devicesOf(turn, query.value);
  const from = found.sort(({ row: one }, { row: other }) => one.id < other.id ? -1 : 1).filter(({ row }) =>
    cursor === undefined || row.id > cursor
  );
  const items = from.slice(0, limit).map((device) => viewOf(turn, device));
  return ok({ items, next: from.length > limit ? items[items.length - 1].id : null, total: found.length });
}

export function getDevice(turn: Turn, _by: Operator, args: ArgsOf<"get_device">): Outcome<DeviceView> {
  const device = deviceOf(turn, args.device);
  return device ? ok(viewOf(turn, device)) : NO_DEVICE;
}

export function changeDevice(turn: Turn, by: Operator, args: ArgsOf<"change_device">): Outcome<DeviceView> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const { name = device.row.name, tags = device.row.tags } = args.patch;
  device.row = { ...device.row, name: name ?? device.row.id, tags: [...new Set(tags ?? [])] };
  turn.put("device", device.row);
  turn.audit(by, "change_device", device.row.id, "done", args.patch);
  turn.touch(device.row.id);
  return ok(viewOf(turn, device));
}

/** The device, its history and its ledger are gone, and its socket with them. */
export function deleteDevice(turn: Turn, by: Operator, args: ArgsOf<"delete_device">): Outcome<null> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const { id } = device.row;
  discardSamples(turn, device);
  if (device.connection) cut(turn, device, "revoked");
  abandon(turn, device);
  skipDevice(turn, id);
  turn.memory.devices.delete(id);
  turn.memory.posting.delete(id);
  turn.memory.leased.delete(id);
  if (device.row.fence > 0) turn.put("former", { id, fence: device.row.fence });
  turn.drop("device", id);
  turn.drop("trace", id);
  eraseAll(turn, device);
  for (const table of ["device_token", "selection"] as const) turn.erase(table, id);
  oweGone(turn, id);
  turn.audit(by, "delete_device", id);
  turn.touch(id);
  return ok(null);
}

/** Whoever waits for its commands hears how they end, before the ledger goes. */
function abandon(turn: Turn, device: Device): void {
  const message = "The device was deleted";
  for (const open of device.open) {
    if (open.record.status === "accepted") {
      finish(turn, device, open, "cancelled", { error: { code: "cancelled", message } });
    } else unknownOutcome(turn, device, open, message);
  }
}

/** For rotation: the new one is in place before the old one goes [I4]. */
const MOST_TOKENS = 2;

/** All of them, the older one first: there are at most two. */
export function listTokens(
  turn: Turn,
  _by: Operator,
  args: ArgsOf<"list_device_tokens">,
): Outcome<ValueOf<"list_device_tokens">> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const items = tokensOf(turn, device).map(({ id, createdAt, lastUsedAt }) => ({ tokenId: id, createdAt, lastUsedAt }));
  return ok({ items, next: null, total: items.length });
}

export function createToken(
  turn: Turn,
  by: Operator,
  args: ArgsOf<"create_device_token">,
): Outcome<ValueOf<"create_device_token">> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  if (tokensOf(turn, device).length >= MOST_TOKENS) {
    return refuse("conflict", `A device has at most ${MOST_TOKENS} tokens; delete one first`);
  }
  const { token, tokenId } = newToken(turn, device);
  turn.audit(by, "create_device_token", args.device, "done", { tokenId });
  return ok({ tokenId, token });
}

export function deleteToken(turn: Turn, by: Operator, args: ArgsOf<"delete_device_token">): Outcome<null> {
  const device = deviceOf(turn, args.device);
  if (!device) return NO_DEVICE;
  const row = tokensOf(turn, device).find(({ id }) => id === args.token);
  if (!row) return refuse("not_found", "There is no such token");
  dropToken(turn, device, row.id);
  if (device.connection?.token === row.id) cut(turn, device, "revoked");
  unflagClone(turn, device);
  turn.audit(by, "delete_device_token", args.device, "done", { tokenId: row.id });
  return ok(null);
}
