/** What the panel's files are sent with: the same by a process (`static.ts`) and by a Worker's assets (`_headers`). */
import { describe, expect, it } from "vitest";
import { allowingMap, staticFiles } from "../../src/http/static.ts";
import type { MapView } from "../../src/protocol/hub_view.ts";
import rules from "../../src/panel/public/_headers?raw";

/** `_headers` as Workers read it: a path without an indent, then its headers; all that fit a path hold. */
function byWorker(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  let holds = false;
  for (const line of rules.split("\n").filter((line) => line.trim() !== "")) {
    if (!/^\s/.test(line)) holds = line.endsWith("*") ? path.startsWith(line.slice(0, -1)) : path === line;
    else if (holds) {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).trim().toLowerCase();
      // Twice the same would be both, with a comma between.
      expect(found, `${name} of ${path}`).not.toHaveProperty(name);
      found[name] = line.slice(colon + 1).trim();
    }
  }
  return found;
}

/** What either runtime says of itself: a type by the file's name, and what was compressed. */
const ITS_OWN = ["content-type", "content-encoding", "vary"];

const MAP = { tiles: "https://tile.example.org:8443/{z}/{x}/{y}.png?key=abc", attribution: null, zoom: 19 };
const HOST = "https://tile.example.org:8443";

async function byProcess(path: string, map: MapView | null = null): Promise<Record<string, string>> {
  const serve = staticFiles(() => Promise.resolve(new Uint8Array([1])), map);
  const response = await serve(new Request(`http://hub.test${path}`));
  return Object.fromEntries([...response!.headers].filter(([name]) => !ITS_OWN.includes(name)));
}

it.each(["/", "/index.html", "/assets/index-1a.js", "/assets/index-1a.css"])("%s", async (path) => {
  const sent = await byProcess(path);
  expect(byWorker(path)).toEqual(sent);
  expect(Object.keys(sent).sort()).toEqual([
    "cache-control",
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
  ]);
});

it.each(["/devices/sensor.north", "/settings/tokens", "/theme.js", "/manifest.webmanifest"])(
  "%s, which a Worker asks for again each time by itself",
  async (path) => {
    const { "cache-control": caching, ...sent } = await byProcess(path);
    expect(byWorker(path)).toEqual(sent);
    expect(caching).toBe("no-cache");
  },
);

describe("[S7] a map that the hub names", () => {
  it("is one more host for the pictures of a page, and nothing else of its policy", async () => {
    for (const path of ["/", "/index.html", "/devices/van"]) {
      const [without, sent] = [await byProcess(path), await byProcess(path, MAP)];
      expect(sent["content-security-policy"].split(HOST)).toHaveLength(2);
      expect(sent["content-security-policy"]).toContain(`; img-src 'self' data: ${HOST}; `);
      const shortened = sent["content-security-policy"].replace(` ${HOST}`, "");
      expect({ ...sent, "content-security-policy": shortened }).toEqual(without);
    }
  });

  it("is nothing for what is no page", async () => {
    for (const path of ["/assets/index-1a.js", "/theme.js", "/clear.svg"]) {
      expect(await byProcess(path, MAP)).toEqual(await byProcess(path));
    }
  });

  it("stands in the same policy where a Worker's assets are its pages, and all else is as they said it", async () => {
    const asset = () =>
      new Response("page", { headers: { ...byWorker("/"), "content-type": "text/html", etag: '"1"' } });
    const sent = allowingMap(asset(), MAP);
    expect(Object.fromEntries(sent.headers)).toEqual({
      ...await byProcess("/", MAP),
      "content-type": "text/html",
      etag: '"1"',
    });
    expect(await sent.text()).toBe("page");
    const unchanged = allowingMap(new Response(null, { status: 304, headers: { etag: '"1"' } }), MAP);
    expect([unchanged.status, unchanged.headers.get("content-security-policy")]).toEqual([
      304,
      (await byProcess("/", MAP))["content-security-policy"],
    ]);
    const none = asset();
    expect(allowingMap(none, null)).toBe(none);
  });
});

it("nothing foreign, nothing inline, nothing made of text, no frames", async () => {
  const policy = (await byProcess("/"))["content-security-policy"];
  const directives = new Map(
    policy.split("; ").map((part) => {
      const [name, ...sources] = part.split(" ");
      return [name, sources];
    }),
  );
  expect(directives.get("default-src")).toEqual(["'self'"]);
  expect(directives.get("frame-ancestors")).toEqual(["'none'"]);
  expect(directives.get("base-uri")).toEqual(["'none'"]);
  for (const [name, sources] of directives) {
    // A picture may be what the page drew itself.
    const allowed = ["'self'", "'none'", ...name === "img-src" ? ["data:"] : []];
    expect(allowed, name).toEqual(expect.arrayContaining(sources));
  }
});
