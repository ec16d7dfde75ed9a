/** The descriptions: OpenAPI, AsyncAPI, plain pages, security.txt. */
import { Hono } from "hono";
import { html } from "hono/html";
import type { AnyKind } from "../kind/kind.ts";
import { CLOSE } from "../protocol/close.ts";
import { type FaultCode, FAULTS, isFaultCode } from "../protocol/fault.ts";
import { asyncapi } from "./asyncapi.ts";
import { openapi } from "./openapi.ts";
import { originOf, type Place } from "./origin.ts";
import { errorPage, page, PAGE_HEADERS } from "./page.ts";
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

function index(origin: string, kinds: readonly AnyKind[]) {
  const socket = origin.replace(/^http/, "ws");
  return page(
    "Signalbox",
    html`
      <p>What a program can say to this hub. The whole contract is PROTOCOL.md in the source; tools read
            <a href="/api/openapi.json">OpenAPI</a> and <a href="/api/asyncapi.json">AsyncAPI</a>.</p>
      <h2>A device</h2>
      <pre>const socket = new WebSocket("${socket}/device", ["signalbox.v1", "signalbox.token." + token]);
      socket.onopen = () => socket.send('{"type":"telemetry","data":{"temperature":21.5}}');</pre>
      <h2>An operator's program</h2>
      <pre>curl -H "Authorization: Bearer $TOKEN" ${origin}/api/v1/devices</pre>
      <h2>Calls</h2>
      <table>
        <thead>
          <tr>
            <th>call</th>
            <th>who</th>
            <th>what</th>
            <th>answer</th>
          </tr>
        </thead>
        <tbody>
            ${ROUTES.map((route) =>
              html`
                <tr>
                  <td><code>${route.method} ${route.path}</code></td>
                  <td>${route.who}</td>
                  <td>${route.summary}</td>
                  <td>${route.status} ${route.answer}</td>
                </tr>
              `
            )}
            </tbody>
      </table>
      <h2>Kinds</h2>
      <table>
        <thead>
          <tr>
            <th>kind</th>
            <th>measures</th>
            <th>state</th>
            <th>commands</th>
          </tr>
        </thead>
        <tbody>
            ${kinds.map((kind) =>
              html`
                <tr>
                  <td><code>${kind.name}</code></td>
                  <td>${names(kind.telemetry)}</td>
                  <td>${names(kind.state)}</td>
                  <td>${names(kind.commands)}</td>
                </tr>
              `
            )}
            </tbody>
      </table>
      <h2>Fault codes</h2>
      <table>
        <thead>
          <tr>
            <th>code</th>
            <th>status</th>
            <th>meaning</th>
          </tr>
        </thead>
        <tbody>
            ${(Object.keys(FAULTS) as FaultCode[]).map((code) =>
              html`
                <tr>
                  <td><a href="/docs/errors/${code}"><code>${code}</code></a></td>
                  <td>${FAULTS[code].status}</td>
                  <td>${FAULTS[code].title}</td>
                </tr>
              `
            )}
            </tbody>
      </table>
      <h2>Close codes</h2>
      <table>
        <tbody>${Object.entries(CLOSE).map(([name, code]) =>
          html`
            <tr>
              <td><code>${code}</code></td>
              <td>${name.replaceAll("_", " ")}</td>
            </tr>
          `
        )}</tbody>
      </table>
    `,
  );
}

const names = (fields: object) => Object.keys(fields).join(", ");
