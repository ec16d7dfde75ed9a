/** A hub between programs that nobody here wrote: each device sends, gets a command and answers, and the ledger says so. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { launchBrowser } from "../support/browser.ts";
import { operator, rest, wsUrl } from "../support/client.ts";
import { type Child, start } from "../support/process.ts";
import { need, NODE, PYTHON, WEBSOCAT } from "./programs.ts";

let hub: Hub;
let folder: string;
beforeAll(async () => {
  [hub, folder] = [await denoHub(), await mkdtemp(join(tmpdir(), "signalbox-foreign-"))];
});
afterAll(async () => {
  await hub?.dispose();
  await rm(folder, { recursive: true, force: true });
});

type Running = Pick<Child, "err" | "printed" | "kill">;
type Proof = (command: string) => RegExp;
const soon = { timeout: 20_000, interval: 100 };
const file = (name: string) => join(ROOT, "test/foreign", name);
const program = (command: string, ...args: string[]) => start(command, args, { cwd: ROOT });
const socket = () => wsUrl(hub.url, "/device");

/** The device has heard that its outcome is durable [C12]. */
const stored: Proof = (command) => new RegExp(`"type":"stored","id":"${command}"`);

/** A relay is made, `run` is started as it, and an operator's program over `ws` switches it on. */
async function switchedOn(id: string, run: (token: string) => Running | Promise<Running>, proof = stored) {
  const admin = rest(hub.url, hub.adminToken);
  const made = await admin.post("/api/v1/devices", { id, kind: "relay" });
  expect(made.status, made.text).toBe(201);
  const show = async () => (await admin.get(`/api/v1/devices/${id}`)).body;
  const device = await run(made.body.token);
  const ann = await operator(hub.url, hub.adminToken);
  try {
    const said = { presence: "online", telemetry: { power: { value: 4.5 } } };
    await vi.waitFor(async () => expect(await show(), device.err()).toMatchObject(said), soon);

    ann.send({ type: "command", id: "1", device: id, name: "set", params: { on: true } });
    const reply = await ann.next("reply");
    expect(reply).toMatchObject({ id: "1", ok: true, value: { status: "accepted" } });
    await ann.next(({ type, command }) => type === "command" && command.status === "succeeded");

    const command = reply.value.id;
    const record = (await admin.get(`/api/v1/commands/${command}`)).body;
    expect(record).toMatchObject({ id: command, device: id, status: "succeeded", attempt: 1 });
    expect(record.receivedAt).toBeGreaterThanOrEqual(record.sentAt);
    expect(record.finishedAt).toBeGreaterThanOrEqual(record.receivedAt);
    expect(await show()).toMatchObject({ reported: { on: true } });
    await device.printed(proof(command));
  } finally {
    ann.terminate();
    await device.kill();
  }
}

describe("a device that nobody here wrote", () => {
  test.for(["header", "subprotocol"])("[H3, C10] Python's websockets, its token in the %s", async (way, context) => {
    const python = need(context, PYTHON);
    await switchedOn(`python-${way}`, (token) => program(python, file("device.py"), socket(), token, way));
  });

  test("[H3, C10] websocat and a shell", async (context) => {
    need(context, WEBSOCAT);
    await switchedOn("websocat", (token) => program("sh", file("device.sh"), socket(), token));
  });
});

describe("the device library", () => {
  const settled: Proof = () => /settled true/;
  const quiet = { configFile: false, logLevel: "error" } as const;

  test("[C10] on Node, over ws, without anything of Deno", async (context) => {
    const node = need(context, NODE);
    await build({
      ...quiet,
      ssr: { noExternal: true },
      build: { ssr: file("on_node.ts"), outDir: folder, emptyOutDir: false },
    });
    await switchedOn("node", (token) => program(node, join(folder, "on_node.js"), hub.url, token), settled);
  });

  test("[C10] in a browser, with nothing but what a page has", async () => {
    const lib = { entry: file("in_browser.ts"), formats: ["iife" as const], name: "device", fileName: "in_browser" };
    await build({ ...quiet, build: { lib, outDir: folder, emptyOutDir: false } });
    const browser = await launchBrowser();
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.addScriptTag({ path: join(folder, "in_browser.iife.js") });
    const run = async (token: string): Promise<Running> => {
      await page.evaluate(`beRelay(${JSON.stringify(hub.url)}, ${JSON.stringify(token)})`);
      return {
        err: () => said.join("\n"),
        printed: (pattern) => vi.waitFor(() => said.join("\n").match(pattern) ?? expect.fail(said.join("\n")), soon),
        kill: () => browser.close().then(() => ({ code: 0, signal: null })),
      };
    };
    await switchedOn("browser", run, settled).finally(() => browser.close());
  }, 60_000);
});
