/** `result`: the command's outcome, counted once, durable before its `stored` [C10-C14]. */
import { FAULTS, isFaultCode } from "../../protocol/fault.ts";
import { failureOf, type FrameOf } from "../../protocol/from_device.ts";
import { isOver } from "../../protocol/frame.ts";
import { type CommandRecord, isFinal } from "../../protocol/record.ts";
import type { Command } from "../../kind/kind.ts";
import { auditRefusal } from "../access/audit.ts";
import { asDevice } from "../access/by.ts";
import { dispatch } from "../commands/dispatch.ts";
import { confirmDesired } from "../devices/desired.ts";
import { confirmStop } from "../control/estop.ts";
import { finish, keptRecord } from "../commands/ledger.ts";
import { type OpenCommand, specOf } from "../commands/open.ts";
import type { Device } from "../devices/device.ts";
import { refuseFrame } from "../connections/refuse.ts";
import type { Turn } from "../turn.ts";
import { showCommand } from "../watching/show.ts";

type Result = FrameOf<"result">;

export function onResult(turn: Turn, device: Device, frame: Result): void {
  const open = device.open.find(({ record }) => record.id === frame.id);
  if (open && open.record.status !== "accepted") return conclude(turn, device, open, frame);
  const record = keptRecord(turn, frame.id);
  // [C12] Never sent to this device: a record without `sentAt` was refused or given up before it left the hub.
  if (!record || record.device !== device.row.id || record.sentAt === undefined) {
    const foreign = record && record.device !== device.row.id ? { device: record.device } : undefined;
    auditRefusal(turn, asDevice(device), "result_refused", frame.id, "not_found", foreign);
    const fault = { code: "not_found" as const, message: `No command ${frame.id} was sent to this device` };
    return refuseFrame(turn, device.connection!, fault, { of: "result", id: frame.id });
  }
  if (isFinal(record.status)) repeat(turn, device, record, frame);
}

function conclude(turn: Turn, device: Device, open: OpenCommand, frame: Result): void {
  const said = outcomeOf(open.spec, device.kind.check.fitsResult, open.record.name, frame);
  if (frame.ok) finish(turn, device, open, "succeeded", said);
  else finish(turn, device, open, said.error?.code === "cancelled" ? "cancelled" : "failed", said);
  if (frame.ok) {
    confirmDesired(turn, device, open);
    confirmStop(turn, device, open.record);
  }
  turn.toDevice(device, { type: "stored", id: frame.id });
  dispatch(turn, device);
}

type Said = Pick<CommandRecord, "value" | "error" | "unchecked">;

/** [C10] Kept whatever it holds; what nobody declared is marked. */
function outcomeOf(spec: Command, fits: (name: string, value: unknown) => boolean, name: string, frame: Result): Said {
  if (frame.ok) {
    const value = frame.value === undefined ? {} : { value: frame.value };
    return { ...value, ...(!fits(name, frame.value) && { unchecked: true as const }) };
  }
  const error = failureOf(frame);
  const declared = spec.errors.includes(error.code) || isDeviceCode(error.code);
  return { error, ...(!declared && { unchecked: true as const }) };
}

const isDeviceCode = (code: string) =>
  code === "cancelled" || code === "expired" || (isFaultCode(code) && FAULTS[code].whose === "device");

/** A word on a command that is final already: told again, late, or in conflict [C11, C12]. */
function repeat(turn: Turn, device: Device, record: CommandRecord, frame: Result): void {
  const known = record.status === "unknown"
    ? record.late
    : { ok: record.status === "succeeded", value: record.value, error: record.error };
  // Whatever its record became meanwhile: the machine stands.
  if (frame.ok) confirmStop(turn, device, record);
  if (!known) addLate(turn, device, record, frame);
  else if (!isSameOutcome(known, frame)) {
    auditRefusal(turn, asDevice(device), "result_conflict", record.id, "kept the first", toldOf(frame));
  }
  turn.toDevice(device, { type: "stored", id: frame.id });
}

/** What a device tells in contradiction, as far as the audit needs it; its value may be a page of diagnostics. */
const toldOf = (frame: Result) => isOver(JSON.stringify(frame), MOST_TOLD) ? { ok: frame.ok } : { result: frame };
const MOST_TOLD = 1_024;

function addLate(turn: Turn, device: Device, record: CommandRecord, frame: Result): void {
  const { unchecked: _, ...said } = outcomeOf(specOf(device.kind, record), () => true, record.name, frame);
  const late = { ...record, late: { at: turn.now, ok: frame.ok, ...said } };
  turn.put("command", late);
  showCommand(turn, late);
}

function isSameOutcome(known: { ok: boolean; value?: unknown; error?: { code: string } }, frame: Result): boolean {
  if (known.ok !== frame.ok) return false;
  return frame.ok
    ? JSON.stringify(known.value ?? null) === JSON.stringify(frame.value ?? null)
    : known.error?.code === failureOf(frame).code;
}
