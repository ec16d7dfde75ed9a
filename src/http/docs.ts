/** The descriptions: OpenAPI, AsyncAPI, plain pages, security.txt. */
import { Hono } from "hono";
import { html } from "hono/html";
import type { AnyKind } from "../kind/kind.ts";
import { CLOSE } from "../protocol/close.ts";
import { type FaultCode, FAULTS, isFaultCode } from "../protocol/fault.ts";
import { asyncapi } from "./asyncapi.ts";
import { kindPage, kindsPage } from "./kind_page.ts";
import { openapi } from "./openapi.ts";
import { originOf, type Place } from "./origin.ts";
import { errorPage, page, PAGE_HEADERS, table } from "./page.ts";
import { ROUTES } from "./routes.ts";

interface DocsOptions extends Place {
  kinds: readonly AnyKind[];
  build: string;
  now(): number;
}

export function docs(options: DocsOptions): Hono {
  const app = new Hono();
  const about = (request: Request) => ({ origin: originOf(request, options), build: options.build });
  app.get(
    "/api/openapi.json",
    ({ req }) => Response.json(openapi(ROUTES, { ...about(req.raw), kinds: options.kinds })),
  );
  app.get("/api/asyncapi.json", ({ req }) => Response.json(asyncapi(about(req.raw))));
  app.get("/docs", (context) => context.html(index(about(context.req.raw).origin, options.kinds), 200, PAGE_HEADERS));
  app.get("/docs/kinds", (context) => context.html(kindsPage(options.kinds), 200, PAGE_HEADERS));
  app.get("/docs/kinds/:kind", (context) => {
    const kind = options.kinds.find(({ name }) => name === context.req.param("kind"));
    return kind ? context.html(kindPage(kind), 200, PAGE_HEADERS) : context.notFound();
  });
  app.get("/docs/errors/:code", (context) => {
    const code = context.req.param("code");
    return isFaultCode(code) ? context.html(errorPage(code), 200, PAGE_HEADERS) : context.notFound();
  });
  app.get(
    "/.well-known/security.txt",
    (context) => context.text(securityText(options.now(), about(context.req.raw).origin)),
  );
  return app;
}

const HALF_A_YEAR = 180 * 86_400_000;

/** RFC 9116, with the mailbox that RFC 2142 names. Who answers elsewhere puts a file of their own before it. */
const securityText = (now: number, origin: string): string =>
  `Contact: mailto:security@${new URL(origin).hostname}\nExpires: ${
    new Date(now + HALF_A_YEAR).toISOString()
  }\nPreferred-Languages: en\n`;

const device = (socket: string) =>
  `const socket = new WebSocket("${socket}/device", ["signalbox.v1", "signalbox.token." + token]);
socket.onopen = () => socket.send('{"type":"telemetry","data":{"temperature":21.5}}');`;

function index(origin: string, kinds: readonly AnyKind[]) {
  const code = (text: string | number) => html`<code>${text}</code>`;
  const calls = ROUTES.map(({ method, path, who, summary, status, answer }) => [
    code(`${method} ${path}`),
    who,
    summary,
    `${status} ${answer}`,
  ]);
  const known = kinds.map(({ name, description }) => [
    html`<a href="/docs/kinds/${name}"><code>${name}</code></a>`,
    description,
  ]);
  const faults = (Object.keys(FAULTS) as FaultCode[]).map((fault) => [
    html`<a href="/docs/errors/${fault}"><code>${fault}</code></a>`,
    FAULTS[fault].status,
    FAULTS[fault].title,
  ]);
  const closes = Object.entries(CLOSE).map(([name, close]) => [code(close), name.replaceAll("_", " ")]);
  return page(
    "Signalbox",
    html`<p class="lead">What a program can say to this hub.</p>
<p>The whole contract is PROTOCOL.md in the source; tools read <a href="/api/openapi.json">OpenAPI</a> and
<a href="/api/asyncapi.json">AsyncAPI</a>. What devices can be is on the pages of the <a href="/docs/kinds">kinds</a>.</p>
<h2>A device</h2>
<pre>${device(origin.replace(/^http/, "ws"))}</pre>
<h2>An operator's program</h2>
<pre>curl -H "Authorization: Bearer $OPERATOR" ${origin}/api/v1/devices

# All that happens, a line each, as tail -f
curl -N -H "Authorization: Bearer $OPERATOR" "${origin}/api/v1/stream?q=status:online&include=telemetry,events"

# A device's history as a file for a spreadsheet: fields side by side, by the hour, since 2025
curl -OJ -H "Authorization: Bearer $OPERATOR" "${origin}/api/v1/devices/roof/telemetry.csv?resolution=hour&from=1735689600000"</pre>
<h2>Calls</h2>
${table(["Call", "Who", "What", "Answer"], calls)}
<h2><a href="/docs/kinds">Kinds</a></h2>
${table(["Kind", "What it is"], known)}
<h2 id="faults">Fault codes</h2>
${table(["Code", "Status", "Meaning"], faults)}
<h2>Close codes</h2>
${table(["Code", "Name"], closes)}`,
  );
}
