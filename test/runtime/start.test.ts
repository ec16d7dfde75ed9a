/** How the process starts, or says in one sentence why it cannot; and who comes in first. */
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import type { Child } from "../support/process.ts";
import { denoHub, type Hub, sandbox, secret } from "./launch.ts";

const { folder, run } = sandbox();
const DATABASE = "signalbox.sqlite";

/** A complete environment but for what is tested. */
const settings = async (env: Record<string, string>) => ({
  PORT: String(await freePort()),
  SIGNALBOX_DATA: await folder(),
  ...env,
});

async function expectRefusal(env: Record<string, string>, naming: RegExp): Promise<void> {
  const child = run(await settings(env));
  const { code } = await child.ended;
  const lines = child.err().split("\n").filter((line) => line.trim() !== "");
  expect(code, child.err()).toBe(1);
  expect(lines, child.err()).toHaveLength(1);
  expect(lines[0]).toMatch(/^[A-Z].*\s.*\.$/);
  expect(lines[0]).toMatch(naming);
  expect(child.out()).not.toContain("listens");
  const token = env.SIGNALBOX_ADMIN_TOKEN;
  if (token) expect(child.err() + child.out()).not.toContain(token);
}

/** The data of a hub with some devices, after it ended well; gone with `dispose`. */
async function leftover(): Promise<Hub> {
  const hub = await denoHub();
  const admin = rest(hub.url, hub.adminToken);
  for (let at = 0; at < 40; at++) {
    const body = { id: `device-${at}`, kind: "relay", name: "N".repeat(100), tags: [] };
    expect((await admin.post("/api/v1/devices", body)).status).toBe(201);
  }
  hub.child.signal("SIGTERM");
  expect(await hub.child.ended).toEqual({ code: 0, signal: null });
  return hub;
}

/** What another program did to the database meanwhile is refused. */
async function expectRefusalAfter(change: (file: string) => void | Promise<void>, naming: RegExp): Promise<void> {
  const hub = await leftover();
  try {
    await change(join(hub.data, DATABASE));
    await expectRefusal({ SIGNALBOX_DATA: hub.data }, naming);
  } finally {
    await hub.dispose();
  }
}

function alter(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}

describe("settings of the process", () => {
  const refusals: Record<string, [env: Record<string, string>, naming: RegExp]> = {
    "an unknown setting": [{ SIGNALBOX_COLOUR: "red" }, /SIGNALBOX_COLOUR/],
    "a short token": [{ SIGNALBOX_ADMIN_TOKEN: "abcdefghijklmnopqrstuvwxyz01234" }, /SIGNALBOX_ADMIN_TOKEN/],
    "a token with odd letters": [{ SIGNALBOX_ADMIN_TOKEN: `${secret()}!` }, /SIGNALBOX_ADMIN_TOKEN/],
    "an empty token": [{ SIGNALBOX_ADMIN_TOKEN: "" }, /SIGNALBOX_ADMIN_TOKEN/],
    "a placeholder for a token": [
      { SIGNALBOX_ADMIN_TOKEN: "changeme-changeme-changeme-changeme" },
      /SIGNALBOX_ADMIN_TOKEN/,
    ],
    "a port that is no number": [{ PORT: "eighty" }, /PORT/],
    "a port out of range": [{ PORT: "70000" }, /PORT/],
    "a name where an address belongs": [{ SIGNALBOX_HOST: "localhost" }, /SIGNALBOX_HOST/],
    "an origin that is none": [{ SIGNALBOX_URL: "not an origin" }, /SIGNALBOX_URL/],
    "a proxy neither trusted nor not": [{ SIGNALBOX_TRUST_PROXY: "maybe" }, /SIGNALBOX_TRUST_PROXY/],
    "a database that is not built yet": [{ SIGNALBOX_DATABASE_URL: "postgres://h/x" }, /SIGNALBOX_DATABASE_URL/],
    "tiles of many hosts": [
      { SIGNALBOX_MAP_TILES: "https://{s}.example.org/{z}/{x}/{y}.png" },
      /^SIGNALBOX_MAP_TILES must be an address of tiles such as /,
    ],
    "a map's zoom without a map": [
      { SIGNALBOX_MAP_ZOOM: "18" },
      /^SIGNALBOX_MAP_ZOOM is of a map: set SIGNALBOX_MAP_TILES/,
    ],
    "a broker that is none": [{ SIGNALBOX_MQTT_URL: "http://localhost" }, /SIGNALBOX_MQTT_URL/],
  };
  for (const [what, [env, naming]] of Object.entries(refusals)) {
    test.concurrent(`[S2] ${what} refuses to start with one sentence that names it`, () => expectRefusal(env, naming));
  }
});

describe("what the process needs", () => {
  test("[S3] a port in use refuses to start", async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "0.0.0.0", resolve));
    await expectRefusal({ PORT: String(port), SIGNALBOX_ADMIN_TOKEN: secret() }, new RegExp(`^Port ${port} is in use`))
      .finally(() => other.close());
  });

  test("[S8] an address that the machine does not have refuses to start", () =>
    // Of a network that is only for documents.
    expectRefusal({ SIGNALBOX_HOST: "192.0.2.1" }, /^This machine has no address 192\.0\.2\.1: set SIGNALBOX_HOST /));

  test.runIf(process.platform === "linux")("[S8] it listens at the address that is set, and at no other", async () => {
    const env = await settings({ SIGNALBOX_HOST: "127.0.0.2" });
    const child = run(env);
    await firstAnswer(`http://127.0.0.2:${env.PORT}/healthz`, child);
    await expect(fetch(`http://127.0.0.1:${env.PORT}/healthz`)).rejects.toThrow();
    expect(child.out()).toContain(`http://127.0.0.2:${env.PORT}/#claim=`);
    await child.kill();
  });

  test("[S3] a data folder that cannot be made refuses to start", async () => {
    const file = join(await folder(), "file");
    await writeFile(file, "");
    await expectRefusal({ SIGNALBOX_DATA: join(file, "data") }, /^The data folder .+file\/data cannot be used/);
  });

  test("[S3] a data folder that cannot be written refuses to start", async () => {
    const data = await unwritable();
    await expect(writeFile(join(data, "probe"), "")).rejects.toThrow();
    await expectRefusal({ SIGNALBOX_DATA: data }, /^The data folder .+ cannot be used .+: make it writable/);
  });

  test("[S3] a second process on the same data refuses to start, and the first one goes on", async () => {
    const hub = await denoHub();
    try {
      await expectRefusal({ SIGNALBOX_DATA: hub.data }, /^Another Signalbox uses the data in /);
      const body = { id: "lamp", kind: "relay" };
      expect((await rest(hub.url, hub.adminToken).post("/api/v1/devices", body)).status).toBe(201);
    } finally {
      await hub.dispose();
    }
  });

  test("[S3] a file that is no database refuses to start", () =>
    expectRefusalAfter(
      (file) => writeFile(file, "no rows here\n".repeat(1_000)),
      /signalbox\.sqlite .+ is no database/,
    ));

  test("[S3] a database whose pages were overwritten refuses to start", () =>
    expectRefusalAfter(async (file) => {
      const bytes = await readFile(file);
      bytes.fill(0xa5, 4096);
      await writeFile(file, bytes);
    }, /signalbox\.sqlite .+ is no database/));

  test("[S3] a database with a row that is no JSON refuses to start", () =>
    expectRefusalAfter((file) => alter(file, `UPDATE device SET row = substr(row, 1, 20)`), /is no database that/));

  test("[S3] the database of a newer Signalbox refuses to start", () =>
    expectRefusalAfter(
      (file) => alter(file, "INSERT INTO migration (id, at) VALUES (999, 0)"),
      /written by a newer Signalbox \(schema 999;/,
    ));

  test("an untouched database starts again with everything in it", async () => {
    const hub = await leftover();
    try {
      await hub.restart();
      expect((await rest(hub.url, hub.adminToken).get("/api/v1/devices")).body.total).toBe(40);
    } finally {
      await hub.dispose();
    }
  });

  test("the time from the start of the process to its first answer", async () => {
    const times: number[] = [];
    for (let at = 0; at < 5; at++) {
      const env = await settings({ SIGNALBOX_ADMIN_TOKEN: secret() });
      const began = performance.now();
      const child = run(env);
      await firstAnswer(`http://127.0.0.1:${env.PORT}/healthz`, child);
      times.push(Math.round(performance.now() - began));
      await child.kill();
    }
    console.log(`the process answers ${times.join(", ")} ms after its start`);
  });
});

/** A folder that is there and takes no file, whoever asks. */
async function unwritable(): Promise<string> {
  // Permissions do not bind root; what the kernel shows of its processes takes no file from anybody.
  if (process.getuid?.() === 0 && existsSync("/proc/self")) return "/proc";
  const made = await folder();
  await chmod(made, 0o555);
  return made;
}

/** Asks more often than `answers` does, which would be seen in the time. */
async function firstAnswer(url: string, child: Child): Promise<void> {
  let ended = false;
  child.ended.then(() => ended = true);
  while (!ended) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(5);
  }
  throw new Error(child.err());
}

const CODE = /#claim=([A-Za-z0-9._~-]+)/;

describe("the claim", () => {
  test("[I9] without a token and an operator, a code in the log makes the first administrator, once", async () => {
    const env = await settings({});
    const url = `http://127.0.0.1:${env.PORT}`;
    const first = run(env);
    const code = (await first.printed(CODE))[1];
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
  });

  test("[I9] each start makes a new code while nobody came in, and the old one opens nothing", async () => {
    const env = await settings({});
    const url = `http://127.0.0.1:${env.PORT}`;
    const first = run(env);
    const old = (await first.printed(CODE))[1];
    await first.kill();
    const second = run(env);
    const code = (await second.printed(CODE))[1];
    await second.answers(`${url}/healthz`);
    expect(code).not.toBe(old);
    expect((await rest(url).post("/api/v1/claim", { code: old })).status).toBe(401);
    expect((await rest(url).post("/api/v1/claim", { code })).status).toBe(201);
  });

  test("[I9] ten wrong codes within a minute are 429, also for the right one", async () => {
    const env = await settings({});
    const url = `http://127.0.0.1:${env.PORT}`;
    const child = run(env);
    const code = (await child.printed(CODE))[1];
    await child.answers(`${url}/healthz`);
    const statuses = [];
    for (let at = 0; at < 11; at++) {
      statuses.push((await rest(url).post("/api/v1/claim", { code: `wrong-${at}` })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const late = await rest(url).post("/api/v1/claim", { code });
    expect(late.status).toBe(429);
    expect(late.headers.get("retry-after")).toMatch(/^\d+$/);
  });
});
