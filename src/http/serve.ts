/** A call of REST, from the request by way of the hub to the response. */
import type { z } from "zod";
import type { Credential } from "../protocol/credential.ts";
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { isAllowed, readCredential } from "../protocol/handshake.ts";
import { check, readJson } from "./body.ts";
import { readKey } from "./conditions.ts";
import { allowedOrigins, isSecure, originOf, type Place } from "./origin.ts";
import type { Answer, Asked, HubPort, Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

export interface Serving extends Place {
  hub: HubPort;
  now(): number;
}

/** Everything that is asked of a call before the hub hears of it, in the order in which it is refused. */
export async function serve(
  options: Serving,
  route: Route,
  request: Request,
  params: Record<string, string>,
): Promise<Answer> {
  const caller = readCredential(request.headers);
  if (!caller.ok) return caller;
  if (caller.value.sort === "cookie") {
    const foreign = checkCookie(request, () => allowedOrigins(request, options));
    if (foreign) return foreign;
  }
  const stranger = (route.body || route.query) && await refuseStranger(options.hub, route, params, caller.value);
  if (stranger) return stranger;
  const key = readKey(request);
  if (!key.ok) return key;
  // Unknown parameters of a query are left alone: proxies and links add their own.
  const query = route.query ? check(route.query, Object.fromEntries(new URL(request.url).searchParams)) : ok({});
  if (!query.ok) return query;
  const body = route.body ? await readBody(route.body, request) : ok(undefined);
  if (!body.ok) return body;
  const asked: Asked = {
    request,
    params,
    query: query.value,
    body: body.value,
    caller: caller.value,
    hub: options.hub,
    key: key.value,
    get isSecure() {
      return isSecure(request, options);
    },
    get origin() {
      return originOf(request, options);
    },
    now: options.now(),
  };
  return await route.run(asked);
}

/** What was sent along is looked at only for whom the hub knows and lets in; it decides again when it is called. */
async function refuseStranger(
  hub: HubPort,
  { who, method, path }: Route,
  params: Record<string, string>,
  caller: Credential,
): Promise<Answer | null> {
  if (who === "anybody") return null;
  const admitted = await hub.call("admit", { who, call: `${method} ${path}`, device: params.id }, caller);
  return admitted.ok ? null : admitted;
}

const JSON_TYPE = "application/json";
/** `application/merge-patch+json` too: no form can send one, and no page of another origin without being asked. */
const IS_JSON = /^application\/(?:[\w.-]+\+)?json$/i;

/** [I8] A page of somebody else's must not act with the panel's cookie. */
function checkCookie(request: Request, origins: () => readonly string[]): Answer | null {
  if (request.method === "GET" || request.method === "HEAD") return null;
  if (!isAllowed(request.headers.get("origin"), origins())) {
    return refuse("forbidden", "A session acts only from the hub's own pages");
  }
  const type = request.headers.get("content-type")?.split(";")[0].trim() ?? (request.body === null ? JSON_TYPE : "");
  return IS_JSON.test(type) ? null : refuse("bad_request", `With a session a body is ${JSON_TYPE}`);
}

async function readBody(schema: z.ZodType, request: Request): Promise<Outcome<unknown>> {
  const json = await readJson(request);
  if (!json.ok) return json;
  if (json.value !== undefined) return check(schema, json.value);
  const empty = check(schema, {});
  return empty.ok ? empty : refuse("bad_json", "A JSON body is needed here");
}

export function respond({ status, type = JSON_TYPE }: Route, answer: Answer & { ok: true }): Response {
  const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", ...answer.headers };
  if (status === 204) return new Response(null, { status, headers });
  if (answer.value instanceof Uint8Array) {
    return new Response(answer.value as Uint8Array<ArrayBuffer>, { status, headers });
  }
  if (answer.value instanceof ReadableStream) {
    return new Response(answer.value, { status, headers: { "Content-Type": type, ...headers } });
  }
  return Response.json(answer.value, {
    status: answer.status ?? status,
    headers: { "Content-Type": type, ...headers },
  });
}

/** 405 where the address is right and the method is not, else 404. */
export function noSuchCall({ method, url }: Request) {
  const { pathname } = new URL(url);
  const allowed = ROUTES.filter(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname))
    .flatMap((route) => route.method === "GET" ? ["GET", "HEAD"] : [route.method]);
  if (allowed.length === 0) return refuse("not_found", "There is no such call; /docs lists them");
  return {
    ...refuse("bad_request", `${method} does nothing here`, { status: 405 }),
    headers: { Allow: allowed.join(", ") },
  };
}
