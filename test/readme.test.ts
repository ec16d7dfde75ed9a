/** The README and its guides are true: snippets run as they are written, names exist, links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { KINDS } from "../devices/mod.ts";
import { readSettings } from "../src/platform/settings.ts";
import { CURL, need, NODE_22, PYTHON, WEBSOCAT } from "./foreign/programs.ts";
import { denoHub, type Hub, ROOT } from "./runtime/launch.ts";
import { launchBrowser } from "./support/browser.ts";
import { device, type Json, rest } from "./support/client.ts";
import { type Child, DENO, start } from "./support/process.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const README = read("README.md");
/** What it goes on in, for people who use the hub; docs/mqtt-devices.md and the bridge's have tests of their own. */
const GUIDES = [README, ...["mqtt-door", "operating", "kinds", "running"].map((name) => read(`docs/${name}.md`))];
const TEXT = GUIDES.join("\n");
const SNIPPETS = [...TEXT.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));

/** The one snippet in that language that has these words. */
function snippet(language: string, words: string): string {
  const found = SNIPPETS.filter((one) => one.language === language && one.text.includes(words));
  if (found.length !== 1) throw new Error(`there are ${found.length} snippets in ${language} with ${words}`);
  return found[0].text;
}

describe("the snippets", () => {
  let hub: Hub;
  let folder: string;
  const children: Child[] = [];
  beforeAll(async () => {
    [hub, folder] = [await denoHub(), await mkdtemp(join(tmpdir(), "signalbox-readme-"))];
  });
  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await hub?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** With the address of this hub; everything else stays as it is written. */
  const here = (text: string) => text.replaceAll("localhost:8000", new URL(hub.url).host);
  const admin = () => rest(hub.url, hub.adminToken);
  const run = (command: string, args: string[], env: Record<string, string> = {}) => {
    const child = start(command, args, { cwd: ROOT, env });
    children.push(child);
    return child;
  };
  async function file(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }
  async function make(id: string, kind: string): Promise<string> {
    const made = await admin().post("/api/v1/devices", { id, kind });
    expect(made.status, made.text).toBe(201);
    return made.body.token;
  }
  async function becomes(id: string, hoped: Json, child?: Child): Promise<void> {
    const look = async () => {
      const { body } = await admin().get(`/api/v1/devices/${id}`);
      expect(body, child && child.out() + child.err()).toMatchObject(hoped);
    };
    await vi.waitFor(look, { timeout: 20_000, interval: 100 });
  }
  const measured = { telemetry: { temperature: { value: 21.5 } } };

  /** A device of the README's: its first sample arrives, and it hears a welcome. */
  async function isDevice(id: string, child: Child): Promise<void> {
    await becomes(id, { presence: "online", ...measured }, child);
    await child.printed(new RegExp(`"type":"welcome".*"device":"${id}"`));
  }

  const SCRIPT = snippet("js", "new WebSocket");
  const withToken = (token: string, text: string) => `const token = ${JSON.stringify(token)};\n${here(text)}`;

  test("[T1] JavaScript is a device on Deno", async () => {
    const script = await file("deno.js", withToken(await make("js-deno", "env-sensor"), SCRIPT));
    await isDevice("js-deno", run(DENO, ["run", "--allow-net", "--no-config", script]));
  });

  test("[T1] JavaScript is a device on Node", async (context) => {
    const node = need(context, NODE_22);
    const script = await file("node.mjs", withToken(await make("js-node", "env-sensor"), SCRIPT));
    await isDevice("js-node", run(node, [script]));
  });

  test("[T1] JavaScript is a device in a browser's console", async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const welcomed = page.waitForEvent("console", (message) => message.text().includes('"type":"welcome"'));
      await page.evaluate(withToken(await make("js-browser", "env-sensor"), SCRIPT));
      await becomes("js-browser", { presence: "online", ...measured });
      await welcomed;
    } finally {
      await browser.close();
    }
  }, 60_000);

  test("[M4] MQTT.js is a device", async () => {
    const token = await make("mqtt-roof", "env-sensor");
    const text = withToken(token, snippet("js", "mqtt.connect").replaceAll("roof", "mqtt-roof"));
    // Where its package is found.
    const script = join(ROOT, "dist", `readme-mqtt-${crypto.randomUUID()}.mjs`);
    await mkdir(join(ROOT, "dist"), { recursive: true });
    await writeFile(script, text);
    try {
      const child = run(DENO, ["run", "--allow-all", script]);
      await becomes("mqtt-roof", { presence: "online", ...measured }, child);
      await child.printed(/devices\/mqtt-roof\/welcome .*"device":"mqtt-roof"/);
    } finally {
      await rm(script);
    }
  });

  test("[T1] Python is a device", async (context) => {
    const python = need(context, PYTHON);
    const token = await make("python", "env-sensor");
    const script = await file("device.py", `token = "${token}"\n${here(snippet("python", "websockets"))}`);
    await isDevice("python", run(python, ["-u", script]));
  });

  test("[T1] websocat is a device", async (context) => {
    need(context, WEBSOCAT);
    const typed = `echo '{"type":"telemetry","data":{"temperature":21.5}}'; sleep 60`;
    const line = `{ ${typed}; } | ${here(snippet("sh", "websocat")).replace(/^#.*\n/, "")}`;
    await isDevice("websocat", run("sh", ["-c", line], { TOKEN: await make("websocat", "env-sensor") }));
  });

  test("[T1] curl adds a device, and posts its samples", async (context) => {
    need(context, CURL);
    const adding = run("sh", ["-c", here(snippet("sh", '"kind":"env-sensor"'))], { ADMIN: hub.adminToken });
    expect(await adding.ended, adding.err()).toMatchObject({ code: 0 });
    const { token: TOKEN } = JSON.parse(adding.out());
    const child = run("sh", ["-c", here(snippet("sh", '{"data":'))], { TOKEN });
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    expect(JSON.parse(child.out())).toEqual({ accepted: 1 });
    await becomes("roof", measured);
  });

  test("[Q8] curl saves a history as the file that its answer names", async (context) => {
    need(context, CURL);
    // Another test may have made it already.
    const made = await admin().post("/api/v1/devices", { id: "roof", kind: "env-sensor" });
    const { token } = made.status === 201 ? made.body : (await admin().post("/api/v1/devices/roof/token", {})).body;
    const roof = await device(hub.url, token);
    roof.send({ type: "telemetry", seq: 1, data: { temperature: 19.25, humidity: 40 } });
    await roof.next("stored");
    roof.terminate();
    const saved = join(folder, "saved");
    const child = run("sh", ["-c", `mkdir "${saved}" && cd "${saved}" && ${here(snippet("sh", "telemetry.csv"))}`], {
      OPERATOR: hub.adminToken,
    });
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    const [name] = readdirSync(saved);
    expect(name).toMatch(/^roof \d{4}-\d\d-\d\dT\d{6}Z \d{4}-\d\d-\d\dT\d{6}Z\.csv$/);
    const [head, ...rows] = readFileSync(join(saved, name), "utf8").split("\r\n");
    expect(head).toBe("time (UTC),time (ms),temperature (°C),humidity (%)");
    expect(rows.some((row) => row.endsWith(",19.25,40"))).toBe(true);
  });

  test("[C10] the TypeScript device is what its kind says, and does what the operator's curl asks", async (context) => {
    const token = await make("lamp", "relay");
    const pin = "const pin = { write: (on: boolean) => console.log(`pin ${on}`) };\n";
    const text = withToken(token, snippet("ts", "src/device")).replaceAll(`"./`, `"file://${ROOT}`);
    const program = await file("device.ts", pin + text);
    const lamp = run(DENO, [
      "run",
      "--check",
      "--no-lock",
      "--allow-net",
      "--config",
      join(ROOT, "deno.json"),
      program,
    ]);
    await becomes("lamp", { presence: "online", telemetry: { power: { value: 42 } } }, lamp);

    need(context, CURL);
    const operator = await admin().post("/api/v1/tokens", { name: "README", role: "operator" });
    const child = run("sh", ["-c", here(snippet("sh", "Prefer"))], { OPERATOR: operator.body.token });
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    expect(JSON.parse(child.out())).toMatchObject({ device: "lamp", name: "set", status: "succeeded" });
    expect(lamp.out()).toContain("pin true");
    await becomes("lamp", { reported: { on: true } });
  });

  test("[J5] curl starts a job, whose canaries go first", async (context) => {
    need(context, CURL);
    const ids = ["hall-1", "hall-2", "hall-3"];
    const relays = await Promise.all(ids.map(async (id) => {
      const made = await admin().post("/api/v1/devices", { id, kind: "relay", tags: ["hall"] });
      expect(made.status, made.text).toBe(201);
      return await device(hub.url, made.body.token);
    }));
    const operator = await admin().post("/api/v1/tokens", { name: "Jobs", role: "operator" });
    const child = run("sh", ["-c", here(snippet("sh", "canary"))], { OPERATOR: operator.body.token });
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    const job = JSON.parse(child.out());
    expect(job).toMatchObject({ status: "running", total: 3, canary: 2 });
    for (const relay of relays) {
      const { id, params } = await relay.next("command");
      expect(params).toEqual({ on: false });
      relay.send({ type: "result", id, ok: true });
    }
    const look = async () =>
      expect((await admin().get(`/api/v1/jobs/${job.id}`)).body).toMatchObject({
        status: "done",
        counts: { succeeded: 3 },
      });
    await vi.waitFor(look, { timeout: 20_000, interval: 100 });
    relays.forEach((relay) => relay.terminate());
  });

  test("[E1, E6] the emergency stop is latched and cleared by curl", async (context) => {
    need(context, CURL);
    // Another test may have made it already.
    await admin().post("/api/v1/devices", { id: "lamp", kind: "relay" });
    const child = run("sh", ["-c", here(snippet("sh", "estop"))], { OPERATOR: hub.adminToken });
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    const latch = { reason: "Water on the floor.", reach: "hub", command: null, confirmedAt: null };
    const answers = child.out().replaceAll("}{", "}\n{").trim().split("\n").map((text) => JSON.parse(text));
    expect(answers).toMatchObject([latch, latch]);
    expect((await admin().get("/api/v1/devices/lamp")).body.estop).toBeNull();
  });

  test("[R7] curl streams what a query finds, one JSON a line", async (context) => {
    need(context, CURL);
    const made = await admin().post("/api/v1/devices", { id: "tailed", kind: "camera", tags: ["hall"] });
    const operator = await admin().post("/api/v1/tokens", { name: "Tail", role: "viewer" });
    const tail = run("sh", ["-c", here(snippet("sh", "curl -N"))], { OPERATOR: operator.body.token });
    await tail.printed(/"type":"snapshot".*"id":"tailed"/);
    const camera = await device(hub.url, made.body.token);
    camera.send({ type: "event", name: "motion", data: { level: 14 } });
    await tail.printed(/\n\{"type":"event",.*"device":"tailed","name":"motion","data":\{"level":14\}.*\}\n/);
    await tail.printed(/\n\{"type":"changes",.*"tailed":\{"presence":"online".*\}\n/);
    for (const line of tail.out().trimEnd().split("\n")) expect(JSON.parse(line).type).toMatch(/./);
    camera.terminate();
  });

  test("the TypeScript device does not type-check with what its kind does not have", async () => {
    const text = withToken("a.b", snippet("ts", "src/device")).replaceAll(`"./`, `"file://${ROOT}`);
    const wrong = await file(
      "wrong.ts",
      text.replace("power: 42", "temperature: 42") + "\ndeclare const pin: { write(on: boolean): void };",
    );
    const child = run(DENO, ["check", "--no-lock", "--config", join(ROOT, "deno.json"), wrong]);
    expect((await child.ended).code).toBe(1);
    expect(child.err()).toMatch(/'temperature' does not exist/);
  });

  test("a simulated device connects by its command", async () => {
    const token = await make("hall", "thermostat");
    const words = here(snippet("sh", "task device thermostat")).replace("$TOKEN", token).trim().split(" ");
    expect(words.slice(0, 4)).toEqual(["npx", "-y", "deno", "task"]);
    const child = run(DENO, words.slice(3));
    await child.printed(/online as hall/);
    await becomes("hall", { presence: "online", reported: { mode: "heat" } }, child);
  });

  test("[A7] the audit is verified by its command, and its head noted", async () => {
    await make("audited", "relay");
    const words = here(snippet("sh", "audit:verify")).replace("$ADMIN", hub.adminToken).trim().split(" ");
    const child = run(DENO, words.slice(3).map((word) => word === "heads.txt" ? join(folder, word) : word));
    expect(await child.ended, child.err()).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "heads.txt"), "utf8")).toMatch(/^hub:\d+:[0-9a-f]{64}\n$/);
  });

  test("the addresses that it names answer", async () => {
    const named = [...(README + read("docs/operating.md")).matchAll(/`(\/[\w./-]+)`/g)].map(([, path]) => path);
    expect([...new Set(named)]).toEqual([
      "/simulator",
      "/docs",
      "/api/openapi.json",
      "/api/asyncapi.json",
      "/api/v1/events",
      "/api/v1/commands",
      "/api/v1/facets",
      "/api/v1/hub",
      "/metrics",
      "/api/v1/audit",
    ]);
    for (const path of named) expect((await admin().get(path)).status, path).toBe(200);
    expect((await admin().get("/api/openapi.json")).body.paths["/api/v1/devices"].post).toBeDefined();
  });

  test("nothing in it is left out of these tests", () => {
    const tasks = /^(#.*\n|(npx -y )?deno task (start|demo|test|dev:cloudflare|deploy:cloudflare)\b.*\n)+$/;
    const rest = SNIPPETS.filter(({ text }) => !tasks.test(text)).map(({ language }) => language);
    // The README's last one needs a project of its own: test/tools/add_a_kind.test.ts runs it.
    const inReadme = ["sh", "js", "sh", "python", "sh", "ts", "sh", "sh", "sh", "sh"];
    // What a board, systemd and nginx read is run nowhere here.
    expect(rest).toEqual([...inReadme, "js", "c", "sh", "sh", "sh", "sh", "ini", "nginx"]);
  });
});

describe("the names", () => {
  test("every task exists", () => {
    const { tasks } = JSON.parse(read("deno.json"));
    const named = [...TEXT.matchAll(/deno task ([\w:]+)/g)].map(([, name]) => name);
    const least = [
      "start",
      "demo",
      "device",
      "kinds:new",
      "kinds:check",
      "conform",
      "audit:verify",
      "deploy:cloudflare",
    ];
    expect(named).toEqual(expect.arrayContaining([...least, "dev:cloudflare", "test"]));
    for (const name of named) expect(tasks).toHaveProperty([name]);
  });

  test("every kind exists", () => {
    const [, named] = /There are the kinds ([^.]*), and \[yours\]/.exec(README)!;
    const kinds = KINDS.map(({ name }) => name);
    for (const [, name] of named.matchAll(/`([^`]*)`/g)) expect(kinds).toContain(name);
  });

  test("[S1] the settings are those of the protocol, and have the defaults that it says", () => {
    const rows = (text: string) => [...text.matchAll(/^\| `((?:SIGNALBOX_\w+|PORT))` \| .* \| (.*) \|$/gm)];
    const settings = rows(README).map(([, name]) => name);
    expect(settings).toEqual(
      rows(read("src/protocol/PROTOCOL.md")).map(([, name]) => name).filter((name) =>
        readSettings({ ...broker, [name]: good[name] }).ok
      ),
    );
    expect(settings).toEqual(Object.keys(good));
    const given = Object.fromEntries(rows(README).map(([, name, value]) => [name, /^`(.*)`$/.exec(value)?.[1]]));
    const { value } = readSettings({}) as { value: Json };
    expect(given).toMatchObject({
      PORT: String(value.port),
      SIGNALBOX_HOST: value.host,
      SIGNALBOX_DATA: value.data,
    });
  });
  const good: Record<string, string> = {
    PORT: "8000",
    SIGNALBOX_HOST: "127.0.0.1",
    SIGNALBOX_DATA: "./data",
    SIGNALBOX_ADMIN_TOKEN: "0f2e7c4b9a1d8e5f6a3b2c7d4e9f0a1b",
    SIGNALBOX_URL: "https://hub.example",
    SIGNALBOX_TRUST_PROXY: "1",
    SIGNALBOX_MAP_TILES: "https://tile.example.org/{z}/{x}/{y}.png",
    SIGNALBOX_MAP_ATTRIBUTION: "© [OpenStreetMap](https://www.openstreetmap.org/copyright) contributors",
    SIGNALBOX_MAP_ZOOM: "18",
    SIGNALBOX_MQTT_URL: "mqtts://broker.example",
    SIGNALBOX_MQTT_USERNAME: "hub",
    SIGNALBOX_MQTT_PASSWORD: "swordfish",
    SIGNALBOX_MQTT_PREFIX: "signalbox",
    SIGNALBOX_MQTT_CA: "ca.pem",
    SIGNALBOX_MQTT_CERT: "bridge.pem",
    SIGNALBOX_MQTT_KEY: "bridge.key",
    SIGNALBOX_MQTT_DISCOVERY: "homeassistant",
    SIGNALBOX_MQTT_DEVICES: "devices.json",
  };
  /** What those of a bridge and of a map stand beside. */
  const broker = {
    SIGNALBOX_MAP_TILES: good.SIGNALBOX_MAP_TILES,
    SIGNALBOX_MQTT_URL: good.SIGNALBOX_MQTT_URL,
    SIGNALBOX_MQTT_USERNAME: "hub",
    SIGNALBOX_MQTT_CERT: "bridge.pem",
    SIGNALBOX_MQTT_KEY: "bridge.key",
  };
});

describe("the links", () => {
  /** As the usual renderers make a heading's anchor. */
  const anchorsOf = (markdown: string) =>
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    );

  const guides = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  test.each<[string, number]>([
    ["README.md", 5],
    ["src/README.md", 0],
    ["src/DECISIONS.md", 0],
    ["src/protocol/PROTOCOL.md", 10],
    ["test/README.md", 1],
    ["bench/README.md", 1],
    ...guides.map((name): [string, number] => [`docs/${name}`, 1]),
  ])("of %s lead somewhere", (path, atLeast) => {
    const targets = [...read(path).matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThanOrEqual(atLeast);
    for (const target of targets) {
      if (/^https?:/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const there = file === "" ? join(ROOT, path) : resolve(dirname(join(ROOT, path)), file);
      expect(existsSync(there), `${path}: ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(readFileSync(there, "utf8")), `${path}: ${target}`).toContain(anchor);
    }
  });
});
