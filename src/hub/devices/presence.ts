/** Whether a device is there [P]: computed from evidence whenever somebody asks, written by nobody. */
import type { AnyKind } from "../../kind/kind.ts";
import type { Presence } from "../../protocol/words.ts";
import type { DeviceConnection } from "../connections/connection.ts";
import type { TraceRow } from "./rows.ts";

export interface Standing {
  presence: Presence;
  since: number;
  reason?: string;
}

/** What is known of a device that says whether it is there. */
export interface Evidence {
  kind: AnyKind;
  createdAt: number;
  trace: TraceRow;
  connection: DeviceConnection | null;
  /** When the runtime last answered a `ping` on the connection. */
  pingedAt: number | null;
}

/** Silences after which a device is suspect, then offline, in ms. */
interface Patience {
  suspect: number;
  offline: number;
}

/** [P3] What a `ping` promised, [M9] or MQTT's keep-alive, or [P4] what is ordinary for the kind. */
const patienceOf = (kind: AnyKind, promised: boolean, every = kind.heartbeat): Patience =>
  promised
    ? { suspect: every * 1250, offline: every * 1500 }
    : { suspect: kind.stale * 1000, offline: kind.stale * 2000 };

const patienceOn = (kind: AnyKind, connection: DeviceConnection | null, pingedAt: number | null): Patience =>
  patienceOf(
    kind,
    connection !== null && (connection.promisedAt !== null || pingedAt !== null),
    connection?.mqtt?.keepAlive,
  );

/** The newest proof of life on a connection [P2]. */
export const evidenceOf = (connection: { evidence: number }, pingedAt: number | null): number =>
  Math.max(connection.evidence, pingedAt ?? 0);

export function standingOf(device: Evidence, now: number): Standing {
  const { kind, connection, trace } = device;
  if (connection) return connectedOr(device, connection, now);
  if (trace.seen === null) return { presence: "new", since: device.createdAt };
  if (isAsleep(kind, trace.seen, now)) return { presence: "sleeping", since: trace.gone?.at ?? trace.seen };
  if (trace.posting !== null) return silence(now, trace.seen, trace.posting, patienceOf(kind, false), "silent");
  // Its connection's end was never written: the hub ended first.
  if (trace.gone === null) return { presence: "offline", since: trace.seen, reason: "hub_restarted" };
  return { presence: "offline", since: trace.gone.at, reason: trace.gone.reason };
}

/** When that changes next, should nothing more come: then or later, and null for never. */
export function changesAt({ kind, trace, connection, pingedAt }: Evidence, now: number): number | null {
  const seen = connection ? evidenceOf(connection, pingedAt) : trace.seen;
  if (seen === null) return null;
  const { suspect, offline } = patienceOn(kind, connection, pingedAt);
  const silences = connection || trace.posting !== null ? [suspect, offline] : [];
  const next = Math.min(...[...silences, kind.sleeps * 1000].map((silence) => seen + silence).filter((at) => at > now));
  return next < Infinity ? next : null;
}

/** A connection that was silent for too long is none: what it was then is the same whether or not it was closed yet. */
function connectedOr({ kind, pingedAt }: Evidence, connection: DeviceConnection, now: number): Standing {
  const seen = evidenceOf(connection, pingedAt);
  const patience = patienceOn(kind, connection, pingedAt);
  const standing = silence(now, seen, connection.openedAt, patience, lostReason(connection));
  const isLost = standing.presence === "offline";
  return isLost && isAsleep(kind, seen, now) ? { presence: "sleeping", since: standing.since } : standing;
}

/** [M10] Over MQTT a device says itself why it is gone. */
export const lostReason = ({ mqtt }: DeviceConnection): string => mqtt?.will ?? "heartbeat_lost";

const isAsleep = (kind: AnyKind, seen: number, now: number): boolean =>
  kind.sleeps > 0 && now - seen < kind.sleeps * 1000;

/** When this connection will have been silent for too long, should nothing more come. */
export function deadlineOf(kind: AnyKind, connection: DeviceConnection, pingedAt: number | null): number {
  return evidenceOf(connection, pingedAt) + patienceOn(kind, connection, pingedAt).offline;
}

function silence(now: number, seen: number, begun: number, patience: Patience, reason: string): Standing {
  const silent = now - seen;
  if (silent < patience.suspect) return { presence: "online", since: begun };
  if (silent < patience.offline) return { presence: "suspect", since: seen + patience.suspect };
  return { presence: "offline", since: seen + patience.offline, reason };
}
