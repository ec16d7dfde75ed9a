/** Refusals as problem+json [R2]. */
import { type Fault, FAULTS, statusOf } from "../protocol/fault.ts";

const MOST_ERRORS = 5;
const TITLES: Record<number, string> = {
  404: "Not found",
  405: "Method not allowed",
  412: "Precondition failed",
  413: "Content too large",
  426: "Upgrade required",
  428: "Precondition required",
};

/** Seconds to leave the hub alone, where the fault itself does not say. */
const RETRY_AFTER: Record<number, number> = { 429: 1, 503: 5 };

/** `origin` is where the pages about codes are. */
export function problem(fault: Fault, origin: string, headers: Record<string, string> = {}): Response {
  const { code, message, command } = fault;
  const status = statusOf(fault);
  const retryAfter = fault.retryAfter ?? RETRY_AFTER[status];
  const errors = fault.errors ??
    (fault.pointer === undefined ? undefined : [{ pointer: fault.pointer, detail: message }]);
  const body = {
    type: `${origin}/docs/errors/${code}`,
    title: fault.status === undefined ? FAULTS[code].title : TITLES[status] ?? FAULTS[code].title,
    status,
    detail: message,
    code,
    retryable: FAULTS[code].retryable,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(command !== undefined && { command }),
    ...(errors && { errors: errors.slice(0, MOST_ERRORS) }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(status === 401 && { "WWW-Authenticate": 'Bearer realm="signalbox"' }),
      ...(retryAfter !== undefined && { "Retry-After": String(retryAfter) }),
      ...headers,
    },
  });
}
