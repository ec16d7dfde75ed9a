/** Who may come in, by REST: the claim, sessions, tokens of operators [I]. */
import * as body from "../protocol/body.ts";
import type { ValueOf } from "../hub/call.ts";
import { ok } from "../protocol/fault.ts";
import { API, ask } from "./asking.ts";
import type { Answer, Asked, Route } from "./route.ts";
import { clearedSession, withSession } from "./session.ts";

export const access: Route[] = [
  {
    method: "GET",
    path: `${API}/me`,
    tag: "Access",
    who: "anybody",
    summary: "Who am I; the refusal is the one that an upgrade would get",
    status: 200,
    answer: "{type, id, name, role?}",
    run: async (asked) => {
      const me = await ask(asked, "me", { upgrade: true });
      const isPlain = me.ok && asked.caller.sort === "cookie" && !asked.isSecure;
      return isPlain ? ok({ ...me.value, insecure: true }) : me;
    },
  },
  {
    method: "POST",
    path: `${API}/claim`,
    tag: "Access",
    who: "anybody",
    summary: "The first administrator, by the code from the hub's log",
    body: body.claim,
    status: 201,
    answer: "{id, name, role, token} and the session cookie",
    run: (asked) => signedIn(asked, "claim"),
  },
  {
    method: "POST",
    path: `${API}/session`,
    tag: "Access",
    who: "anybody",
    summary: "Sign the panel in with a token",
    body: body.newSession,
    status: 201,
    answer: "{id, name, role} and the session cookie",
    run: (asked) => signedIn(asked, "open_session"),
  },
  {
    method: "DELETE",
    path: `${API}/session`,
    tag: "Access",
    who: "anybody",
    summary: "Sign out; sockets of this session close with 4500",
    status: 204,
    answer: "nothing",
    run: async (asked) => ({ ...await ask(asked, "close_session", {}), headers: clearedSession(asked.isSecure) }),
  },
  {
    method: "POST",
    path: `${API}/tickets`,
    tag: "Access",
    who: "viewer",
    summary: "A ticket for one WebSocket upgrade within 30 s",
    body: body.nothing,
    status: 201,
    answer: "{ticket, expiresAt}",
    run: (asked) => ask(asked, "create_ticket", {}),
  },
  {
    method: "POST",
    path: `${API}/tokens`,
    tag: "Access",
    who: "admin",
    summary: "An operator's token, shown this once",
    body: body.newToken,
    status: 201,
    answer: "{id, name, role, token}",
    run: (asked) => ask(asked, "create_token", asked.body),
  },
  {
    method: "GET",
    path: `${API}/tokens`,
    tag: "Access",
    who: "admin",
    summary: "The operators' tokens, without their secrets",
    query: body.page,
    status: 200,
    answer: "{items, next, total}",
    run: (asked) => ask(asked, "list_tokens", asked.query),
  },
  {
    method: "DELETE",
    path: `${API}/tokens/{id}`,
    tag: "Access",
    who: "admin",
    summary: "Revoke an operator's token; its sockets close with 4501",
    status: 204,
    answer: "nothing",
    run: (asked) => ask(asked, "delete_token", { token: asked.params.id }),
  },
];

async function signedIn(asked: Asked, name: "claim" | "open_session"): Promise<Answer> {
  const entered = await ask(asked, name, asked.body);
  return entered.ok ? withSession<ValueOf<typeof name>>(entered.value, asked.isSecure, asked.now) : entered;
}
