/** A hub that cannot start on Workers says why, in the answer and in the log, and goes on where it was once it can. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import worker, { Shard } from "../../src/platform/cloudflare.ts";
import { ADMIN, bindings, connect, rest, shard, URL_OF_HUB } from "./world.ts";

const SHORT = "a-token-of-31-characters-123456";
const UNKNOWN = /^There is no setting SIGNALBOX_COLOUR; there are .+\.$/;
const NEWER =
  /^The database in this Durable Object was written by a newer Signalbox \(schema 999; this one knows \d+\): start that version again\.$/;

let errors: MockInstance<typeof console.error>;
beforeEach(() => void (errors = vi.spyOn(console, "error").mockImplementation(() => {})));
afterEach(() => void vi.restoreAllMocks());
const logged = () => errors.mock.calls.map(([line]) => JSON.parse(String(line)));

const me = () => new Request(`${URL_OF_HUB}/api/v1/me`, { headers: { Authorization: `Bearer ${ADMIN}` } });

async function expectRefusal(response: Response, sentence: string | RegExp): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBe(500);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(JSON.parse(text)).toMatchObject({ status: 500, code: "internal", detail: expect.stringMatching(sentence) });
  expect(logged().at(-1)).toEqual({
    event: "start_refused",
    at: expect.any(String),
    level: "error",
    sentence: expect.stringMatching(sentence),
  });
}

/** The object's own code with other settings, on the same storage and sockets. */
const withSettings = <V>(settings: Record<string, unknown>, act: (shard: Shard, state: DurableObjectState) => V) =>
  runInDurableObject(shard(), (_, state) => act(new Shard(state, { ...bindings, ...settings }), state));

describe("a Worker with a bad setting", () => {
  it("[S2, S5] answers every request with the sentence, and logs it", async () => {
    const settings = { ...bindings, SIGNALBOX_COLOUR: "red" };
    for (const path of ["/api/v1/me", "/healthz", "/device", "/docs"]) {
      const response = await worker.fetch(new Request(URL_OF_HUB + path), settings);
      await expectRefusal(response, UNKNOWN);
    }
    expect(logged()).toHaveLength(4);
  });

  it("[S7] refuses a map that is none, and still serves the panel, which then shows the sentence", async () => {
    const settings = { ...bindings, SIGNALBOX_MAP_TILES: "https://{s}.example.org/{z}/{x}/{y}.png" };
    const pages = ["/", "/devices/van", "/apis"];
    const PANEL = { fetch: ({ url }: Request) => Promise.resolve(new Response(`page of ${new URL(url).pathname}`)) };
    const ask = (path: string) =>
      worker.fetch(new Request(URL_OF_HUB + path), { ...settings, PANEL: PANEL as unknown as Fetcher });
    for (const path of ["/api/v1/me", "/api", "/healthz", "/docs/kinds", "/operator"]) {
      await expectRefusal(await ask(path), /^SIGNALBOX_MAP_TILES must be an address of tiles such as /);
    }
    for (const path of pages) expect(await (await ask(path)).text()).toBe(`page of ${path}`);
  });

  it("[S2] tells nothing of what was set", async () => {
    const settings = { ...bindings, SIGNALBOX_ADMIN_TOKEN: SHORT };
    const response = await worker.fetch(me(), settings);
    const text = await response.clone().text();
    await expectRefusal(response, /^SIGNALBOX_ADMIN_TOKEN must be at least 32 characters long\.$/);
    expect(text + JSON.stringify(logged())).not.toContain(SHORT);
  });

  it.each([
    [
      { SIGNALBOX_MQTT_URL: "mqtts://ann:secret@broker.example.org" },
      /^SIGNALBOX_MQTT_URL must begin with ws: or wss: on /,
    ],
    [
      { SIGNALBOX_MQTT_URL: "wss://broker.example.org", SIGNALBOX_MQTT_CA: "/ca.pem" },
      /^SIGNALBOX_MQTT_CA is a file, and /,
    ],
    [
      { SIGNALBOX_MQTT_URL: "wss://broker.example.org", SIGNALBOX_MQTT_DEVICES: "/devices.json" },
      /^SIGNALBOX_MQTT_DEVICES is a file, and /,
    ],
    [{ SIGNALBOX_MQTT_PREFIX: "home" }, /^SIGNALBOX_MQTT_PREFIX is of the bridge /],
  ])("[S6] says what of a bridge Workers cannot do: %j", async (settings, sentence) => {
    await expectRefusal(await worker.fetch(me(), { ...bindings, ...settings }), sentence);
  });

  it("[S1] takes numbers and booleans, as wrangler.toml can hold them", async () => {
    for (const SIGNALBOX_TRUST_PROXY of [1, 0, true, false]) {
      const settings = { ...bindings, SIGNALBOX_TRUST_PROXY };
      const response = await worker.fetch(me(), settings);
      // An answer that nobody reads would keep the object from its next sleep.
      expect([response.status, (await response.json<{ role: string }>()).role]).toEqual([200, "admin"]);
    }
  });
});

describe("an object that cannot start", () => {
  it("[S6, N40] says what is wrong with devices that arrive by a mapping", async () => {
    const devices = '[{"device":"plug","mapping":"nothing","topic":"plug"}]';
    const settings = { SIGNALBOX_MQTT_URL: "wss://broker.example.org", SIGNALBOX_MQTT_DEVICES: devices };
    const answer = await withSettings(settings, async (shard) => {
      // As the runtime does, which lets nothing in before.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
      return shard.fetch(me());
    });
    await expectRefusal(await answer, /^SIGNALBOX_MQTT_DEVICES: .*nothing/);
  });

  it("[S2, S5] answers with the sentence where it was woken with a bad setting", async () => {
    await expectRefusal(await withSettings({ SIGNALBOX_COLOUR: "red" }, (shard) => shard.fetch(me())), UNKNOWN);
  });

  it("[S3, S5] refuses the data of a newer Signalbox, cuts who speaks, and is whole again under that version", async () => {
    const { body: { token } } = await rest("POST", "/devices", { id: "lamp", kind: "relay" });
    const [relay, silent] = [await connect("device", token), await connect("operator", ADMIN)];
    relay.send({ type: "state", reported: { on: true } });
    await relay.heard();

    await alter("INSERT INTO migration (id, at) VALUES (999, 0)");
    for (let times = 0; times < 2; times++) await expectRefusal(await shard().fetch(me()), NEWER);
    relay.send({ type: "telemetry", data: { power: 42 } });
    expect(await relay.closeCode()).toBe(1011);
    silent.send("ping");
    await silent.take("pong");

    await alter("DELETE FROM migration WHERE id = 999");
    expect((await rest("GET", "/devices/lamp")).body.reported).toEqual({ on: true });
    silent.send({ type: "watch", id: "w" });
    expect((await silent.take("snapshot")).total).toBe(1);
    silent.close();
  });

  it("[S5] asks to be woken again, so that nothing that was due is forgotten", async () => {
    await rest("GET", "/me");
    await alter("INSERT INTO migration (id, at) VALUES (999, 0)");
    await runInDurableObject(shard(), (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
    expect(await runDurableObjectAlarm(shard())).toBe(true);
    const alarm = await runInDurableObject(shard(), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now());
    await alter("DELETE FROM migration WHERE id = 999");
  });
});

async function alter(statement: string): Promise<void> {
  await runInDurableObject(shard(), (_, { storage }) => void storage.sql.exec(statement));
  await evictDurableObject(shard());
}
