/** Plain pages without a script, and what each fault means to whoever met it. */
import { html, raw } from "hono/html";
import { type FaultCode, FAULTS, type Whose } from "../protocol/fault.ts";

export const PAGE_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export type Html = ReturnType<typeof html>;

/** One look for every page: the panel's inks, and tables whose rows become blocks on a phone. */
const STYLE = raw(`
  :root {
    color-scheme: light dark;
    --ground: light-dark(oklch(0.985 0.003 250), oklch(0.172 0.009 260));
    --surface: light-dark(oklch(1 0 0), oklch(0.208 0.011 260));
    --line: light-dark(oklch(0.915 0.005 250), oklch(0.285 0.012 260));
    --ink: light-dark(oklch(0.24 0.016 258), oklch(0.945 0.005 258));
    --ink2: light-dark(oklch(0.43 0.015 258), oklch(0.79 0.01 258));
    --accent: light-dark(oklch(0.48 0.165 262), oklch(0.77 0.115 258));
    --warn: light-dark(oklch(0.5 0.12 70), oklch(0.81 0.14 78));
    --fail: light-dark(oklch(0.52 0.195 27), oklch(0.73 0.165 25));
    font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  }
  body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 5rem; background: var(--ground); color: var(--ink); }
  a { color: var(--accent); text-underline-offset: 2px; }
  h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
  h1 { margin: 0.5rem 0 0.25rem; font-size: 2rem; }
  h2 { margin: 2.75rem 0 0.75rem; font-size: 1.3rem; }
  h3 { margin: 0; font-size: 1.05rem; }
  p { max-width: 46rem; margin: 0.5rem 0; }
  ul { margin: 0.5rem 0; padding-left: 1.25rem; }
  li { max-width: 46rem; margin: 0.25rem 0; }
  code, pre { font: 0.875em/1.6 ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", Menlo, Consolas, monospace; }
  pre { margin: 0.5rem 0; padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
  nav { color: var(--ink2); font-size: 0.9rem; }
  nav.jump { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 1rem 0; }
  table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
  th, td { text-align: left; vertical-align: top; padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
  th { color: var(--ink2); font-weight: 500; font-size: 0.85rem; }
  tbody th { width: 30%; color: inherit; font-weight: 600; font-size: inherit; }
  .lead { color: var(--ink2); font-size: 1.1rem; }
  .quiet { color: var(--ink2); }
  .name { display: block; color: var(--ink2); font-weight: 400; }
  .card { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; scroll-margin-top: 1rem; }
  .card pre { background: var(--ground); }
  .card table { margin: 0.5rem 0; }
  .marks { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; margin: 0.5rem 0; padding: 0; list-style: none; }
  .marks li { margin: 0; padding: 0 0.5rem; border: 1px solid var(--line); border-radius: 99px; color: var(--ink2); font-size: 0.82rem; }
  .marks .warn { color: var(--warn); border-color: currentColor; }
  .marks .stop { color: var(--fail); border-color: currentColor; }
  .frames b { color: var(--ink2); font-weight: 400; user-select: none; }
  @media (max-width: 40rem) {
    body { padding-inline: 1rem; }
    h1 { font-size: 1.6rem; }
    thead { display: none; }
    tr { display: block; padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
    tbody th, td { display: block; width: auto; padding: 0.1rem 0; border: 0; }
    td[data-label]::before { content: attr(data-label) ": "; color: var(--ink2); }
    .card { padding: 0.75rem 1rem; }
    pre.frames { word-break: break-all; }
  }
  @media print { body { background: none; } .card { break-inside: avoid; } }
`);

/** `above` are the pages that it lies under, from the first. */
export const page = (title: string, body: Html, above: readonly [href: string, title: string][] = []): Html =>
  html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
${
    above.length > 0
      ? html`<nav aria-label="Above">${
        above.map(([href, name]) =>
          html`
            <a href="${href}">${name}</a> /
          `
        )
      }</nav>`
      : ""
  }
<main>
<h1>${title}</h1>
${body}
</main>
</html>`;

type Cell = Html | string | number | readonly (Html | string)[];

/** A row's first cell is its head; on a phone each further one says which column it is of. */
export const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): Html =>
  html`
    <table>
      <thead>
        <tr>${heads.map((head) => html`<th>${head}</th>`)}</tr>
      </thead>
      <tbody>${rows.map(([first, ...cells]) =>
        html`<tr><th scope="row">${first}</th>${
          cells.map((cell, at) => html`<td data-label="${heads[at + 1]}">${cell}</td>`)
        }</tr>`
      )}</tbody>
    </table>
  `;

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
