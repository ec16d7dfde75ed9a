/** Calls about who may steer: selections, leases and emergency stops [C22, G, E]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { clear, latch } from "../control/estop.ts";
import type { Operator } from "../access/identity.ts";
import { lead } from "../control/lease.ts";
import type { Device } from "../devices/device.ts";
import { select as reserve } from "../control/select.ts";
import type { Turn } from "../turn.ts";
import { devicesOf } from "../devices/view.ts";
import { deviceOf, NO_DEVICE } from "./common.ts";

export function select(
  turn: Turn,
  by: Operator,
  { device: id, ...asked }: ArgsOf<"select">,
): Outcome<ValueOf<"select">> {
  const device = deviceOf(turn, id);
  return device ? reserve(turn, by, device, asked) : NO_DEVICE;
}

export function lease(turn: Turn, by: Operator, { device: id, ...asked }: ArgsOf<"lease">): Outcome<ValueOf<"lease">> {
  const device = deviceOf(turn, id);
  return device ? lead(turn, by, device, asked, turn.asker) : NO_DEVICE;
}

export function estop(
  turn: Turn,
  by: Operator,
  { device: id, action, reason = "" }: ArgsOf<"estop">,
): Outcome<ValueOf<"estop">> {
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  return action === "set" ? ok(latch(turn, by, device, reason)) : clear(turn, by, device, reason);
}

/** One transaction, whatever the number: none of them is left out by a crash in the middle. */
export function estopMany(
  turn: Turn,
  by: Operator,
  { query = "", devices, action, reason = "" }: ArgsOf<"estop_many">,
): Outcome<ValueOf<"estop_many">> {
  const found = devices ? ok(namedOf(turn, devices)) : foundBy(turn, query, action);
  if (!found.ok) return found;
  if (action === "set" && found.value.length === 0) {
    return devices
      ? refuse("not_found", "None of these is a device", { pointer: "#/devices" })
      : refuse("not_found", "The query finds no device", { pointer: "#/query" });
  }
  const meant = action === "set" ? found.value : found.value.filter(({ row }) => row.estop);
  for (const device of meant) {
    if (action === "set") latch(turn, by, device, reason);
    else clear(turn, by, device, reason);
  }
  turn.audit(by, "estop_many", query, action === "set" ? "latched" : "cleared", { reason, devices: meant.length });
  return ok({ devices: meant.map(({ row }) => row.id), total: meant.length });
}

/** [E10] Who was deleted meanwhile must not keep the others from being stopped. */
const namedOf = (turn: Turn, ids: readonly string[]): Device[] =>
  [...new Set(ids)].flatMap((id) => deviceOf(turn, id) ?? []);

function foundBy(turn: Turn, text: string, action: "set" | "clear"): Outcome<Device[]> {
  const query = parseQuery(text, "query");
  if (!query.ok) return query;
  // Whoever presses without a word means all of them; a clear that was meant for one must not free all.
  if (action === "clear" && query.value.length === 0) {
    return refuse("bad_request", "query: id:* clears all", { pointer: "#/query" });
  }
  return ok(devicesOf(turn, query.value));
}
