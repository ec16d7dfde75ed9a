/** The first administrator of a Worker without a token: the code is in its log and outlives its sleep [I9]. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from "vitest";
import { Shard } from "../../src/platform/cloudflare.ts";
import { bindings, type Frame, shard, URL_OF_HUB } from "./world.ts";

const UNCLAIMED = { ...bindings, SIGNALBOX_ADMIN_TOKEN: undefined };

let log: MockInstance<typeof console.log>;
beforeEach(() => void (log = vi.spyOn(console, "log").mockImplementation(() => {})));
afterEach(() => void vi.restoreAllMocks());
const codes = (): string[] =>
  log.mock.calls.map(([line]) => JSON.parse(String(line))).filter(({ event }) => event === "claim_code")
    .map(({ code }) => code);

/** One request to an object that wakes up for it: only what is stored is left of its last life. */
const wakeFor = (name: string, path: string, body?: unknown, token?: string): Promise<Frame> =>
  runInDurableObject(shard(name), async (_, state) => {
    const response = await new Shard(state, UNCLAIMED).fetch(
      new Request(`${URL_OF_HUB}/api/v1${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    );
    return { status: response.status, cookie: response.headers.get("set-cookie"), body: await response.json() };
  });

it("[I9] the first request makes a code, which later wake-ups leave as it is, and which opens the hub once", async () => {
  expect((await wakeFor("claimed", "/me")).status).toBe(401);
  expect(codes()).toHaveLength(1);
  const [code] = codes();
  expect((await wakeFor("claimed", "/me")).status).toBe(401);
  expect((await wakeFor("claimed", "/claim", { code: `${code}x` })).status).toBe(401);
  expect(codes()).toEqual([code]);

  const claimed = await wakeFor("claimed", "/claim", { code, name: "Ann" });
  expect(claimed.body).toEqual({ id: expect.any(String), name: "Ann", role: "admin", token: expect.any(String) });
  expect([claimed.status, claimed.cookie]).toEqual([201, expect.stringMatching(/^signalbox=.*HttpOnly/i)]);
  expect((await wakeFor("claimed", "/claim", { code })).status).toBe(401);
  expect((await wakeFor("claimed", "/audit", undefined, claimed.body.token)).status).toBe(200);
  expect(codes()).toEqual([code]);
});

it("[I9] a code that is older than an hour is made anew by the next wake-up", async () => {
  await wakeFor("forgotten", "/me");
  const now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now + 61 * 60_000);
  await wakeFor("forgotten", "/me");
  const [old, code] = codes();
  expect(code).not.toBe(old);
  expect((await wakeFor("forgotten", "/claim", { code: old })).status).toBe(401);
  expect((await wakeFor("forgotten", "/claim", { code })).status).toBe(201);
});

it("[I9] with an admin token in the settings no code is made", async () => {
  await shard("settled").fetch(new Request(`${URL_OF_HUB}/api/v1/me`)).then((response) => response.text());
  expect(codes()).toEqual([]);
});
