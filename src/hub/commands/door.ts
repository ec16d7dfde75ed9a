/** The door of the ledger: who may command what, and what a device's standing allows [C1, C4, C5, C21, C22]. */
import { type FaultCode, FAULTS, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { CommandRecord } from "../../protocol/record.ts";
import { auditRefusal } from "../access/audit.ts";
import type { ArgsOf } from "../call.ts";
import { dispatch } from "./dispatch.ts";
import { enter, standingFault } from "./entry.ts";
import type { Refusal } from "../control/forbids.ts";
import { checkForm } from "./form.ts";
import type { Operator } from "../access/identity.ts";
import { finish, step } from "./ledger.ts";
import type { OpenCommand } from "./open.ts";
import type { Device } from "../devices/device.ts";
import { operate } from "../control/select.ts";
import { supersedeOlder } from "./supersede.ts";
import type { Turn } from "../turn.ts";

/** What a caller asks for, with its idempotency key; by a job, with that one's id. */
export type NewCommand = Omit<ArgsOf<"send_command">, "device"> & { key?: string; job?: string };

/** Accepts a command, or says why not. The value is the record as it was accepted, whatever followed at once. */
export function accept(turn: Turn, by: Operator, device: Device, args: NewCommand): Outcome<CommandRecord> {
  const form = checkForm(by, device, args);
  if (!form.ok) {
    if (form.fault.code === "forbidden") auditRefusal(turn, by, args.name, device.row.id, "forbidden");
    return form;
  }
  const { name, fence } = args;
  const refusal = standingFault(turn, device, { name, fence, by }, form.value);
  // [E4] What is stopped is stopped: to select it first would not help.
  const unselected = refusal?.code === "estop" ? null : operate(turn, by, device, args, form.value);
  if (unselected) return { ok: false, fault: unselected };
  const open = enter(turn, by, device, args, form.value);
  if (refusal) return reject(turn, by, device, open, refusal);
  turn.put("pending", open.pending);
  const record = step(turn, device, open, {});
  turn.audit(by, args.name, device.row.id, "accepted", { command: record.id });
  supersedeOlder(turn, device);
  dispatch(turn, device);
  return ok(record);
}

/** What would refuse this command now, with or without a record [C1], or null; nothing of it stays. */
export function refusalOf(
  turn: Turn,
  by: Operator,
  device: Device,
  args: NewCommand,
): { status: "refused" | "rejected"; code: FaultCode } | null {
  const form = checkForm(by, device, args);
  if (!form.ok) return { status: "refused", code: form.fault.code };
  const refusal = standingFault(turn, device, { name: args.name, fence: args.fence, by }, form.value);
  return refusal && { status: "rejected", code: refusal.code };
}

/** A refusal for the device's standing is in the ledger too [C1]. */
function reject(
  turn: Turn,
  by: Operator,
  device: Device,
  open: OpenCommand,
  { code, message }: Refusal,
): Outcome<CommandRecord> {
  const record = finish(turn, device, open, "rejected", { error: { code, message } });
  turn.audit(by, record.name, device.row.id, code, { command: record.id });
  const retryAfter = FAULTS[code].status === 429 ? { retryAfter: 1 } : {};
  return refuse(code, message, { command: record.id, ...retryAfter });
}
