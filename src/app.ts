/** From a request to a response: the routes of Signalbox on every runtime, testable without a port. */
import { Hono } from "hono";
import { z } from "zod";
import type { AnyKind } from "./kind/kind.ts";
import type { Credential } from "./protocol/credential.ts";
import { type Fault, ok, type Outcome, refuse } from "./protocol/fault.ts";
import { isAllowed, type Path, readCredential, readHandshake } from "./protocol/handshake.ts";
import { type Door, refusalOf } from "./protocol/refusal.ts";
import { check, readJson } from "./http/body.ts";
import { readKey } from "./http/conditions.ts";
import { docs } from "./http/docs.ts";
import { metricsText } from "./http/metrics.ts";
import { allowedOrigins, isSecure, originOf, type Place } from "./http/origin.ts";
import { problem } from "./http/problem.ts";
import { type Log, told } from "./hub/log.ts";
import type { Answer, Asked, HubPort, Route } from "./http/route.ts";
import { ROUTES } from "./http/routes.ts";

export type { HubPort } from "./http/route.ts";

export interface AppOptions extends Place {
  hub: HubPort;
  kinds: readonly AnyKind[];
  build: string;
  /** Files of the panel; absent where the runtime serves them itself. */
  panel?(request: Request): Promise<Response | null>;
  now(): number;
  log: Log;
}

export function createApp(options: AppOptions): Hono {
  const { hub } = options;
  const app = new Hono();
  const refused = (request: Request, outcome: Outcome<unknown> & { ok: false; headers?: Record<string, string> }) =>
    problem(outcome.fault, originOf(request, options), outcome.headers);

  for (const path of ["device", "operator", "mqtt"] as const) {
    app.all(`/${path}`, async ({ req: { raw } }) => {
      const entered = await enter(options, path, raw);
      if (entered.ok) return entered.value;
      // [M1] Who is at the other door is not said yet.
      if (path !== "mqtt") tellRefused(hub, raw, path, entered.fault);
      return refused(raw, entered);
    });
  }
  for (const route of ROUTES) {
    app.on(route.method, pattern(route.path), async (context) => {
      const { raw } = context.req;
      const answer = await serve(options, route, raw, context.req.param());
      if (answer.ok) return respond(route, answer);
      if (isForCaller(answer.fault, raw)) tellRefused(hub, raw, "rest", answer.fault);
      return refused(raw, answer);
    });
  }
  app.all("/api/v1/*", ({ req: { raw } }) => refused(raw, noSuchCall(raw)));

  app.get("/healthz", (context) => context.text("ok"));
  app.get("/readyz", async (context) => {
    const ready = await hub.ready();
    if (!ready.ok) return refused(context.req.raw, refuse("storage_unavailable", "The store does not answer"));
    return context.text(ready.degraded === undefined ? "ok" : `ok, bridge degraded: ${ready.degraded}`);
  });
  app.get("/metrics", async ({ req: { raw } }) => {
    const caller = readCredential(raw.headers);
    const metrics = caller.ok ? await hub.call("get_metrics", {}, caller.value) : caller;
    return metrics.ok ? metricsText(metrics.value) : refused(raw, metrics);
  });
  app.route("/", docs(options));

  app.notFound(async ({ req: { raw } }) => {
    const isRead = raw.method === "GET" || raw.method === "HEAD";
    const isPage = isRead && !raw.headers.has("upgrade") &&
      !/^\/(api|docs|internal|\.well-known)(\/|$)/.test(new URL(raw.url).pathname);
    const page = isPage ? await options.panel?.(raw) : null;
    return page ?? refused(raw, refuse("not_found", "There is nothing at this address"));
  });
  app.onError((error, { req: { raw } }) => {
    options.log("request_failed", {
      method: raw.method,
      path: new URL(raw.url).pathname,
      ...told(error),
    });
    return refused(raw, refuse("internal", "The hub failed; this was logged"));
  });
  return app;
}

/** `/devices/{device}` in Hono's words. */
const pattern = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

async function enter(options: AppOptions, path: Path, request: Request) {
  const { method, headers } = request;
  const shaken = readHandshake({ method, headers, path, origins: () => allowedOrigins(request, options) });
  return shaken.ok ? await options.hub.connect(path, shaken.value.credential, request, shaken.value.protocol) : shaken;
}

/** [H6] */
function tellRefused(hub: HubPort, { headers }: Request, over: Door, fault: Fault): void {
  const refusal = refusalOf(headers, over, fault);
  if (refusal) hub.refused(refusal);
}

/** Was a call refused for its caller, and not for what it asked? */
const isForCaller = ({ code }: Fault, { headers }: Request): boolean =>
  code === "unauthenticated" || code === "forbidden" || !readCredential(headers).ok;

/** Everything that is asked of a call before the hub hears of it, in the order in which it is refused. */
async function serve(
  options: AppOptions,
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

function respond({ status, type = JSON_TYPE }: Route, answer: Answer & { ok: true }): Response {
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
function noSuchCall({ method, url }: Request) {
  const { pathname } = new URL(url);
  const allowed = ROUTES.filter(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname))
    .flatMap((route) => route.method === "GET" ? ["GET", "HEAD"] : [route.method]);
  if (allowed.length === 0) return refuse("not_found", "There is no such call; /docs lists them");
  return {
    ...refuse("bad_request", `${method} does nothing here`, { status: 405 }),
    headers: { Allow: allowed.join(", ") },
  };
}
