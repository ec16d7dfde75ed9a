/** A built panel as responses: types, caching, its policy, and its page for every address that is not a file. */
import type { MapView } from "../protocol/hub_view.ts";

/** A file's bytes by its path below the root, or null. */
type Read = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  json: "application/json",
  webmanifest: "application/manifest+json",
};

const POLICY = "Content-Security-Policy";

/** Nothing inline, nothing made of text, nothing foreign, but the pictures of a map that the hub names [S7]. */
const policyOf = (map: MapView | null): string =>
  "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  `img-src 'self' data:${map === null ? "" : ` ${new URL(map.tiles).origin}`}; ` +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** Kept in step with the panel's `_headers`, which Workers read. */
const HEADERS = {
  [POLICY]: policyOf(null),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export function staticFiles(read: Read, map: MapView | null = null): (request: Request) => Promise<Response | null> {
  const ofPages = { ...HEADERS, [POLICY]: policyOf(map) };
  return async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    const file = isFile(path) ? path : "index.html";
    const bytes = isSafe(file) ? await read(file) : null;
    if (bytes === null) return file === "index.html" ? NOT_BUILT() : null;
    const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    // Vite names what is in assets/ by its content.
    const caching = file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = type === TYPES.html ? ofPages : HEADERS;
    return compressed(request, bytes, { ...headers, "Content-Type": type, "Cache-Control": caching });
  };
}

/** A page that the runtime served from `_headers`: with the map's host in its policy, where there is a map [S7]. */
export function allowingMap(page: Response, map: MapView | null): Response {
  if (map === null) return page;
  const headers = new Headers(page.headers);
  headers.set(POLICY, policyOf(map));
  return new Response(page.body, { status: page.status, headers });
}

/** Deeper down only what the build put there: a device's id may have dots too. */
const isFile = (path: string) => /^(?:assets\/)?[^/]+\.\w+$/.test(path);
const isSafe = (path: string) =>
  path.split("/").every((part) => part !== ".." && part !== "" && !part.startsWith("_")) && !path.includes("%");

const NOT_BUILT = () => new Response("The panel is not built yet: deno task panel", { status: 503 });

function compressed(request: Request, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Response {
  const isText = /text|javascript|svg|json/.test(headers["Content-Type"]);
  if (!isText || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
    return new Response(bytes, { headers });
  }
  const body = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(body, { headers: { ...headers, "Content-Encoding": "gzip", Vary: "Accept-Encoding" } });
}
