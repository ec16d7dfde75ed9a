/** The verifier of the audit as an operator runs it: before a real hub, and before one that does not tell the truth. */
import { createServer, type Server } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { type Json, rest } from "../support/client.ts";
import { DENO, start } from "../support/process.ts";

let hub: Hub;
let relay: Server;
/** What the relay does to each page. */
let bend: (items: Json[]) => Json[] | Promise<Json[]> = (items) => items;
const folder = mkdtempSync(join(tmpdir(), "signalbox-audit-"));

beforeAll(async () => {
  hub = await denoHub();
  const admin = rest(hub.url, hub.adminToken);
  await admin.post("/api/v1/devices", { id: "lamp", kind: "relay" });
  // More than one page.
  for (let at = 0; at < 520; at++) await admin.patch("/api/v1/devices/lamp", { name: `lamp ${at}` });
  relay = createServer(async (request, response) => {
    const { status, body } = await admin.get(request.url!);
    const bent = JSON.stringify({ ...body, items: await bend(body.items) });
    response.writeHead(status, { "Content-Type": "application/json" }).end(bent);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
}, 60_000);

afterAll(async () => {
  relay?.close();
  rmSync(folder, { recursive: true, force: true });
  await hub?.dispose();
});

async function verify(url: string, ...more: string[]) {
  const child = start(DENO, ["task", "-q", "audit:verify", "--url", url, "--token", hub.adminToken, ...more], {
    cwd: ROOT,
  });
  const { code } = await child.ended;
  return { code, out: child.out(), err: child.err() };
}

/** Through the relay, which bends what it passes on. */
function bent(how: typeof bend, ...more: string[]) {
  bend = how;
  return verify(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, ...more);
}

const headOf = (out: string) => /head (hub:\d+:[0-9a-f]{64})/.exec(out)![1];

describe("audit:verify", () => {
  it("[A7] a hub in use holds, though rows come while it is read", async () => {
    const admin = rest(hub.url, hub.adminToken);
    const seen = await bent(async (items) => {
      await admin.patch("/api/v1/devices/lamp", { name: "meanwhile" });
      return items;
    });
    expect(seen, seen.err).toMatchObject({ code: 0, out: expect.stringMatching(/^hub: 521 rows, from .*Z to .*Z\n/) });
    expect(seen.out).toMatch(/\n {2}ok\n$/);
    expect(headOf((await verify(hub.url)).out)).toMatch(/^hub:523:/);
  }, 30_000);

  it("[A7] says which row does not hold, and ends with 1", async () => {
    const changed = await bent((items) =>
      items.map((row) => row.n === 17 ? { ...row, who: { ...row.who, name: "x" } } : row)
    );
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(
      / {2}BROKEN at 17 \([0-9a-z]{22}\): its hash is not that of what it says: it was changed\n$/,
    );
    const removed = await bent((items) => items.filter(({ n }) => n !== 20 && n !== 400));
    expect(removed.code).toBe(1);
    expect(removed.out).toMatch(
      /BROKEN at 19 .*: row 20, the next after it, is not there\n {2}and at 1 newer place\n$/,
    );
  }, 30_000);

  it("[A8] a cut end is found by the head that was noted, by hand or in a file", async () => {
    const heads = join(folder, "heads");
    const first = await verify(hub.url, "--heads", heads);
    const head = headOf(first.out);
    expect([first.code, readFileSync(heads, "utf8")]).toEqual([0, `${head}\n`]);
    await rest(hub.url, hub.adminToken).patch("/api/v1/devices/lamp", { name: "later" });
    expect((await verify(hub.url, "--expect", head)).code).toBe(0);
    const cut = (items: Json[]) => items.filter(({ n }) => n < 500);
    expect((await bent(cut)).code).toBe(0);
    for (const how of [["--expect", head], ["--heads", heads]]) {
      const seen = await bent(cut, ...how);
      expect([seen.code, seen.out]).toEqual([1, expect.stringContaining("the chain ends at 499: its end was cut off")]);
    }
    expect(readFileSync(heads, "utf8")).toBe(`${head}\n`);
    expect((await verify(hub.url, "--heads", heads)).code).toBe(0);
    expect(readFileSync(heads, "utf8")).not.toContain(head);
  }, 60_000);

  it("a wrong use is one sentence, and ends with 2", async () => {
    const wrong = await Promise.all([
      verify(hub.url, "--expect", "17"),
      verify("http://127.0.0.1:9"),
      verify(`${hub.url}/docs`),
      verify(hub.url, "--token", "wrong"),
      verify(hub.url, "--colour"),
    ]);
    expect(wrong.map(({ code, err }) => [code, err.split("\n").length])).toEqual(Array(5).fill([2, 2]));
    expect(wrong.map(({ err }) => err).join("")).toMatch(
      /no head(.|\n)*cannot be reached(.|\n)*404(.|\n)*administrator's/,
    );
  }, 30_000);
});
