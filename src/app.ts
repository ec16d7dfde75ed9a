/** From a request to a response: the routes of Signalbox on every runtime, testable without a port. */
import { Hono } from "hono";
import type { AnyKind } from "./kind/kind.ts";
import { type Fault, type Outcome, refuse } from "./protocol/fault.ts";
import { type Path, readCredential, readHandshake } from "./protocol/handshake.ts";
import { type Door, refusalOf } from "./protocol/refusal.ts";
import { docs } from "./http/docs.ts";
import { metricsText } from "./http/metrics.ts";
import { allowedOrigins, originOf } from "./http/origin.ts";
import { problem } from "./http/problem.ts";
import type { HubPort } from "./http/route.ts";
import { ROUTES } from "./http/routes.ts";
import { noSuchCall, respond, serve, type Serving } from "./http/serve.ts";
import { type Log, told } from "./hub/log.ts";

export type { HubPort } from "./http/route.ts";

export interface AppOptions extends Serving {
  kinds: readonly AnyKind[];
  build: string;
  /** Files of the panel; absent where the runtime serves them itself. */
  panel?(request: Request): Promise<Response | null>;
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
