/** Devices announced to Home Assistant by the bridge, between a hub and a broker made of arrays, on a driven clock. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { Bridge } from "../../src/bridge/bridge.ts";
import { FakeBroker } from "./support/fake_broker.ts";
import { FakeHub, values } from "./support/fake_hub.ts";

const CONFIG = "homeassistant/device/pump/config";
let hub: FakeHub;
let broker: FakeBroker;
let bridge: Bridge;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_786_000_000_000 });
  hub = new FakeHub();
  broker = new FakeBroker();
});
afterEach(async () => {
  const stopped = bridge.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  await stopped;
  vi.useRealTimers();
});

const pass = (ms = 10) => vi.advanceTimersByTimeAsync(ms);

async function begin(discovery: string | null = "homeassistant"): Promise<void> {
  bridge = new Bridge({
    settings: { url: "mqtt://broker.example", username: null, password: null, prefix: "signalbox", discovery },
    kinds: KINDS,
    channels: hub,
    log: () => {},
    about: { build: "1.0.0", url: "https://hub.example" },
    connect: broker.connect,
    random: () => 0,
  });
  bridge.start();
  await pass();
}

it("[N31] a device is announced once, retained and with QoS 1, and again when it is another", async () => {
  hub.shows({ id: "pump", name: "Pump", reported: { on: true } });
  await begin();
  const [first] = broker.said.filter(({ topic }) => topic === CONFIG);
  expect(first).toMatchObject({ qos: 1, retain: true, contentType: "application/json" });
  expect(JSON.parse(first.payload)).toMatchObject({
    device: { name: "Pump", configuration_url: "https://hub.example/devices/pump" },
    origin: { name: "Signalbox", sw_version: "1.0.0" },
  });
  hub.shows({ id: "pump", reported: { on: false }, presence: "offline" });
  await pass(2_000);
  expect(broker.on(CONFIG)).toHaveLength(1);
  hub.shows({ id: "pump", telemetry: values({ power: 3 }) });
  await pass(2_000);
  expect(broker.on(CONFIG)).toHaveLength(2);
  expect(JSON.parse(broker.retained.get(CONFIG)!).components.power.device_class).toBe("power");
});

it("[N31] all devices are announced again when Home Assistant has started", async () => {
  hub.shows({ id: "pump" });
  hub.shows({ id: "lamp", kind: "light" });
  await begin();
  expect(broker.filters).toContain("homeassistant/status");
  broker.brings("homeassistant/status", "offline");
  broker.brings("homeassistant/status", "online", { retained: true });
  await pass(100);
  expect(broker.on(CONFIG)).toHaveLength(1);
  broker.brings("homeassistant/status", "online");
  await pass(100);
  expect(broker.on(CONFIG)).toHaveLength(2);
  expect(broker.on("homeassistant/device/lamp/config")).toHaveLength(2);
  expect(broker.on("signalbox/pump/presence")).toHaveLength(1);
});

it("[N31, N8] a deleted device is taken away there, and one that is made anew is announced again", async () => {
  hub.shows({ id: "pump" });
  await begin();
  hub.deletes("pump");
  await pass(2_000);
  expect(broker.on(CONFIG).at(-1)).toBe("");
  expect(broker.retained.has(CONFIG)).toBe(false);
  hub.shows({ id: "pump" });
  await pass(2_000);
  expect(broker.retained.get(CONFIG)).toContain('"Relay"');
});

it("[N31] a new connection to the broker is told of all devices, whatever the one before it knew", async () => {
  hub.shows({ id: "pump" });
  await begin();
  broker.retained.clear();
  broker.dies();
  await pass(5_000);
  expect(broker.connections).toBe(2);
  expect(broker.retained.has(CONFIG)).toBe(true);
});

it("[N31] with an empty prefix nobody is told, and nothing is heard of whoever would be", async () => {
  hub.shows({ id: "pump" });
  await begin(null);
  expect(broker.said.map(({ topic }) => topic).filter((topic) => topic.includes("config"))).toEqual([]);
  expect(broker.filters).not.toContain("homeassistant/status");
});
