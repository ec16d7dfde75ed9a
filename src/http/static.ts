/** A built panel as responses: types, caching, and its page for every address that is not a file. */

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

/** Kept in step with the panel's `_headers`, which Workers read. */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export function staticFiles(read: Read): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    const file = isFile(path) ? path : "index.html";
    const bytes = isSafe(file) ? await read(file) : null;
    if (bytes === null) return file === "index.html" ? NOT_BUILT() : null;
    const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    // Vite names what is in assets/ by its content.
    const caching = file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return compressed(request, bytes, { ...HEADERS, "Content-Type": type, "Cache-Control": caching });
  };
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
