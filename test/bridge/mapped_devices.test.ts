/** Devices that arrive by a mapping, from a broker made of arrays to a real hub and back [N40-N46]. */
import { afterEach, expect, it } from "vitest";
import { devicesOf } from "../../src/bridge/devices_setting.ts";
import { isJson } from "../../src/bridge/settings.ts";
import type { MappedDevice } from "../../src/bridge/mappings/mod.ts";
import { FakeBroker } from "./support/fake_broker.ts";
import { Place } from "./support/place.ts";

const SETTING = '[{"device":"plug","mapping":"tasmota-relay","topic":"hall-plug"}]';
const LWT = "tele/hall-plug/LWT";

let hub: Place;
let broker: FakeBroker;
afterEach(() => hub.stop());

async function begin(devices = devicesOf(SETTING, "signalbox") as MappedDevice[]): Promise<void> {
  hub = new Place();
  broker = new FakeBroker();
  hub.start("mqtt://broker.example", { connect: broker.connect, devices });
  await expect.poll(async () => (await hub.health()).state).toBe("connected");
}
const plug = () => hub.call("get_device", { device: "plug" });

it("[N41] it is there as long as its Last Will says so", async () => {
  await begin();
  await hub.call("create_device", { id: "plug", kind: "relay" });
  expect(broker.filters).toEqual(expect.arrayContaining([LWT, "stat/hall-plug/RESULT"]));
  expect((await plug()).presence).toBe("new");
  broker.brings(LWT, "Online", { retained: true });
  await expect.poll(async () => (await plug()).presence).toBe("online");
  broker.brings(LWT, "Offline");
  await expect.poll(async () => (await plug()).presence).toBe("offline");
});

it("[N41] nobody knows how it is while the broker is away; then its Last Will tells again", async () => {
  await begin();
  await hub.call("create_device", { id: "plug", kind: "relay" });
  broker.brings(LWT, "Online", { retained: true });
  await expect.poll(async () => (await plug()).presence).toBe("online");
  broker.refuses = "away";
  broker.dies();
  await expect.poll(async () => (await plug()).presence).toBe("offline");
  const { connections } = broker;
  broker.refuses = null;
  await expect.poll(() => broker.connections).toBe(connections + 1);
  expect((await plug()).presence).toBe("offline");
  broker.brings(LWT, "Online", { retained: true });
  await expect.poll(async () => (await plug()).presence).toBe("online");
});

it("[N44] a command is published in its own words, and its outcome is what it says", async () => {
  await begin();
  await hub.call("create_device", { id: "plug", kind: "relay" });
  broker.brings(LWT, "Online", { retained: true });
  await expect.poll(async () => (await plug()).presence).toBe("online");
  broker.brings("signalbox/plug/command/set", '{"on":true}');
  await expect.poll(() => broker.on("cmnd/hall-plug/POWER1").concat(broker.on("cmnd/hall-plug/POWER"))).toEqual(["ON"]);
  const published = broker.said.find(({ topic }) => topic.startsWith("cmnd/hall-plug/POWER"))!;
  expect(published.retain).not.toBe(true);
  broker.brings("stat/hall-plug/RESULT", '{"POWER":"ON"}');
  await expect.poll(() => broker.on("signalbox/plug/outcome").map((text) => JSON.parse(text).status)).toEqual([
    "succeeded",
  ]);
  await expect.poll(() => broker.retained.get("signalbox/plug/reported")).toBe('{"on":true}');
});

it("[N40] a device that nobody made is said once, and comes when it is made", async () => {
  await begin();
  broker.brings(LWT, "Online", { retained: true });
  const refused = () => hub.logged.filter(([event]) => event === "bridge_device_refused");
  await expect.poll(refused).toMatchObject([["bridge_device_refused", { device: "plug" }]]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(refused().length).toBe(1);
  await hub.call("create_device", { id: "plug", kind: "relay" });
  await expect.poll(async () => (await plug()).presence).toBe("online");
});

it("[N40] the setting is JSON or where it is, and what is wrong with it is a sentence", () => {
  expect([isJson(SETTING), isJson(" {}"), isJson("/etc/devices.json"), isJson("devices.json")]).toEqual(
    [true, true, false, false],
  );
  hub = new Place();
  for (const wrong of ["{", "3", '[{"device":"x"}]', '[{"device":"x","mapping":"nothing","topic":"x"}]']) {
    expect(devicesOf(wrong, "signalbox")).toMatch(/^SIGNALBOX_MQTT_DEVICES: .+\.$/);
  }
});
