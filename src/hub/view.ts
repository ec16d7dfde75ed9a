/** A device as REST and watches show it, computed when somebody asks. */
import { matches, type Query } from "../protocol/query.ts";
import type { Queried } from "../protocol/queried.ts";
import type { DesiredDocument, DeviceView } from "../protocol/record.ts";
import { standingsOf } from "../protocol/standing.ts";
import { estopView } from "./latched.ts";
import { leaseOf, leaseView } from "./lease.ts";
import type { Device } from "./memory.ts";
import { type Standing, standingOf } from "./presence.ts";
import type { Turn } from "./turn.ts";

type Asked = Pick<Turn, "now" | "env" | "memory">;

export function standing({ now, env }: Asked, device: Device): Standing {
  const { connection, kind, trace } = device;
  const pingedAt = connection ? env.pingedAt(connection.id) : null;
  return standingOf({ kind, createdAt: device.row.createdAt, trace, connection, pingedAt }, now);
}

export function viewOf(asked: Asked, device: Device): DeviceView {
  const { row, trace } = device;
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    tags: row.tags,
    ...standing(asked, device),
    seen: seenAt(asked, device),
    createdAt: row.createdAt,
    telemetry: trace.values,
    reported: row.reported,
    reportedAt: row.reportedAt,
    desired: desiredOf(device),
    firmware: trace.firmware,
    flags: row.flags,
    pending: device.open.length,
    lease: leaseView(asked, device),
    estop: estopView(device),
  };
}

function seenAt({ env }: Asked, { connection, trace }: Device): number | null {
  const pingedAt = connection ? env.pingedAt(connection.id) : null;
  return pingedAt !== null && pingedAt > (trace.seen ?? 0) ? pingedAt : trace.seen;
}

/** What a query looks at of it, without the cost of a whole view [O10]. */
export function queriedOf(asked: Asked, device: Device): Queried {
  const { row, trace } = device;
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    tags: row.tags,
    presence: standing(asked, device).presence,
    seen: seenAt(asked, device),
    telemetry: trace.values,
    reported: row.reported,
    isStopped: row.estop !== null,
    isDriven: leaseOf(asked, device) !== null,
  };
}

/** The devices that it finds now. */
export const devicesOf = (asked: Asked, query: Query): Device[] =>
  [...asked.memory.devices.values()].filter((device) => matches(query, queriedOf(asked, device), asked.now));

/** The document as it is shown, with how its fields stand [D8]. */
export function desiredOf({ row: { desired, applied, reported } }: Device): DesiredDocument {
  const document = { ...desired, applied };
  return { ...document, standing: standingsOf(document, reported) };
}

/** The parts that an operator asked for [O2, O5]. */
interface Wanted {
  device?: string;
  fields?: string[];
  include?: readonly string[];
}

/** Top-level keys by part of `include`; whatever is in none of them is always shown. */
const PARTS: Record<string, readonly (keyof DeviceView)[]> = {
  telemetry: ["telemetry"],
  state: ["reported", "reportedAt", "desired"],
  presence: ["presence", "since", "reason", "seen"],
};

export function project(view: DeviceView, { device, fields, include }: Wanted): Partial<DeviceView> {
  const shown = include ? withParts(view, include) : view;
  return fields && device === undefined ? withFields(shown, fields) : shown;
}

function withParts(view: DeviceView, include: readonly string[]): Partial<DeviceView> {
  const hidden = Object.entries(PARTS).filter(([part]) => !include.includes(part)).flatMap(([, keys]) => keys);
  return pick(view, (key) => !hidden.includes(key as keyof DeviceView)) as Partial<DeviceView>;
}

/** A name is a key of the device itself, or of its telemetry, or of its reported state. */
function withFields(view: Partial<DeviceView>, fields: readonly string[]): Partial<DeviceView> {
  const isNamed = (key: string) => fields.includes(key);
  const nested = {
    telemetry: pick(view.telemetry ?? {}, isNamed),
    reported: pick(view.reported ?? {}, isNamed),
    reportedAt: pick(view.reportedAt ?? {}, isNamed),
  };
  const inside = Object.fromEntries(Object.entries(nested).filter(([, part]) => Object.keys(part).length > 0));
  return { ...inside, ...pick(view, (key) => key === "id" || isNamed(key)) };
}

const pick = (from: object, keep: (key: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => keep(key)));
