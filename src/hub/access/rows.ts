/** What is remembered of who may come in, and of what they decided. */
import type { AuditView } from "../../protocol/record.ts";
import type { Role } from "../../protocol/words.ts";

export interface DeviceTokenRow {
  id: string;
  device: string;
  digest: string;
  createdAt: number;
  lastUsedAt: number | null;
}

export interface OperatorTokenRow {
  id: string;
  name: string;
  role: Role;
  digest: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** A panel's session or a ticket: a digest that stands for the credential it came from [I6, I7]. */
export interface GrantRow {
  id: string;
  digest: string;
  /** The operator token that it came from; the digest pins the setting's token, which has no row. */
  from: { token: string; digest: string };
  /** The session that a ticket came from, and ends with. */
  session: string | null;
  expiresAt: number;
}

export interface ClaimRow {
  id: "claim";
  digest: string;
  at: number;
}

export type AuditRow = AuditView;
