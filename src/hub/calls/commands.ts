/** Calls on the ledger and on what is desired [C, D]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { type CommandRecord, isFinal } from "../../protocol/record.ts";
import { roleOpens } from "../../protocol/words.ts";
import { auditRefusal } from "../access/audit.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { cancel } from "../commands/cancel.ts";
import { dispatch } from "../commands/dispatch.ts";
import { keptRecord } from "../commands/ledger.ts";
import { desire as change } from "../devices/desired.ts";
import { accept } from "../commands/door.ts";
import type { Operator } from "../access/identity.ts";
import { estopSentence } from "../control/latched.ts";
import type { Turn } from "../turn.ts";
import { desiredOf } from "../devices/view.ts";
import { deviceOf, NO_DEVICE, ownPageOf } from "./common.ts";

export function sendCommand(
  turn: Turn,
  by: Operator,
  { device: id, ...args }: ArgsOf<"send_command">,
  key?: string,
): Outcome<CommandRecord> {
  const device = deviceOf(turn, id);
  return device ? accept(turn, by, device, { ...args, key }) : NO_DEVICE;
}

const recordOf = (turn: Turn, id: string): CommandRecord | undefined =>
  turn.memory.commands.get(id)?.record ?? keptRecord(turn, id);

const NO_COMMAND = refuse("not_found", "There is no such command");

function found(turn: Turn, id: string): Outcome<CommandRecord> {
  const record = recordOf(turn, id);
  return record ? ok(record) : NO_COMMAND;
}

/** A repeat of a command's call shows how far the command is by now, unless it went with its device. */
export const currentRecord = (turn: Turn, { id }: CommandRecord): Outcome<CommandRecord> => found(turn, id);

export const getCommand = (turn: Turn, _by: Operator, { command }: ArgsOf<"get_command">): Outcome<CommandRecord> =>
  found(turn, command);

export const listCommands = (turn: Turn, _by: Operator, args: ArgsOf<"list_commands">): Outcome<List<CommandRecord>> =>
  ownPageOf(turn, "command", args);

/** [C16] What is not sent yet ends here; what is with the device ends as the device says. */
export function cancelCommand(turn: Turn, by: Operator, { command }: ArgsOf<"cancel_command">): Outcome<CommandRecord> {
  const record = recordOf(turn, command);
  if (!record) return NO_COMMAND;
  const open = turn.memory.commands.get(command);
  const device = deviceOf(turn, record.device);
  if (!open || !device || isFinal(record.status)) {
    return refuse("conflict", `The command is ${record.status} already`, { command });
  }
  if (!roleOpens(by.role, open.spec.role)) {
    auditRefusal(turn, by, "cancel", record.device, "forbidden", { command });
    return refuse("forbidden", `Cancelling ${record.name} needs the role ${open.spec.role}`);
  }
  // [E4] Or else the red button could be undone without a word.
  if (device.row.estop && record.name === "stop") return refuse("estop", estopSentence(device));
  turn.audit(by, "cancel", record.device, "accepted", { command });
  const cancelled = cancel(turn, device, open, { code: "cancelled", message: `Cancelled by ${by.name}` });
  dispatch(turn, device);
  return ok(cancelled);
}

export function getDesired(
  turn: Turn,
  _by: Operator,
  { device: id }: ArgsOf<"get_desired">,
): Outcome<ValueOf<"get_desired">> {
  const device = deviceOf(turn, id);
  return device ? ok(desiredOf(device)) : NO_DEVICE;
}

export function desire(
  turn: Turn,
  by: Operator,
  { device: id, ...args }: ArgsOf<"desire">,
): Outcome<ValueOf<"desire">> {
  const device = deviceOf(turn, id);
  return device ? change(turn, by, device, args) : NO_DEVICE;
}
