/** The panel's files: which addresses are files, and which are the panel's own. */
import { expect, it } from "vitest";
import { staticFiles } from "../../src/http/static.ts";

const FILES: Record<string, string> = {
  "index.html": "the panel",
  "clear.svg": "a mark",
  "assets/index-1a.js": "code",
};
const serve = staticFiles((path) =>
  Promise.resolve(path in FILES ? new TextEncoder().encode(FILES[path]) as Uint8Array<ArrayBuffer> : null)
);
const get = async (path: string) => {
  const response = await serve(new Request(`http://hub.test${path}`));
  return response && await response.text();
};

it.each([
  ["/", "the panel"],
  ["/devices", "the panel"],
  // [I1] An id may have dots.
  ["/devices/sensor.north", "the panel"],
  ["/devices/north.js", "the panel"],
  ["/clear.svg", "a mark"],
  ["/assets/index-1a.js", "code"],
  ["/assets/gone-2b.js", null],
  ["/robots.txt", null],
])("%s", async (path, body) => {
  expect(await get(path)).toBe(body);
});
