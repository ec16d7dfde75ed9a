/** The emergency stop: latched before it is sent, first of all, again on every connect until it is confirmed [E]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { CommandRecord, EstopView } from "../../protocol/record.ts";
import { asDevice } from "../access/by.ts";
import { cancel } from "../commands/cancel.ts";
import { dispatch, laneOf } from "../commands/dispatch.ts";
import { endStop } from "../commands/end.ts";
import { sendDesired } from "../devices/desired.ts";
import { enter } from "../commands/entry.ts";
import type { Operator } from "../access/identity.ts";
import { estopView, reaches } from "./latched.ts";
import { endLease } from "./lease.ts";
import { step } from "../commands/ledger.ts";
import type { OpenCommand } from "../commands/open.ts";
import type { Device } from "../devices/device.ts";
import type { EstopRow } from "./rows.ts";
import { dropSelections } from "./select.ts";
import { supersedeOlder } from "../commands/supersede.ts";
import type { Turn } from "../turn.ts";

/** [E1, E3, E5] */
export function latch(turn: Turn, by: Operator, device: Device, reason: string): EstopView {
  const { id } = device.row;
  const isNew = !device.row.estop;
  turn.audit(by, "estop", id, isNew ? "latched" : "latched already", { reason });
  if (isNew) {
    keep(turn, device, { at: turn.now, by: { id: by.id, name: by.name }, reason, command: null, confirmedAt: null });
    endLease(turn, device, by, "estop");
    dropSelections(turn, device);
    device.lanes.clear();
  }
  const doomed = device.open.filter(({ record, spec }) => laneOf(record) !== "stop" && spec.effect !== "query");
  const underWay = doomed.filter(({ record }) => record.status !== "accepted");
  const error = { code: "estop" as const, message: `${by.name} pressed the emergency stop` };
  const end = (commands: OpenCommand[]) => commands.forEach((open) => cancel(turn, device, open, error));
  // What waits goes first, so that it does not follow the stop; what is under way hears of the stop first.
  end(doomed.filter((open) => !underWay.includes(open)));
  sendStop(turn, device);
  end(underWay);
  dispatch(turn, device);
  return estopView(device)!;
}

/** [E2] A new `stop` with a fresh ttl, where there is a device to send it to and none succeeded yet. */
export function sendStop(turn: Turn, device: Device): void {
  const { row: { estop }, kind, connection } = device;
  if (!estop || estop.confirmedAt !== null || !connection || !reaches(kind)) return;
  const params = kind.check.params("stop", {});
  if (!params.ok) return;
  const spec = kind.commands.stop;
  const form = { spec, shown: params.value, secrets: {}, ttl: spec.ttl.default };
  const open = enter(turn, estop.by, device, { name: "stop" }, form);
  open.pending = { ...open.pending, isLatched: true };
  turn.put("pending", open.pending);
  keep(turn, device, { ...estop, command: open.record.id });
  step(turn, device, open, {});
  supersedeOlder(turn, device);
  dispatch(turn, device);
}

/** [E2] It is heard of again after a silence: the `stop` that may have gone into that is not the last. */
export function repeatStop(turn: Turn, device: Device): void {
  if (!device.open.some(({ record }) => record.id === device.row.estop?.command)) sendStop(turn, device);
}

/** [E2] A `stop` that was asked for since the latch succeeded, though perhaps late. */
export function confirmStop(turn: Turn, device: Device, { name, createdAt }: CommandRecord): void {
  const { estop } = device.row;
  if (name !== "stop" || !estop || estop.confirmedAt !== null || createdAt < estop.at) return;
  keep(turn, device, { ...estop, confirmedAt: turn.now });
  turn.audit(asDevice(device), "estop", device.row.id, "confirmed");
}

/** [E6] */
export function clear(turn: Turn, by: Operator, device: Device, reason: string): Outcome<EstopView> {
  const cleared = estopView(device);
  if (!cleared) return refuse("conflict", `The emergency stop of ${device.row.name} is not latched`);
  keep(turn, device, null);
  turn.audit(by, "estop", device.row.id, "cleared", { reason });
  for (const open of device.open.filter(({ pending }) => pending.isLatched)) endStop(turn, device, open);
  sendDesired(turn, device);
  dispatch(turn, device);
  return ok(cleared);
}

function keep(turn: Turn, device: Device, estop: EstopRow | null): void {
  device.row = { ...device.row, estop };
  turn.put("device", device.row);
  turn.touch(device.row.id);
}
