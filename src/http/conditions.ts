/** What a request presumes and prefers, in its headers. */
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { KEY } from "../protocol/words.ts";

/**
 * [D4] `If-Match: "7"` as the version 7; `*` as any. A weak tag counts too: proxies that compress an answer weaken its
 * tag, and the version behind it is the same.
 */
export function readMatch(headers: Headers): Outcome<number | "any" | undefined> {
  const header = headers.get("if-match")?.trim();
  if (header === undefined) return ok(undefined);
  if (header === "*") return ok("any");
  const version = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header)?.[1];
  // A tag that this hub never gave belongs to no version.
  return version === undefined
    ? refuse("conflict", "If-Match names no version of this document", { status: 412 })
    : ok(Number(version));
}

const LONGEST_WAIT = 60;

/** [R4] `Prefer: wait=10` in seconds, among other preferences; undefined where none is told. */
export function readWait(headers: Headers): number | undefined {
  const wait = /(?:^|,)\s*wait\s*=\s*"?(\d+)"?\s*(?=[;,]|$)/i.exec(headers.get("prefer") ?? "")?.[1];
  return wait === undefined ? undefined : Math.min(LONGEST_WAIT, Number(wait));
}

/** [C20] Of a POST. */
export function readKey({ method, headers }: Request): Outcome<string | undefined> {
  const key = method === "POST" ? headers.get("idempotency-key") : null;
  if (key === null) return ok(undefined);
  return KEY.test(key) ? ok(key) : refuse("bad_request", "Idempotency-Key is 1 to 128 visible characters");
}
