/** Who is speaking [I]: a credential becomes an identity, or a refusal that tells nothing. */
import type { Credential } from "../../protocol/credential.ts";
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { OperatorView } from "../../protocol/record.ts";
import { BRIDGE } from "../connections/connection.ts";
import type { Device } from "../devices/device.ts";
import type { DeviceTokenRow, GrantRow } from "./rows.ts";
import { noteUse, tokensOf } from "./tokens.ts";
import type { Turn } from "../turn.ts";

/** The credential behind an identity: `setting` is `SIGNALBOX_ADMIN_TOKEN`. */
export type Source = GrantRow["from"];
/** With the panel's session through which it speaks, whose end is its end [I7]. */
export type Operator = { sort: "operator"; from: Source; session: string | null } & OperatorView;
export type DeviceCaller = { sort: "device"; device: Device; token: DeviceTokenRow };
export type Caller = Operator | DeviceCaller;

const SETTING = "setting";
const ADMINISTRATOR: OperatorView = { id: "admin", name: "Administrator", role: "admin" };
const PROCESS: OperatorView = { id: "hub", name: "Signalbox", role: "admin" };
/** How often a use is noted, in ms: a note is a write. */
const NOTE_USE_EVERY = 60_000;

export function identify(turn: Turn, credential: Credential): Outcome<Caller> {
  switch (credential.sort) {
    case "none":
      return unauthenticated("A credential is needed");
    case "process":
      return ok({ sort: "operator", ...PROCESS, from: { token: "process", digest: "" }, session: null });
    case "bridge":
      return turn.memory.options.bridge ? ok(bridge()) : UNKNOWN;
    case "bridged":
      return bridged(turn, credential.device);
    case "token":
      return fromToken(turn, credential.token, credential.user);
    case "ticket":
      return fromGrant(turn, "ticket", splitGrant(credential.ticket, "ticket~"));
    case "cookie":
      return fromGrant(turn, "session", splitGrant(credential.secret, ""));
  }
}

/** [N20] */
const bridge = (): Operator => ({
  sort: "operator",
  id: BRIDGE,
  name: "MQTT bridge",
  role: "operator",
  from: { token: BRIDGE, digest: "" },
  session: null,
});

/** [N20] It needs no token of its own: whoever speaks for it is part of this program. */
function bridged(turn: Turn, id: string): Outcome<Caller> {
  const device = turn.memory.devices.get(id);
  if (!device || !turn.memory.options.bridge) return UNKNOWN;
  return ok({ sort: "device", device, token: { id: BRIDGE, device: id, digest: "", createdAt: 0, lastUsedAt: null } });
}

export const unauthenticated = (message: string) => refuse("unauthenticated", message);
const UNKNOWN = unauthenticated("This credential is not known, or was revoked");

function fromToken(turn: Turn, token: string, user?: string): Outcome<Caller> {
  const digest = turn.env.sha256(token);
  const operator = user === undefined ? operatorOf(turn, token, digest) : null;
  if (operator) return ok(operator);
  const dot = token.lastIndexOf(".");
  const device = turn.memory.devices.get(token.slice(0, Math.max(0, dot)));
  if (!device || (user !== undefined && user !== device.row.id)) return UNKNOWN;
  const row = tokensOf(turn, device).find((row) => isSame(row.digest, digest));
  if (!row) return UNKNOWN;
  if (isStale(row, turn.now)) noteUse(turn, device, row);
  return ok({ sort: "device", device, token: row });
}

function operatorOf(turn: Turn, token: string, digest: string): Operator | null {
  const { adminDigest } = turn.memory.options;
  if (adminDigest !== null && isSame(adminDigest, digest)) return fromSource(turn, { token: SETTING, digest });
  const [prefix, id] = token.split("~");
  return prefix === "op" && id !== undefined ? fromSource(turn, { token: id, digest }) : null;
}

/** The operator behind a credential as it is now, or null when that one is gone [I5]. */
export function fromSource(turn: Turn, from: Source): Operator | null {
  if (from.token === SETTING) {
    const { adminDigest } = turn.memory.options;
    return adminDigest !== null && isSame(adminDigest, from.digest)
      ? { sort: "operator", ...ADMINISTRATOR, from, session: null }
      : null;
  }
  // Whatever was shown has a digest: `op~bridge~…` is nobody.
  if (from.token === BRIDGE && from.digest === "") return turn.memory.options.bridge ? bridge() : null;
  const row = turn.reader.get("operator_token", from.token);
  if (!row || !isSame(row.digest, from.digest)) return null;
  if (isStale(row, turn.now)) turn.note("operator_token", { ...row, lastUsedAt: turn.now });
  return { sort: "operator", id: row.id, name: row.name, role: row.role, from, session: null };
}

/** A session or a ticket. A ticket is spent by this [I6]. */
function fromGrant(
  turn: Turn,
  table: "session" | "ticket",
  { id, secret }: { id: string; secret: string },
): Outcome<Operator> {
  const row = turn.reader.get(table, id);
  if (!row || row.expiresAt <= turn.now || !isSame(row.digest, turn.env.sha256(secret))) return UNKNOWN;
  if (table === "ticket") turn.drop("ticket", id);
  const session = table === "session" ? id : row.session ?? null;
  const operator = fromSource(turn, row.from);
  return operator && isOpen(turn, session) ? ok({ ...operator, session }) : UNKNOWN;
}

/** Does the session, where one is behind it, still last [I7]? */
export const isOpen = (turn: Turn, session: string | null): boolean =>
  session === null || (turn.reader.get("session", session)?.expiresAt ?? 0) > turn.now;

/** `<id>~<secret>` after a prefix; what has another form belongs to nobody. */
function splitGrant(text: string, prefix: string): { id: string; secret: string } {
  const [id = "", secret = ""] = text.startsWith(prefix) ? text.slice(prefix.length).split("~") : [];
  return { id, secret };
}

/** A new session or ticket for this operator; the text is shown once. */
export function grant(
  turn: Turn,
  table: "session" | "ticket",
  operator: Operator,
  life: number,
): { text: string; expiresAt: number } {
  const id = turn.id();
  const secret = turn.secret();
  const expiresAt = turn.now + life;
  const { from, session } = operator;
  turn.put(table, { id, digest: turn.env.sha256(secret), from, session, expiresAt });
  return { text: `${table === "ticket" ? "ticket~" : ""}${id}~${secret}`, expiresAt };
}

const isStale = (row: { lastUsedAt: number | null }, now: number) => now - (row.lastUsedAt ?? 0) > NOTE_USE_EVERY;

/** Digests compared without telling by the time taken where they differ [I1]. */
export function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
