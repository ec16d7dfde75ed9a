/** Plain pages without a script, and what each fault means to whoever met it. */
import { html } from "hono/html";
import { type FaultCode, FAULTS, type Whose } from "../protocol/fault.ts";

export const PAGE_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

type Html = ReturnType<typeof html>;

export const page = (title: string, body: Html): Html =>
  html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1, h2 { line-height: 1.2; margin-top: 2rem; }
  pre { padding: 0.75rem; overflow-x: auto; border: 1px solid; border-radius: 4px; }
  table { border-collapse: collapse; display: block; overflow-x: auto; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; }
</style>
<h1>${title}</h1>
${body}
</html>`;

const WHOSE: Record<Whose, string> = {
  caller: "The request has to change before it can succeed.",
  hub: "The hub could not do it; the request was right.",
  link: "The connection to the device is in the way; the request was right.",
  device: "The device is in the way; the request was right.",
};

export function errorPage(code: FaultCode): Html {
  const { title, status, retryable, whose } = FAULTS[code];
  return page(
    code,
    html`<p>${title}.</p>
<p>${WHOSE[whose]} ${retryable ? "Trying the same again later can help." : "Trying the same again will not help."}</p>
<p>${status === 200 ? "Seen in a command's record." : `HTTP status ${status}.`} <a href="/docs">All codes</a></p>`,
  );
}
