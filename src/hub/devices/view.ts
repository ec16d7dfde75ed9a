/** A device as REST and watches show it, computed when somebody asks. */
import { matches, type Query } from "../../protocol/query.ts";
import type { Queried } from "../../protocol/queried.ts";
import type { DesiredDocument, DeviceView } from "../../protocol/record.ts";
import { standingsOf } from "../../protocol/standing.ts";
import { estopView } from "../control/latched.ts";
import { leaseOf, leaseView } from "../control/lease.ts";
import type { Device } from "./device.ts";
import type { DeviceRow } from "./rows.ts";
import { deadlineOf, type Evidence, type Standing, standingOf } from "./presence.ts";
import type { Turn } from "../turn.ts";

type Asked = Pick<Turn, "now" | "env" | "memory">;

export const standing = (asked: Asked, device: Device): Standing => standingOf(evidenceFor(asked, device), asked.now);

/** What says whether it is there. */
export function evidenceFor({ env }: Pick<Asked, "env">, { connection, kind, row, trace }: Device): Evidence {
  const pingedAt = connection ? env.pingedAt(connection.id) : null;
  return { kind, createdAt: row.createdAt, trace, connection, pingedAt };
}

/** Since when its connection has been silent for too long; null while it is not, or has none. */
export function lostAt({ now, env }: Asked, { connection, kind }: Device): number | null {
  if (!connection) return null;
  const at = deadlineOf(kind, connection, env.pingedAt(connection.id));
  return at <= now ? at : null;
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

export function seenAt({ env }: Pick<Asked, "env">, { connection, trace }: Device): number | null {
  const pingedAt = connection ? env.pingedAt(connection.id) : null;
  return pingedAt !== null && pingedAt > (trace.seen ?? 0) ? pingedAt : trace.seen;
}

/** What a query looks at of it, without the cost of a whole view [O10]. */
export function queriedOf(asked: Asked, device: Device, presence = standing(asked, device).presence): Queried {
  const { row, trace } = device;
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    tags: row.tags,
    presence,
    seen: seenAt(asked, device),
    createdAt: row.createdAt,
    firmware: trace.firmware,
    telemetry: trace.values,
    reported: row.reported,
    isStopped: row.estop !== null,
    isDriven: leaseOf(asked, device) !== null,
  };
}

/** The devices that it finds now. */
export const devicesOf = (asked: Asked, query: Query): Device[] =>
  [...asked.memory.devices.values()].filter((device) => matches(query, queriedOf(asked, device), asked.now));

/** A row is replaced where anything of it changes: what follows from it is worked out once. */
const documents = new WeakMap<DeviceRow, DesiredDocument>();

/** The document as it is shown, with how its fields stand [D8]. */
export function desiredOf({ row }: Device): DesiredDocument {
  const known = documents.get(row);
  if (known) return known;
  const document = { ...row.desired, applied: row.applied };
  const shown = { ...document, standing: standingsOf(document, row.reported) };
  documents.set(row, shown);
  return shown;
}
