/** Calls that only read: history, events, kinds, audit [R]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { EventView } from "../../protocol/record.ts";
import { annotationsOf, type Field } from "../../kind/field.ts";
import { kindDocument } from "../../kind/schema.ts";
import type { ArgsOf, List, ValueOf } from "../call.ts";
import { pointsOf, resolutionOf, type Value } from "../history.ts";
import type { Operator } from "../identity.ts";
import type { Device } from "../memory.ts";
import type { AuditRow, Sample } from "../ports.ts";
import { HOUR, samplesKey } from "../samples.ts";
import type { Turn } from "../turn.ts";
import { deviceOf, NO_DEVICE, pageOf } from "./common.ts";

const DEFAULT_POINTS = 300;
/** More than a chart has columns. */
const MOST_POINTS = 2_000;
/** Rows of samples that one answer may read: a day of a second's windows would be more. */
const MOST_ROWS = 10_000;

export function getHistory(turn: Turn, _by: Operator, args: ArgsOf<"get_history">): Outcome<ValueOf<"get_history">> {
  const { device: id, field, to = turn.now, from = to - HOUR } = args;
  const device = deviceOf(turn, id);
  if (!device) return NO_DEVICE;
  if (!Object.hasOwn(device.kind.telemetry, field)) {
    return refuse("not_found", `${device.row.kind} measures no ${field}`, { pointer: "#/field" });
  }
  if (from >= to) return refuse("bad_request", "from: must be before to", { pointer: "#/from" });
  const { class: kept = "gauge", unit = null } = annotationsOf(device.kind.telemetry[field] as Field);
  // Nothing lasted longer than until now.
  const range = { from, to: Math.min(to, turn.now), points: Math.min(MOST_POINTS, args.points ?? DEFAULT_POINTS) };
  const values = valuesOf(turn, device, field, from, to);
  return ok({ field, class: kept, unit, resolution: resolutionOf(range), points: pointsOf(values, kept, range) });
}

/** What is stored and what no flush has written yet [T8], in the order of time. */
function valuesOf(turn: Turn, device: Device, field: string, from: number, to: number): Value[] {
  const hours = { from: samplesKey(Math.floor(from / HOUR)), below: samplesKey(Math.floor(to / HOUR) + 1) };
  const rows = turn.reader.list("samples", { owner: device.row.id, ...hours, limit: MOST_ROWS, newest: true });
  // Oldest first: of one instant the order of arrival counts, as of a total's last word and its reset.
  const samples: Sample[] = [...rows.toReversed().flatMap((row) => row.samples), ...(device.connection?.samples ?? [])];
  return samples
    .filter(({ at, data }) => at >= from && at <= to && Object.hasOwn(data, field))
    .map(({ at, data }) => ({ at, value: data[field] }))
    .sort((one, other) => one.at - other.at);
}

export function listEvents(
  turn: Turn,
  _by: Operator,
  { device, ...page }: ArgsOf<"list_events">,
): Outcome<List<EventView>> {
  return deviceOf(turn, device) ? ok(pageOf(turn, "event", page, device)) : NO_DEVICE;
}

export const listKinds = (turn: Turn): Outcome<ValueOf<"list_kinds">> =>
  ok({ items: [...turn.memory.kinds.values()].map(kindDocument) });

export function getKind(turn: Turn, _by: Operator, args: ArgsOf<"get_kind">): Outcome<ValueOf<"get_kind">> {
  const kind = turn.memory.kinds.get(args.kind);
  return kind ? ok(kindDocument(kind)) : refuse("not_found", `There is no kind ${args.kind}`);
}

export const listAudit = (turn: Turn, _by: Operator, page: ArgsOf<"list_audit">): Outcome<List<AuditRow>> =>
  ok(pageOf(turn, "audit", page));
