/** Calls on a device as a Thing: one value, and one wish, at an address of its own [W]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { desire } from "../devices/desired.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { deviceOf, NO_DEVICE } from "./common.ts";

/** [W1] The last value, of what it measures or of its state. */
export function getProperty(
  turn: Turn,
  _by: Operator,
  { device: id, field }: ArgsOf<"get_property">,
): Outcome<ValueOf<"get_property">> {
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  const { kind, row, trace } = device;
  if (Object.hasOwn(trace.values, field)) return ok(trace.values[field]);
  if (Object.hasOwn(row.reported, field)) return ok({ value: row.reported[field], at: row.reportedAt[field] });
  const isKnown = Object.hasOwn(kind.telemetry, field) || Object.hasOwn(kind.state, field);
  return refuse("not_found", isKnown ? `${row.name} never told its ${field}` : `${kind.name} has no field ${field}`);
}

/** [W2] */
export function setProperty(
  turn: Turn,
  by: Operator,
  { device: id, field, value, ifVersion }: ArgsOf<"set_property">,
): Outcome<ValueOf<"desire">> {
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  if (!Object.hasOwn(device.kind.state, field)) {
    return refuse("not_found", `${device.kind.name} has no state ${field}`);
  }
  return desire(turn, by, device, { patch: { [field]: value }, ifVersion, under: [] });
}
