/** The door of the ledger: who may command what, and what a device's standing allows [C1, C4, C5]. */
import { type FaultCode, FAULTS, ok, type Outcome, refuse } from "../protocol/fault.ts";
import { isOver } from "../protocol/frame.ts";
import type { CommandRecord } from "../protocol/record.ts";
import { roleOpens } from "../protocol/words.ts";
import type { Command } from "../kind/kind.ts";
import { auditRefusal } from "./audit.ts";
import type { ArgsOf } from "./call.ts";
import { dispatch, laneOf, MOST_WAITING, tooLarge, waits } from "./command.ts";
import type { Operator } from "./identity.ts";
import { finish, step } from "./ledger.ts";
import { deadlineOf, type Device, type OpenCommand } from "./memory.ts";
import type { Doc } from "./ports.ts";
import { supersede } from "./supersede.ts";
import type { Turn } from "./turn.ts";
import { standing } from "./view.ts";

/** What a caller asks for, with its idempotency key; by a job, with that one's id. */
export type NewCommand = Omit<ArgsOf<"send_command">, "device"> & { key?: string; job?: string };

/** Accepts a command, or says why not. The value is the record as it was accepted, whatever followed at once. */
export function accept(turn: Turn, by: Operator, device: Device, args: NewCommand): Outcome<CommandRecord> {
  const checked = checkForm(by, device, args);
  if (!checked.ok) {
    if (checked.fault.code === "forbidden") auditRefusal(turn, by, args.name, device.row.id, "forbidden");
    return checked;
  }
  const open = commandOf(turn, by, device, args, checked.value);
  const standingFault = checkStanding(turn, device, open);
  if (standingFault) return reject(turn, by, device, open, standingFault);
  enter(turn, device, open);
  const record = step(turn, device, open, {});
  turn.audit(by, args.name, device.row.id, "accepted", { command: record.id });
  for (const older of device.open.filter((other) => waits(device, other))) supersede(turn, device, older);
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
  const checked = checkForm(by, device, args);
  if (!checked.ok) return { status: "refused", code: checked.fault.code };
  const fault = checkStanding(turn, device, commandOf(turn, by, device, args, checked.value));
  return fault && { status: "rejected", code: fault.code };
}

interface Form {
  spec: Command;
  shown: Doc;
  secrets: Doc;
  ttl: number;
}

/** Faults of form or caller leave no record [C1]. */
export function checkForm(by: Operator, device: Device, args: NewCommand): Outcome<Form> {
  const { commands, check, name: kind } = device.kind;
  if (!Object.hasOwn(commands, args.name)) {
    return refuse("unknown_command", `${kind} has no command ${args.name}`, { pointer: "#/name" });
  }
  const spec: Command = commands[args.name];
  if (spec.effect === "stream") {
    return refuse("unknown_command", `${args.name} is a lane, which is driven by stream`, { pointer: "#/name" });
  }
  if (!roleOpens(by.role, spec.role)) return refuse("forbidden", `${args.name} needs the role ${spec.role}`);
  const params = check.params(args.name, args.params);
  if (!params.ok) return params;
  const ttl = args.ttl ?? spec.ttl.default;
  if (ttl > spec.ttl.max) {
    return refuse("invalid_params", `ttl: at most ${spec.ttl.max} s for ${args.name}`, { pointer: "#/ttl" });
  }
  const entries = Object.entries(params.value);
  const isSecret = ([name]: [string, unknown]) => spec.secrets.includes(name);
  return ok({
    spec,
    ttl,
    shown: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(entries.filter(isSecret)),
  });
}

/** The command as it would enter. */
function commandOf(
  turn: Turn,
  by: Operator,
  device: Device,
  { name, fence, key, job }: NewCommand,
  { spec, shown, secrets, ttl }: Form,
): OpenCommand {
  const record: CommandRecord = {
    id: turn.id(),
    device: device.row.id,
    name,
    params: shown,
    effect: spec.effect,
    status: "accepted",
    by: { id: by.id, name: by.name },
    createdAt: turn.now,
    expiresAt: turn.now + Math.round(ttl * 1000),
    ...(fence !== undefined && { fence }),
    ...(key !== undefined && { key }),
    ...(job !== undefined && { job }),
  };
  return { record, spec, pending: { id: record.id, device: device.row.id, secrets, over: null } };
}

/** Last in its device's order. */
function enter(turn: Turn, device: Device, open: OpenCommand): void {
  device.open.push(open);
  turn.memory.commands.set(open.record.id, open);
  turn.memory.deadlines.add(deadlineOf(open.record), open.record.id);
  turn.put("pending", open.pending);
}

function checkStanding(turn: Turn, device: Device, open: OpenCommand): { code: FaultCode; message: string } | null {
  const { spec, record, pending } = open;
  const { presence } = standing(turn, device);
  const reachable = device.connection !== null && presence !== "offline" &&
    !(spec.effect === "once" && presence === "suspect");
  if (!reachable && !spec.queue) {
    return {
      code: "offline",
      message: `${device.row.name} is ${presence === "online" ? "without a socket" : presence}`,
    };
  }
  const waiting = device.open.filter((other) =>
    other.record.status === "accepted" && laneOf(other.record) === laneOf(record)
  );
  if (waiting.length >= MOST_WAITING) {
    return { code: "queue_full", message: `${MOST_WAITING} commands wait for ${device.row.name} already` };
  }
  const frame = { id: record.id, name: record.name, params: { ...record.params, ...pending.secrets } };
  const bytes = device.connection ? device.connection.maxFrame - ENVELOPE : Infinity;
  if (device.connection && isOver(JSON.stringify(frame), bytes)) {
    return { code: "too_large", message: tooLarge(device.connection) };
  }
  return null;
}

/** What `type`, `ttl`, `expires` and `attempt` add to a command's frame at most, in bytes. */
const ENVELOPE = 80;

/** A refusal for the device's standing is in the ledger too [C1]. */
function reject(
  turn: Turn,
  by: Operator,
  device: Device,
  open: OpenCommand,
  { code, message }: { code: FaultCode; message: string },
): Outcome<CommandRecord> {
  const record = finish(turn, device, open, "rejected", { error: { code, message } });
  turn.audit(by, record.name, device.row.id, code, { command: record.id });
  const retryAfter = FAULTS[code].status === 429 ? { retryAfter: 1 } : {};
  return refuse(code, message, { command: record.id, ...retryAfter });
}
