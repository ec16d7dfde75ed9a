/** What only the Worker has: the panel as its assets, settings as vars, and a claim in its log. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/port.ts";
import { bearer, device, rest } from "../support/client.ts";
import { type Hub, ROOT, sandbox, workerdHub, workerdProcess } from "./launch.ts";

const { folder, keep } = sandbox();

describe("the Worker", () => {
  let hub: Hub;
  beforeAll(async () => void (hub = await workerdHub({ SIGNALBOX_ADMIN_TOKEN: "" })), 120_000);
  afterAll(() => hub?.dispose());
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(hub.url + path, { redirect: "manual", ...init });
    return { response, text: await response.text() };
  };

  test("the panel was built", () => expect(existsSync(join(ROOT, "dist/panel/index.html"))).toBe(true));

  test("serves the panel at / and at every address that is nobody's, with its headers", async () => {
    const texts = new Set<string>();
    for (const path of ["/", "/devices/lamp", "/nothing/at/all"]) {
      const { response, text } = await get(path);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'self'; script-src 'self'/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("cache-control")).toMatch(/no-cache|max-age=0/);
      texts.add(text);
    }
    expect(texts.size).toBe(1);
    const [, script] = [...texts][0].match(/src="(\/assets\/[^"]+\.js)"/)!;
    const { response } = await get(script);
    expect([response.status, response.headers.get("cache-control")]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
  });

  test("[R2] leaves the addresses of the hub to the hub", async () => {
    for (const path of ["/api/unknown", "/api/v1/unknown", "/docs/unknown", "/.well-known/unknown"]) {
      const { response, text } = await get(path);
      expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
      expect(JSON.parse(text).code).toBe("not_found");
    }
    for (const [path, status] of [["/healthz", 200], ["/readyz", 200], ["/docs", 200], ["/metrics", 401]] as const) {
      expect((await get(path)).response.status, path).toBe(status);
    }
    expect((await get("/device")).response.status).toBe(426);
  });

  test(
    "[I9] the first request writes a code to the log, which makes the first administrator; kill -9 loses nothing",
    async () => {
      const [, code] = await hub.child.printed(/"event":"claim_code","at":"[^"]+","level":"info","code":"([^"]+)"/);
      const caller = rest(hub.url);
      expect((await caller.get("/api/v1/me")).status).toBe(401);
      expect((await caller.post("/api/v1/claim", { code: `${code}x` })).status).toBe(401);
      const claimed = await caller.post("/api/v1/claim", { code, name: "Ann" });
      expect(claimed.status, claimed.text).toBe(201);
      const ann = rest(hub.url, claimed.body.token);
      const made = await ann.post("/api/v1/devices", { id: "lamp", kind: "relay" });
      const lamp = await device(hub.url, made.body.token);
      lamp.send({ type: "state", reported: { on: true } });
      await lamp.none();

      await hub.restart();
      expect((await ann.get("/api/v1/me")).body).toMatchObject({ name: "Ann", role: "admin" });
      expect((await ann.get("/api/v1/devices/lamp")).body).toMatchObject({
        presence: "offline",
        reported: { on: true },
      });
      expect((await caller.post("/api/v1/claim", { code })).status).toBe(401);
      expect(hub.child.out()).not.toContain("claim_code");
    },
    120_000,
  );
});

test("[S2, S5] a bad var is a sentence in every answer and in the log, with status 500", async () => {
  const port = await freePort();
  const secret = "a-token-of-31-characters-123456";
  const child = keep(await workerdProcess(port, await folder(), { SIGNALBOX_ADMIN_TOKEN: secret }));
  const url = `http://127.0.0.1:${port}`;
  await child.answers(`${url}/healthz`, 90_000, 500);
  const sentence = "SIGNALBOX_ADMIN_TOKEN must be at least 32 characters long.";
  const answer = await rest(url).get("/api/v1/me", bearer(secret));
  expect([answer.status, answer.body.detail]).toEqual([500, sentence]);
  const [line] = await child.printed(/\{"event":"start_refused".*\}/);
  expect(JSON.parse(line)).toEqual({ event: "start_refused", at: expect.any(String), level: "error", sentence });
  expect(answer.text + child.out() + child.err()).not.toContain(secret);
}, 120_000);
