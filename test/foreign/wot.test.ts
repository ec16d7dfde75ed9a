/** The W3C's Web of Things: node-wot, which knows nothing of this hub, reads and steers a simulated device by its description. */
import { HttpClientFactory } from "@node-wot/binding-http";
import { Servient } from "@node-wot/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { bearer, type Json, rest } from "../support/client.ts";
import { type Child, DENO, start } from "../support/process.ts";
import { expectThing } from "../support/wot.ts";

type WoT = Awaited<ReturnType<Servient["start"]>>;

let hub: Hub;
let simulator: Child;
let servient: Servient;
let wot: WoT;
const ID = "hall";

beforeAll(async () => {
  hub = await denoHub();
  const made = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id: ID, kind: "thermostat" });
  const device = ["src/device/cli.ts", "thermostat", "--url", hub.url, "--token", made.body.token];
  simulator = start(DENO, ["run", "--allow-net", "--allow-env", ...device], { cwd: ROOT });
  await vi.waitFor(async () => expect((await show()).telemetry.temperature, simulator.err()).toBeDefined(), {
    timeout: 20_000,
    interval: 100,
  });
  servient = new Servient();
  servient.addClientFactory(new HttpClientFactory());
  const td = await description();
  servient.addCredentials({ [td.id]: { token: hub.adminToken } });
  wot = await servient.start();
});
afterAll(async () => {
  await servient?.shutdown();
  await simulator?.kill();
  await hub?.dispose();
});

const show = async (): Promise<Json> => (await rest(hub.url, hub.adminToken).get(`/api/v1/devices/${ID}`)).body;

async function description(): Promise<Json> {
  const answer = await fetch(`${hub.url}/api/v1/devices/${ID}/td`, { headers: bearer(hub.adminToken) });
  return await answer.json();
}

test("[W4] a live device's description passes the W3C's schema", async () => {
  const td = await description();
  expectThing("description", td);
  expect(Object.keys(td.properties)).toEqual(expect.arrayContaining(["temperature", "target"]));
});

test("[W1] node-wot reads what the device measures and how it is set", async () => {
  const thing = await wot.consume(await description());
  const temperature = await (await thing.readProperty("temperature")).value();
  expect(temperature).toBeTypeOf("number");
  const { telemetry, reported } = await show();
  expect(Math.abs(Number(temperature) - telemetry.temperature.value)).toBeLessThan(3);
  expect(await (await thing.readProperty("target")).value()).toBe(reported.target);
  expect(await (await thing.readProperty("mode")).value()).toBe("heat");
});

test("[W1] node-wot reads every property that the device told, and no other", async () => {
  const td = await description();
  const thing = await wot.consume(td);
  const { telemetry, reported } = await show();
  const told = Object.keys({ ...telemetry, ...reported });
  const read: string[] = [];
  for (const name of Object.keys(td.properties)) {
    const value = await thing.readProperty(name).then((output) => output.value(), () => undefined);
    if (value !== undefined) read.push(name);
  }
  console.log(`node-wot: read ${read.length} of ${Object.keys(td.properties).length} properties: ${read.join(", ")}`);
  expect(read.toSorted()).toEqual(told.toSorted());
  expect(read.length).toBeGreaterThan(0);
});

test("[W3] node-wot invokes an action, and learns what became of it", async () => {
  const thing = await wot.consume(await description());
  const output = await (await thing.invokeAction("set_target", { target: 23.5 }))!.value() as Json;
  expect(output).toMatchObject({ name: "set_target", params: { target: 23.5 }, status: "succeeded" });
  expect((await show()).reported.target).toBe(23.5);
  const record = await rest(hub.url, hub.adminToken).get(`/api/v1/commands/${output.id}`);
  expect(record.body).toMatchObject({ device: ID, status: "succeeded" });
  // Without any params too.
  const shown = await (await thing.invokeAction("identify"))!.value() as Json;
  expect(shown).toMatchObject({ name: "identify", status: "succeeded" });
});

test("[W2] node-wot writes a property, and the device becomes it", async () => {
  const thing = await wot.consume(await description());
  await thing.writeProperty("target", 19.5);
  expect((await show()).desired.state).toMatchObject({ target: 19.5 });
  await vi.waitFor(async () => expect(await (await thing.readProperty("target")).value()).toBe(19.5));
});

test("[W3] node-wot hears a refusal", async () => {
  const thing = await wot.consume(await description());
  await expect(thing.invokeAction("set_target", { target: 99 })).rejects.toThrow();
  expect((await show()).reported.target).not.toBe(99);
});
