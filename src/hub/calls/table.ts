/** A device's fields over a range, side by side [Q8]. */
import { annotationsOf, type Field } from "../../kind/field.ts";
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { ArgsOf, HistoryTable } from "../call.ts";
import type { Operator } from "../access/identity.ts";
import { classOf } from "../history/kept.ts";
import type { Device } from "../devices/device.ts";
import { HOUR } from "../history/repack.ts";
import { tableOf } from "../history/table.ts";
import type { Turn } from "../turn.ts";
import { deviceOf, NO_DEVICE } from "./common.ts";
import { MOST_POINTS, noField, NOT_BEFORE } from "./reads.ts";

export function getHistoryTable(
  turn: Turn,
  _by: Operator,
  args: ArgsOf<"get_history_table">,
): Outcome<HistoryTable> {
  const { device: id, to = turn.now, from = to - HOUR, resolution } = args;
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  const fields = [...new Set(args.fields ?? toldOf(device))];
  const unknown = fields.find((field) => !Object.hasOwn(device.kind.telemetry, field));
  if (unknown !== undefined) return noField(device, unknown, "#/fields");
  if (from >= to) return NOT_BEFORE;
  if (args.points !== undefined && resolution !== undefined) {
    return refuse("bad_request", "points: not together with resolution, which is all points of that width", {
      pointer: "#/points",
    });
  }
  const points = args.points === undefined ? undefined : Math.min(MOST_POINTS, args.points);
  const columns = fields.map((field) => columnOf(device, field));
  return ok(tableOf(turn, device, columns, { from, to, points, resolution }));
}

/** Of all that every kind has, most devices tell little. */
const toldOf = ({ kind, trace }: Device): string[] =>
  Object.keys(kind.telemetry).filter((field) => Object.hasOwn(trace.values, field));

function columnOf(device: Device, field: string) {
  const { unit = null } = annotationsOf(device.kind.telemetry[field] as Field);
  return { field, kept: classOf(device, field), unit };
}
