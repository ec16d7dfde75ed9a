/**
 * From a simulated device of every kind through a real hub, its bridge and a broker to a small Home Assistant, and back:
 * whatever is announced can be read and does what it says.
 */
import { type AddressInfo, createServer, type Server } from "node:net";
import { Aedes } from "aedes";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { simulate, type Simulation } from "../../src/device/simulator.ts";
import { denoHub, type Hub } from "../runtime/launch.ts";
import { rest } from "../support/client.ts";
import { SmallHomeAssistant } from "../support/small_home_assistant.ts";
import { askedOf } from "./discovery/asked.ts";
import type { Component } from "./discovery/discovered.ts";

let broker: Aedes;
let listening: Server;
/** What became of commands, as the broker was told. */
const outcomes: string[] = [];
let hub: Hub;
let home: SmallHomeAssistant;
// deno-lint-ignore no-explicit-any
const simulations = new Map<string, Simulation<any>>();

beforeAll(async () => {
  broker = await Aedes.createBroker();
  broker.on("publish", ({ topic, payload }) => {
    if (topic === "signalbox/lock/outcome") outcomes.push(JSON.parse(payload.toString()).status);
  });
  listening = createServer(broker.handle);
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const url = `mqtt://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  hub = await denoHub({ SIGNALBOX_MQTT_URL: url });
  home = await SmallHomeAssistant.start(url);
  const admin = rest(hub.url, hub.adminToken);
  for (const kind of KINDS) {
    const { body } = await admin.post("/api/v1/devices", { id: kind.name, kind: kind.name, name: `My ${kind.title}` });
    const options = { url: hub.url, token: body.token, seed: 3, speed: 20, settings: { pin: "1234" } };
    simulations.set(kind.name, simulate(kind, options));
  }
});
afterAll(async () => {
  for (const simulation of simulations.values()) simulation.close();
  await home?.stop();
  await hub?.dispose();
  await new Promise<void>((done) => broker.close(done));
  listening.close();
});

const valueOf = (id: string, key: string, template?: string) => expect.poll(() => home.value(id, key, template));

/** Does there what a user would: the first of what Home Assistant would publish for it whose deed begins so. */
async function act(id: string, key: string, deed: string): Promise<void> {
  const asked = askedOf(home.componentsOf(id)[key] as Component).find((one) => one.deed.startsWith(deed));
  if (!asked) throw new Error(`${id} ${key} has no ${deed}`);
  await home.publish(asked.topic, asked.payload);
}

/** Publishes for a value of one's own what its template makes of it. */
async function set(id: string, key: string, topic: string, payload: unknown): Promise<void> {
  await home.publish(String(home.componentsOf(id)[key][topic]), JSON.stringify(payload));
}

/** What somebody does there until it is so: bolts jam here and blinds meet obstacles, as in the world. */
const until = (deed: () => Promise<void>, id: string, key: string, template?: string) =>
  expect.poll(async () => {
    await deed();
    return home.value(id, key, template);
  }, { interval: 1_500, timeout: 60_000 });

it("[N31] every device is found, under its name, and is available", async () => {
  await expect.poll(() => home.found).toEqual(KINDS.map(({ name }) => name).toSorted());
  for (const { name } of KINDS) {
    await expect.poll(() => home.isAvailable(name, "hub-presence"), { message: name }).toBe(true);
    await expect.poll(() => home.isAvailable(name, "command-identify") || name === "rover", { message: name }).toBe(
      true,
    );
    await expect.poll(() => home.heard(`signalbox/${name}/presence`), { message: name }).toBe("online");
  }
});

it("[N32, N33] what a device tells is there with its value, and everything that it told", async () => {
  const admin = rest(hub.url, hub.adminToken);
  for (const { name } of KINDS) {
    const { body } = await admin.get(`/api/v1/devices/${name}`);
    for (const field of [...Object.keys(body.telemetry), ...Object.keys(body.reported)]) {
      // What several fields make together is looked at by what it can, below.
      if (!/^(sensor|binary_sensor|switch|number|select|text)$/.test(home.componentsOf(name)[field]?.platform ?? "")) {
        continue;
      }
      await expect.poll(() => home.value(name, field), { message: `${name} ${field}` }).not.toBe(undefined);
      await expect.poll(() => home.value(name, field), { message: `${name} ${field}` }).not.toBe("None");
    }
  }
  await valueOf("env-sensor", "temperature").toMatch(/^\d+(\.\d+)?$/);
  expect(Object.keys(home.componentsOf("relay"))).not.toContain("on_8");
});

it("[N35] a relay switches", async () => {
  for (const [deed, value] of [["on", "True"], ["off", "False"], ["on", "True"]]) {
    await act("relay", "on", `${deed} `);
    await valueOf("relay", "on").toBe(value);
  }
});

it("[N35] a thermostat takes a target and a mode", async () => {
  await set("thermostat", "target", "temperature_command_topic", { target: 23.5 });
  await valueOf("thermostat", "target", "temperature_state_template").toBe("23.5");
  await act("thermostat", "target", 'mode "cool"');
  await valueOf("thermostat", "target", "mode_state_template").toBe("cool");
  await valueOf("thermostat", "target", "current_temperature_template").toMatch(/^\d/);
});

it("[N35] a lamp is on, dims, and takes a white and a color", async () => {
  await expect.poll(() => Object.keys(home.componentsOf("light").on)).toContain("hs_command_topic");
  const { on } = home.componentsOf("light");
  await act("light", "on", "on ");
  await valueOf("light", "on", "state_value_template").toBe(on.payload_on);
  await set("light", "on", "brightness_command_topic", { brightness: 37 });
  await valueOf("light", "on", "brightness_value_template").toBe("37");
  await act("light", "on", "colour");
  await valueOf("light", "on", "color_mode_value_template").toBe("hs");
  await valueOf("light", "on", "hs_value_template").toBe("359.5,42.1");
  await act("light", "on", "whiten");
  await valueOf("light", "on", "color_mode_value_template").toBe("color_temp");
});

it("[N30, N35] a cover opens, stops where it is told to, and closes", async () => {
  const { command_topic, payload_open, payload_close } = home.componentsOf("cover").position;
  const move = (payload: unknown) => () => home.publish(String(command_topic), String(payload));
  await until(move(payload_open), "cover", "position", "position_template").toBe("100");
  await valueOf("cover", "position").toBe("open");
  const half = () => set("cover", "position", "set_position_topic", { position: 37 });
  await until(half, "cover", "position", "position_template").toBe("37");
  await until(move(payload_close), "cover", "position").toBe("closed");
});

it("[N36] a lock opens with its code and not with another, and locks", async () => {
  const { command_topic } = home.componentsOf("lock").state;
  const unlock = (pin: string) =>
    home.publish(String(command_topic), JSON.stringify({ name: "unlock", params: { pin } }));
  await valueOf("lock", "state").toBe("locked");
  await unlock("0000");
  await expect.poll(() => outcomes).toEqual(["failed"]);
  expect(home.value("lock", "state")).toBe("locked");
  await until(() => unlock("1234"), "lock", "state").toBe("unlocked");
  await until(() => act("lock", "state", "code  "), "lock", "state").toBe("locked");
});

it("[N35] settings are desired, words are chosen and texts are written", async () => {
  await set("env-sensor", "report_interval", "command_topic", { report_interval: 7 });
  await valueOf("env-sensor", "report_interval").toBe("7");
  await act("camera", "night_mode", 'choose "off"');
  await valueOf("camera", "night_mode").toBe("off");
  await set("phone", "message", "command_topic", { message: "Tea's ready <now>" });
  await valueOf("phone", "message").toBe("Tea's ready <now>");
});

it("[N32] a tracker is on the map, and what happens is an event", async () => {
  await expect.poll(() => JSON.parse(home.value("tracker", "lat", "json_attributes_template") ?? "{}"))
    .toMatchObject({ latitude: expect.any(Number), longitude: expect.any(Number), gps_accuracy: expect.any(Number) });
  await simulations.get("camera")!.device.event("motion", { level: 42 });
  await expect.poll(() => home.events).toContainEqual({ event_type: "motion", level: 42 });
});

it("[N31] all are announced again when Home Assistant starts, and one that is deleted is found no more", async () => {
  const before = home.announcements;
  await home.publish("homeassistant/status", "online");
  await expect.poll(() => home.announcements).toBeGreaterThanOrEqual(before + KINDS.length);
  await rest(hub.url, hub.adminToken).delete("/api/v1/devices/valve");
  await expect.poll(() => home.found).not.toContain("valve");
  simulations.get("valve")!.close();
});

it("[N34] a device that goes is unavailable, its presence is not; when the hub goes, all of it is", async () => {
  simulations.get("relay")!.close();
  await expect.poll(() => home.isAvailable("relay", "on")).toBe(false);
  expect(home.isAvailable("relay", "hub-presence")).toBe(true);
  expect(home.heard("signalbox/relay/presence")).toBe("offline");
  await hub.kill();
  await expect.poll(() => home.isAvailable("relay", "hub-presence")).toBe(false);
  expect(home.isAvailable("light", "on")).toBe(false);
});
