/** Who is signed in: asked once, changed by signing in, out or by a refusal [H5, I7, I9]. */
import type { OperatorView } from "../../protocol/record.ts";
import { faultOf } from "./fault.ts";
import { rest } from "./rest.ts";
import { valueOf } from "./value.ts";

export type Me = OperatorView & { insecure?: true };

export type Session =
  | { state: "asking" }
  | { state: "in"; me: Me }
  /** `why` is said on the sign-in screen: a revoked token, a session that ended. */
  | { state: "out"; why: string | null }
  | { state: "unreachable"; message: string };

export const session = valueOf<Session>({ state: "asking" });

/** True when the hub knows us; a hub that does not answer changes nothing for somebody who is in. */
export async function askWho(): Promise<boolean> {
  try {
    const me = await rest<Me & { type: string }>("GET", "/api/v1/me");
    session.set({ state: "in", me });
    return true;
  } catch (thrown) {
    const { code, message } = faultOf(thrown);
    if (code === "unauthenticated" || code === "forbidden") {
      session.set({ state: "out", why: session.get().state === "in" ? "Your session has ended." : null });
      return false;
    }
    if (session.get().state !== "in") session.set({ state: "unreachable", message });
    return session.get().state === "in";
  }
}

export async function signIn(token: string): Promise<void> {
  await rest("POST", "/api/v1/session", { token });
  if (!await askWho()) throw new Error("The browser did not keep the session's cookie.");
}

export async function signOut(why: string | null = null): Promise<void> {
  try {
    await rest("DELETE", "/api/v1/session");
  } finally {
    session.set({ state: "out", why });
  }
}

export interface Claimed extends OperatorView {
  token: string;
}

export const claim = (code: string, name: string) => rest<Claimed>("POST", "/api/v1/claim", { code, name });

/** The code rides in the fragment, which no server sees, and leaves the address bar at once [I9]. */
export function takeClaimCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get("claim");
  if (code !== null) history.replaceState(null, "", location.pathname + location.search);
  return code;
}
