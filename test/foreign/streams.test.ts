/** Event streams, read by what nobody here wrote: a browser's own EventSource and Python's own library. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { launchBrowser } from "../support/browser.ts";
import { device, type Json, rest } from "../support/client.ts";
import { start } from "../support/process.ts";
import { need, PYTHON_3 } from "./programs.ts";

let hub: Hub;
beforeAll(async () => void (hub = await denoHub()));
afterAll(() => hub?.dispose());

const admin = () => rest(hub.url, hub.adminToken);
async function camera(id: string): Promise<string> {
  const made = await admin().post("/api/v1/devices", { id, kind: "camera" });
  expect(made.status, made.text).toBe(201);
  return made.body.token;
}
const motion = { type: "event", name: "motion", data: { level: 14 } };

test("[R7] Python's own library reads it line by line", async (context) => {
  const python = need(context, PYTHON_3);
  const token = await camera("porch");
  const script = join(ROOT, "test/foreign/tail.py");
  const tail = start(python, ["-u", script, hub.url, hub.adminToken, "q=id:porch"], { cwd: ROOT });
  try {
    await tail.printed(/^snapshot \{.*"id": "porch"/m);
    const porch = await device(hub.url, token);
    porch.send(motion);
    await tail.printed(/^event \{.*"device": "porch", "name": "motion", "data": \{"level": 14\}/m);
    await tail.printed(/^changes \{.*"presence": "online"/m);
    await admin().delete(`/api/v1/devices/porch`);
    await tail.printed(/^changes \{.*"gone": \["porch"\]/m);
    porch.terminate();
  } finally {
    await tail.kill();
  }
});

test("[R7, R9, I8] a browser reads it with the panel's session, and comes back by itself after a restart", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${hub.url}/healthz`);
    const token = await camera("yard");
    const signedIn = await page.evaluate(async (token) => {
      const answer = await fetch("/api/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token }),
      });
      return answer.status;
    }, hub.adminToken);
    expect(signedIn).toBe(201);
    await page.evaluate(`
      globalThis.heard = [];
      const stream = new EventSource("/api/v1/stream?q=id:yard");
      for (const type of ["snapshot", "changes", "event", "end"]) {
        stream.addEventListener(type, ({ data, lastEventId }) => heard.push({ ...JSON.parse(data), lastEventId }));
      }`);
    const heard = (): Promise<Json[]> => page.evaluate("heard");
    const becomes = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 20_000, interval: 100 });
    const begun = [{ type: "snapshot", lastEventId: "1", devices: [{ id: "yard", presence: "new" }] }];
    await becomes(async () => expect(await heard()).toMatchObject(begun));
    const yard = await device(hub.url, token);
    yard.send(motion);
    const told = (type: string) => async () => expect((await heard()).map((frame) => frame.type)).toContain(type);
    await becomes(told("event"));
    await becomes(told("changes"));
    hub.child.signal("SIGTERM");
    expect((await hub.child.ended).code).toBe(0);
    await hub.begin();
    await becomes(async () => {
      const [end, ...after] = (await heard()).slice(-2);
      expect(end).toMatchObject({ type: "end", code: 1012 });
      expect(after).toMatchObject([{ type: "snapshot", devices: [{ id: "yard", presence: "offline" }] }]);
    });
    yard.terminate();
  } finally {
    await browser.close();
  }
}, 90_000);
