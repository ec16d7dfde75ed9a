/** The hub as a Deno process: the wire suite, and how the process starts and ends. */
import { readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wire } from "../contract/wire/wire.ts";
import { device, operator, rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import type { Child } from "../support/process.ts";
import { crash } from "./crash.ts";
import { denoHub, denoProcess, type Hub, secret, temporary } from "./launch.ts";

describe("on Deno", () => {
  let hub: Hub;
  beforeAll(async () => void (hub = await denoHub()), 120_000);
  afterAll(() => hub?.dispose());
  wire({
    name: "Deno",
    get url() {
      return hub.url;
    },
    get adminToken() {
      return hub.adminToken;
    },
    skips: {
      bad_utf8: "Deno drops the connection without a close frame",
      unmasked: "Deno accepts unmasked frames of a client",
    },
  });
});

crash("Deno", denoHub);

describe("the process", () => {
  const folders: string[] = [];
  const children: Child[] = [];
  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });
  const folder = async () => {
    const made = await temporary();
    folders.push(made);
    return made;
  };
  const run = (env: Record<string, string>) => {
    const child = denoProcess(env);
    children.push(child);
    return child;
  };

  async function expectRefusal(env: Record<string, string>, naming: RegExp): Promise<void> {
    const settings = { PORT: String(await freePort()), SIGNALBOX_DATA: await folder(), ...env };
    const child = run(settings);
    const { code } = await child.ended;
    const lines = child.err().split("\n").filter((line) => line.trim() !== "");
    expect(code, child.err()).toBe(1);
    expect(lines, child.err()).toHaveLength(1);
    expect(lines[0]).toMatch(/^\S.*\s.*\.$/);
    expect(lines[0]).toMatch(naming);
    for (const value of Object.values(env)) if (value.length >= 32) expect(child.err()).not.toContain(value);
  }

  const refusals: Record<string, [env: Record<string, string>, naming: RegExp]> = {
    "an unknown setting": [{ SIGNALBOX_COLOUR: "red" }, /SIGNALBOX_COLOUR/],
    "a short token": [{ SIGNALBOX_ADMIN_TOKEN: "abcdefghijklmnopqrstuvwxyz01234" }, /SIGNALBOX_ADMIN_TOKEN/],
    "a token with odd letters": [{ SIGNALBOX_ADMIN_TOKEN: `${secret()}!` }, /SIGNALBOX_ADMIN_TOKEN/],
    "a placeholder for a token": [
      { SIGNALBOX_ADMIN_TOKEN: "changeme-changeme-changeme-changeme" },
      /SIGNALBOX_ADMIN_TOKEN/,
    ],
    "a port that is no number": [{ PORT: "eighty" }, /PORT/],
    "a port out of range": [{ PORT: "70000" }, /PORT/],
    "an origin that is none": [{ SIGNALBOX_URL: "not an origin" }, /SIGNALBOX_URL/],
    "a database that is not built yet": [
      { SIGNALBOX_DATABASE_URL: "postgres://localhost/x" },
      /SIGNALBOX_DATABASE_URL/,
    ],
    "a bridge that is not built yet": [{ SIGNALBOX_MQTT_URL: "mqtt://localhost" }, /SIGNALBOX_MQTT_URL/],
  };
  for (const [what, [env, naming]] of Object.entries(refusals)) {
    test.concurrent(
      `[S2] ${what} refuses to start with one sentence that names it`,
      () => expectRefusal(env, naming),
      30_000,
    );
  }

  test("[S3] a port in use refuses to start", async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "0.0.0.0", resolve));
    await expectRefusal({ PORT: String(port), SIGNALBOX_ADMIN_TOKEN: secret() }, new RegExp(String(port)))
      .finally(() => other.close());
  }, 30_000);

  test("[S3] a data folder that cannot be made refuses to start", async () => {
    const file = join(await folder(), "file");
    writeFileSync(file, "");
    await expectRefusal({ SIGNALBOX_DATA: join(file, "data"), SIGNALBOX_ADMIN_TOKEN: secret() }, /SIGNALBOX_DATA|file/);
  }, 30_000);

  test("[S3] a database of a newer Signalbox refuses to start", async () => {
    const hub = await denoHub();
    try {
      hub.child.signal("SIGTERM");
      await hub.child.ended;
      const { DatabaseSync } = await import("node:sqlite");
      let changed = 0;
      for (const name of readdirSync(hub.data)) {
        if (/-(wal|shm|journal)$/.test(name) || !/\.(db|sqlite3?)$/.test(name)) continue;
        const database = new DatabaseSync(join(hub.data, name));
        database.exec("PRAGMA user_version = 999999");
        database.close();
        changed++;
      }
      expect(changed).toBeGreaterThan(0);
      await expectRefusal({ SIGNALBOX_DATA: hub.data, SIGNALBOX_ADMIN_TOKEN: secret() }, /newer/);
    } finally {
      await hub.dispose();
    }
  }, 60_000);

  test("[Z] SIGTERM closes every socket with 1012 or 1001, and ends with 0", async () => {
    const hub = await denoHub();
    try {
      const made = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id: "one", kind: "relay" });
      const sockets = [await device(hub.url, made.body.token), await operator(hub.url, hub.adminToken)];
      hub.child.signal("SIGTERM");
      for (const socket of sockets) {
        const { code, reason } = await socket.closed;
        expect([1012, 1001]).toContain(code);
        if (code === 1012) expect(JSON.parse(reason)).toEqual({ retryAfter: expect.any(Number) });
      }
      expect(await hub.child.ended).toEqual({ code: 0, signal: null });
    } finally {
      await hub.dispose();
    }
  }, 60_000);

  test("[I9] without a token and an operator, a code in the log makes the first administrator, once", async () => {
    const env = { PORT: String(await freePort()), SIGNALBOX_DATA: await folder() };
    const url = `http://127.0.0.1:${env.PORT}`;
    const first = run(env);
    const code = (await first.printed(/#claim=([A-Za-z0-9._~-]+)/))[1];
    await first.answers(`${url}/healthz`);
    const caller = rest(url);
    expect((await caller.get("/api/v1/me")).text).not.toContain(code);
    expect((await caller.post("/api/v1/claim", { code: `${code}x` })).status).toBe(401);

    const claimed = await caller.post("/api/v1/claim", { code, name: "Ann" });
    expect(claimed.status, claimed.text).toBe(201);
    expect(claimed.body).toEqual({ id: expect.any(String), name: "Ann", role: "admin", token: expect.any(String) });
    expect(claimed.headers.get("set-cookie")).toMatch(/^signalbox=.*HttpOnly/i);
    expect((await rest(url, claimed.body.token).get("/api/v1/audit")).status).toBe(200);
    expect((await caller.post("/api/v1/claim", { code })).status).toBe(401);

    await first.kill();
    const second = run(env);
    await second.answers(`${url}/healthz`);
    expect(second.out() + second.err()).not.toContain("#claim=");
    expect((await rest(url, claimed.body.token).get("/api/v1/me")).body).toMatchObject({ name: "Ann", role: "admin" });
    expect((await caller.post("/api/v1/claim", { code })).status).toBe(401);
  }, 60_000);

  test("[I9] ten wrong codes within a minute are 429, also for the right one", async () => {
    const env = { PORT: String(await freePort()), SIGNALBOX_DATA: await folder() };
    const url = `http://127.0.0.1:${env.PORT}`;
    const child = run(env);
    const code = (await child.printed(/#claim=([A-Za-z0-9._~-]+)/))[1];
    await child.answers(`${url}/healthz`);
    const statuses = [];
    for (let at = 0; at < 11; at++) {
      statuses.push((await rest(url).post("/api/v1/claim", { code: `wrong-${at}` })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const late = await rest(url).post("/api/v1/claim", { code });
    expect(late.status).toBe(429);
    expect(late.headers.get("retry-after")).toMatch(/^\d+$/);
  }, 60_000);
});
