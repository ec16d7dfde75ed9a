/** The panel's cookie [I7]. */
import { PLAIN_COOKIE, SECURE_COOKIE } from "../protocol/handshake.ts";
import type { Session } from "../hub/call.ts";
import { ok } from "../protocol/fault.ts";
import type { Answer } from "./route.ts";

const attributes = (isSecure: boolean) => `Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
const nameOf = (isSecure: boolean) => isSecure ? SECURE_COOKIE : PLAIN_COOKIE;

/** The answer's `session` goes into the cookie and nowhere else. */
export function withSession<V extends Session>({ session, ...value }: V, isSecure: boolean, now: number): Answer {
  const age = Math.floor((session.expiresAt - now) / 1000);
  const cookie = `${nameOf(isSecure)}=${session.secret}; Max-Age=${age}; ${attributes(isSecure)}`;
  return { ...ok(value), status: 201, headers: { "Set-Cookie": cookie } };
}

export const clearedSession = (isSecure: boolean): Record<string, string> => ({
  "Set-Cookie": `${nameOf(isSecure)}=; Max-Age=0; ${attributes(isSecure)}`,
});
