/** A standard WebSocket cannot read why its upgrade was refused: `GET /api/v1/me` can [H5]. */
import type { Clock } from "./clock.ts";
import { type Ending, endingOfRefusal, mishap } from "./ending.ts";

export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Pick<Response, "ok" | "status" | "headers" | "json" | "body">>;

const PATIENCE_MS = 10_000;

/** Why a socket never opened, as far as it can be told. */
export async function whyRefused(me: string, token: string, fetch: Fetch | undefined, clock: Clock): Promise<Ending> {
  if (!fetch) return unreachable;
  const late = new AbortController();
  const stop = clock.after(PATIENCE_MS, () => late.abort());
  try {
    const answer = await fetch(me, { headers: { Authorization: `Bearer ${token}` }, signal: late.signal });
    if (answer.ok) {
      await answer.body?.cancel();
      return mishap("connection_lost", "the hub answers and knows this device, but the WebSocket did not open");
    }
    const problem = await answer.json().catch(() => ({}));
    const retryAfter = Number(answer.headers.get("retry-after") ?? NaN);
    return { ...endingOfRefusal(answer.status, problem ?? {}), ...(retryAfter >= 0 && { retryAfter }) };
  } catch {
    return unreachable;
  } finally {
    stop();
  }
}

const unreachable = mishap("unreachable", "the hub cannot be reached");
