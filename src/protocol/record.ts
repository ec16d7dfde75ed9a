/** What both sides see of a device and of a command: the shapes that REST, sockets and the panel share. */
import type { Presence, Role } from "./words.ts";
import type { FaultCode } from "./fault.ts";

export type Effect = "once" | "set" | "query" | "stream";

export const FINAL = ["succeeded", "failed", "rejected", "expired", "cancelled", "superseded", "unknown"] as const;
export type FinalStatus = typeof FINAL[number];
export const STATUSES = ["accepted", "sent", "received", ...FINAL] as const;
export type Status = typeof STATUSES[number];

export const isFinal = (status: Status): status is FinalStatus => (FINAL as readonly string[]).includes(status);

/** A command as the ledger shows it. Times in ms since the epoch. */
export interface CommandRecord {
  id: string;
  device: string;
  name: string;
  params: Record<string, unknown>;
  effect: Effect;
  status: Status;
  by: { id: string; name: string };
  createdAt: number;
  expiresAt: number;
  dueAt?: number;
  attempt?: number;
  sentAt?: number;
  receivedAt?: number;
  finishedAt?: number;
  progress?: { percent?: number; note?: string; at: number };
  value?: unknown;
  unchecked?: true;
  error?: { code: FaultCode | (string & Record<never, never>); message: string };
  late?: { at: number; ok: boolean; value?: unknown; error?: { code: string; message: string } };
  cancelAt?: number;
  fence?: number;
  key?: string;
  /** The job that it is part of [J]. */
  job?: string;
}

/** A decision as the audit shows it [A]; what was written before there were chains has nothing of one. */
export interface AuditView {
  id: string;
  at: number;
  /** An operator or the hub, where `sort` says nothing else. */
  who: { id: string; name: string; sort?: "device" | "nobody" };
  what: string;
  target: string;
  outcome: string;
  detail?: Record<string, unknown>;
  chain?: string;
  n?: number;
  prev?: string;
  prevAt?: number;
  hash?: string;
}

/** The newest value of a field. `clock: "wrong"`: filed under arrival, the device's time was not believable [T3]. */
export interface LastValue {
  value: unknown;
  at: number;
  clock?: "wrong";
  /** How far the device's time was ahead, or behind where it is negative, in ms; the hub does not keep it. */
  off?: number;
}

export interface Applied {
  version: number;
  ok: boolean;
  at: number;
  errors?: { field: string; code: string; message: string }[];
}

/** How a desired field stands; `why` is the device's own word on what it refused [D8]. */
export interface FieldStanding {
  state: "in_sync" | "pending" | "refused" | "diverged";
  why?: string;
}

export interface DesiredDocument {
  version: number;
  state: Record<string, unknown>;
  applied: Applied | null;
  standing: Record<string, FieldStanding>;
}

interface Person {
  id: string;
  name: string;
}

/** Who drives a device, in ms since the epoch; nobody, after a release [G]. */
export interface LeaseView {
  fence: number;
  holder: Person | null;
  expiresAt: number | null;
}

/** A latched emergency stop [E]. */
export interface EstopView {
  at: number;
  by: Person;
  reason: string;
  /** `hub`: its kind has no `stop`, so the device knows nothing of it. */
  reach: "device" | "hub";
  /** The newest `stop` that was sent for it, and when one succeeded. */
  command: string | null;
  confirmedAt: number | null;
}

/** A command that is reserved for its operator, and what it would do [C22, C23]. */
export interface SelectionView {
  select: string;
  expiresAt: number;
  preview: Preview;
}

export interface Preview {
  name: string;
  title: string;
  params: Record<string, unknown>;
  effect: Effect;
  danger: "none" | "confirm" | "type";
  /** Seconds. */
  ttl: number;
  presence: Presence;
  confirms?: { field: string; is: unknown; at: number | null; becomes: unknown };
}

/** A device as REST and watches show it. */
export interface DeviceView {
  id: string;
  kind: string;
  name: string;
  tags: string[];
  presence: Presence;
  since: number;
  reason?: string;
  seen: number | null;
  createdAt: number;
  telemetry: Record<string, LastValue>;
  reported: Record<string, unknown>;
  /** When each reported field was last told. */
  reportedAt: Record<string, number>;
  desired: DesiredDocument;
  firmware: string | null;
  flags: string[];
  /** Commands that are not final. */
  pending: number;
  lease: (LeaseView & { since: number }) | null;
  estop: EstopView | null;
}

export interface OperatorView {
  id: string;
  name: string;
  role: Role;
}

/** Somebody who looks at a device, and over how many connections [O16]. */
export interface LookerView extends Person {
  windows: number;
}

/** A blob that is stored, without its bytes [B8]. */
export interface BlobView {
  id: string;
  device: string;
  mime: string;
  size: number;
  sha256: string;
  at: number;
  /** The command that it answers. */
  command?: string;
}

/** A part of a list of the whole fleet, newest first, which nobody counts; `next` is null at the end only [R15]. */
export interface Stretch<T> {
  items: T[];
  next: string | null;
}

export interface EventView {
  id: string;
  device: string;
  name: string;
  data: Record<string, unknown>;
  at: number;
  clock?: "wrong";
}
