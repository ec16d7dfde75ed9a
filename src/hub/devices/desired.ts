/** What is wanted of a device: versions that only grow, and never a fight with a command [D]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { isOver } from "../../protocol/frame.ts";
import { type Role, roleOpens } from "../../protocol/words.ts";
import { confirmedField, plainField } from "../../kind/channel.ts";
import type { Command } from "../../kind/kind.ts";
import { auditRefusal } from "../access/audit.ts";
import type { ArgsOf, ValueOf } from "../call.ts";
import { forbids, interlockFault } from "../control/forbids.ts";
import type { Operator } from "../access/identity.ts";
import { estopSentence } from "../control/latched.ts";
import type { OpenCommand } from "../commands/open.ts";
import type { Device } from "./device.ts";
import { grantOf } from "../mqtt/speech.ts";
import type { Doc } from "../../history/sample.ts";
import type { Turn } from "../turn.ts";
import { desiredOf } from "./view.ts";

/** A change by an operator: with `state` whole, with `patch` merged. */
export function desire(
  turn: Turn,
  by: Operator,
  device: Device,
  { state, patch, ifVersion, under = [state ? "state" : "patch"] }: Omit<ArgsOf<"desire">, "device">,
): Outcome<ValueOf<"get_desired">> {
  const { version } = device.row.desired;
  if (state && ifVersion === undefined) {
    return refuse("bad_request", "Replacing the desired state needs the version that it replaces", { status: 428 });
  }
  if (typeof ifVersion === "number" && ifVersion !== version) {
    return refuse("conflict", `The desired state moved on: it is at version ${version}`, { status: 412 });
  }
  const checked = device.kind.check.desired(state ? {} : device.row.desired.state, state ?? patch ?? {}, under);
  if (!checked.ok) return checked;
  if (device.row.estop) return refuse("estop", estopSentence(device));
  for (const field of changedFields(device.row.desired.state, checked.value)) {
    const refused = refuseField(turn, by, device, field);
    if (!refused) continue;
    if (refused.fault.code === "forbidden") auditRefusal(turn, by, "desire", device.row.id, "forbidden", { field });
    return refused;
  }
  change(turn, device, checked.value);
  turn.audit(by, "desire", device.row.id, "done", {
    version: device.row.desired.version,
    ...(state ? { state } : { patch }),
  });
  return ok(desiredOf(device));
}

/** [D5] What the command that confirms this field would meet, its wish meets too. */
function refuseField(
  turn: Turn,
  by: Operator,
  device: Device,
  field: string,
): ReturnType<typeof refuse> | null {
  const commands: [string, Command][] = Object.entries(device.kind.commands);
  const plain = plainField(field, device.kind.state[field]);
  const [name, { role }] = commands.find(([, { confirms }]) => confirms?.field === plain) ??
    [null, { role: "operator" }];
  if (!roleOpens(by.role, role as Role)) return refuse("forbidden", `${field} needs the role ${role}`);
  if (name === null) return null;
  const fault = forbids(turn, device, { name, effect: "set", by, fence: "holder" }) ??
    interlockFault(turn, device, name);
  return fault && refuse(fault.code, fault.message);
}

const changedFields = (before: Doc, after: Doc): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));

/** A new version, whoever wants it. */
export function change(turn: Turn, device: Device, state: Doc): void {
  device.row = { ...device.row, desired: { version: device.row.desired.version + 1, state } };
  turn.put("device", device.row);
  turn.touch(device.row.id);
  sendDesired(turn, device);
}

/** Whole, as soon as the connection takes so large a frame [D6], and never under an emergency stop [E4]. */
export function sendDesired(turn: Turn, device: Device): void {
  const { connection, row } = device;
  if (!connection || row.estop || connection.desired === row.desired.version) return;
  // It has it once it subscribes to that [M6].
  if (connection.mqtt && grantOf(connection.mqtt, "desired") === null) return;
  const frame = { type: "desired" as const, version: row.desired.version, state: row.desired.state };
  if (isOver(JSON.stringify(frame), connection.maxFrame)) {
    turn.attach({ ...connection, desired: null });
    return;
  }
  turn.attach({ ...connection, desired: row.desired.version });
  turn.toDevice(device, frame);
}

/** [D7] What a command brought about is what is wanted from now on, where that field is wanted at all. */
export function confirmDesired(turn: Turn, device: Device, { record, spec }: OpenCommand): void {
  const { confirms } = spec;
  const { state } = device.row.desired;
  if (!confirms) return;
  const field = confirmedField(confirms, record.params);
  if (!Object.hasOwn(state, field)) return;
  // A report from before the command was sent tells of the world before it.
  const isReported = Object.hasOwn(device.row.reported, field) &&
    (device.row.reportedAt[field] ?? 0) >= (record.sentAt ?? 0);
  const value = isReported
    ? device.row.reported[field]
    : "param" in confirms
    ? record.params[confirms.param]
    : confirms.value;
  if (JSON.stringify(state[field]) === JSON.stringify(value)) return;
  // What was asked for under an earlier version of the kind may not be wanted any more [K5].
  if (!fitsDesired(device, field, value)) return;
  change(turn, device, { ...state, [field]: value });
  const { version } = device.row.desired;
  turn.audit(null, "desire", device.row.id, "done", { version, patch: { [field]: value }, command: record.id });
}

/** Does the kind take this value, whatever else is wanted? */
export const fitsDesired = ({ kind }: Device, field: string, value: unknown): boolean =>
  kind.check.desired({}, { [field]: value }, []).ok;
