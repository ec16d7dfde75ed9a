/** Calls about who may come in: who am I, the claim, sessions, tickets, operators' tokens [I]. */
import type { Credential } from "../../protocol/credential.ts";
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { OperatorView } from "../../protocol/record.ts";
import { roleOpens } from "../../protocol/words.ts";
import type { ArgsOf, Me, Session, ValueOf } from "../call.ts";
import { auditRefusal, auditRefusedCall, refuseDevice } from "../access/audit.ts";
import { NOBODY } from "../access/by.ts";
import { withdrawOf } from "../commands/cancel.ts";
import { codeOpens } from "../access/claim.ts";
import { grant, identify, type Operator, unauthenticated } from "../access/identity.ts";
import { SESSION_LIFE } from "../retention.ts";
import { refuseClone } from "../devices/clone.ts";
import type { Turn } from "../turn.ts";
import { pageOf } from "./common.ts";
import { dropViewsOf } from "./views.ts";

/** [H5] With `upgrade` it is refused as the device's next connection would be. */
export function me(turn: Turn, credential: Credential, { upgrade = false }: ArgsOf<"me">): Outcome<Me> {
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (caller.value.sort === "operator") return ok({ type: "operator", ...viewOf(caller.value) });
  const { device } = caller.value;
  const { id, name } = device.row;
  return (upgrade ? refuseClone(turn, device) : null) ?? ok({ type: "device", id, name });
}

/** [R2] The call decides again; what it would refuse for other reasons is its own. */
export function admit(
  turn: Turn,
  credential: Credential,
  { who, call, device }: ArgsOf<"admit">,
): Outcome<null> {
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (who === "device") return ok(null);
  if (caller.value.sort === "device") return refuseDevice(turn, caller.value, call, device);
  if (roleOpens(caller.value.role, who)) return ok(null);
  auditRefusedCall(turn, caller.value, call, device);
  return refuse("forbidden", `This needs the role ${who}`);
}

const viewOf = ({ id, name, role }: OperatorView): OperatorView => ({ id, name, role });

/** [I9] The first administrator, once. */
export function claim(
  turn: Turn,
  _credential: Credential,
  { code, name = "Administrator" }: ArgsOf<"claim">,
): Outcome<ValueOf<"claim">> {
  const refused = codeOpens(turn, code);
  if (refused) {
    if (!refused.ok && refused.fault.code === "unauthenticated") strange(turn, "claim");
    return refused;
  }
  turn.drop("claim", "claim");
  const { operator, token } = newOperator(turn, name, "admin");
  turn.audit(operator, "claim", operator.id);
  return ok({ ...viewOf(operator), token, ...newSession(turn, operator) });
}

/** [A3] Somebody tried a code or a token that opens nothing. */
const strange = (turn: Turn, what: string): void => auditRefusal(turn, NOBODY, what, "", "unauthenticated");

function newOperator(turn: Turn, name: string, role: OperatorView["role"]): { operator: Operator; token: string } {
  const id = turn.id();
  const token = `op~${id}~${turn.secret()}`;
  const digest = turn.env.sha256(token);
  turn.put("operator_token", { id, name, role, digest, createdAt: turn.now, lastUsedAt: null });
  return { operator: { sort: "operator", id, name, role, from: { token: id, digest }, session: null }, token };
}

function newSession(turn: Turn, operator: Operator): Session {
  const { text, expiresAt } = grant(turn, "session", operator, SESSION_LIFE);
  return { session: { secret: text, expiresAt } };
}

/** [I7] The panel signs in by pasting a token. */
export function openSession(
  turn: Turn,
  _credential: Credential,
  { token }: ArgsOf<"open_session">,
): Outcome<ValueOf<"open_session">> {
  const caller = identify(turn, { sort: "token", token });
  if (!caller.ok || caller.value.sort === "device") {
    strange(turn, "sign_in");
    return caller.ok ? unauthenticated("This is a device's token; the panel takes an operator's") : caller;
  }
  turn.audit(caller.value, "sign_in", caller.value.id);
  return ok({ ...viewOf(caller.value), ...newSession(turn, caller.value) });
}

/** Signing out ends the session everywhere it is open. */
export function closeSession(turn: Turn, credential: Credential): Outcome<null> {
  const caller = identify(turn, credential);
  if (!caller.ok || caller.value.sort !== "operator" || caller.value.session === null) return ok(null);
  const { session } = caller.value;
  turn.drop("session", session);
  turn.audit(caller.value, "sign_out", caller.value.id);
  for (const connection of turn.memory.operators()) {
    if (connection.session === session) turn.close(connection, "signed_out");
  }
  return ok(null);
}

const TICKET_LIFE = 30_000;

/** [I6] One upgrade as the caller, within half a minute. */
export function createTicket(turn: Turn, by: Operator): Outcome<ValueOf<"create_ticket">> {
  const { text, expiresAt } = grant(turn, "ticket", by, TICKET_LIFE);
  return ok({ ticket: text, expiresAt });
}

export function createToken(
  turn: Turn,
  by: Operator,
  { name, role }: ArgsOf<"create_token">,
): Outcome<ValueOf<"create_token">> {
  const { operator, token } = newOperator(turn, name, role);
  turn.audit(by, "create_token", operator.id, "done", { name, role });
  return ok({ ...viewOf(operator), token });
}

export function listTokens(turn: Turn, _by: Operator, page: ArgsOf<"list_tokens">): Outcome<ValueOf<"list_tokens">> {
  const { items, ...rest } = pageOf(turn, "operator_token", page);
  return ok({ items: items.map(({ digest: _, ...view }) => view), ...rest });
}

/** Its sockets go at once, its sessions and tickets with it [I5]. */
export function deleteToken(turn: Turn, by: Operator, { token }: ArgsOf<"delete_token">): Outcome<null> {
  const row = turn.reader.get("operator_token", token);
  if (!row) return refuse("not_found", "There is no such token");
  turn.drop("operator_token", token);
  turn.erase("session", token);
  turn.erase("ticket", token);
  dropViewsOf(turn, token);
  turn.audit(by, "delete_token", token);
  for (const connection of turn.memory.operators()) {
    if (connection.from.token === token) turn.close(connection, "revoked");
  }
  withdrawOf(turn, row);
  return ok(null);
}
