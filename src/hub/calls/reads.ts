/** Calls that only read: history, events, kinds [R]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { EventView } from "../../protocol/record.ts";
import { annotationsOf, type Field } from "../../kind/field.ts";
import { kindDocument } from "../../kind/schema.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { answer } from "../history/answer.ts";
import type { Operator } from "../access/identity.ts";
import { classOf } from "../history/kept.ts";
import type { Device } from "../devices/device.ts";
import { HOUR } from "../history/repack.ts";
import type { Turn } from "../turn.ts";
import { deviceOf, NO_DEVICE, ownPageOf } from "./common.ts";

const DEFAULT_POINTS = 300;
/** More than a chart has columns. */
export const MOST_POINTS = 2_000;

export const NOT_BEFORE = refuse("bad_request", "from: must be before to", { pointer: "#/from" });
export const noField = ({ row }: Device, field: string, pointer: string) =>
  refuse("not_found", `${row.kind} measures no ${field}`, { pointer });

export function getHistory(turn: Turn, _by: Operator, args: ArgsOf<"get_history">): Outcome<ValueOf<"get_history">> {
  const { device: id, field, to = turn.now, from = to - HOUR } = args;
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  if (!Object.hasOwn(device.kind.telemetry, field)) return noField(device, field, "#/field");
  if (from >= to) return NOT_BEFORE;
  const { unit = null } = annotationsOf(device.kind.telemetry[field] as Field);
  const kept = classOf(device, field);
  const points = Math.min(MOST_POINTS, args.points ?? DEFAULT_POINTS);
  return ok({ field, class: kept, unit, ...answer(turn, device, field, kept, { from, to, points }) });
}

export const listEvents = (turn: Turn, _by: Operator, args: ArgsOf<"list_events">): Outcome<List<EventView>> =>
  ownPageOf(turn, "event", args);

export const listKinds = (turn: Turn): Outcome<ValueOf<"list_kinds">> =>
  ok({ items: [...turn.memory.kinds.values()].map(kindDocument) });

export function getKind(turn: Turn, _by: Operator, args: ArgsOf<"get_kind">): Outcome<ValueOf<"get_kind">> {
  const kind = turn.memory.kinds.get(args.kind);
  return kind ? ok(kindDocument(kind)) : refuse("not_found", `There is no kind ${args.kind}`);
}
