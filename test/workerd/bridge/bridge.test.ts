/** The bridge as an object of its own, before a broker that is lost, and an object that is [N51, N53]. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, it } from "vitest";
import { Bridge } from "../../../src/platform/bridge_object.ts";
import { bindings, evict, newDevice, type Peer, rest, until } from "../world.ts";
import {
  alarmOf,
  becomes,
  blind,
  bridge,
  BROKER,
  broker,
  endBridge,
  happen,
  happened,
  idsOn,
  saidOn,
  soon,
  view,
} from "./world.ts";

afterEach(() => broker({ become: "well" }));

const TIME = 90_000;

/** Evicting what sleeps is refused: the proof that nothing woke it. */
const isAwake = (): Promise<boolean> =>
  evict().then(() => true, (error) => {
    expect(String(error)).toMatch(/not currently running/);
    return false;
  });

/** While a device only pings. */
async function sleepsBeside(device: Peer): Promise<boolean> {
  await isAwake();
  for (let round = 0; round < 3; round++) {
    device.send("ping");
    expect(await device.take("pong")).toBe("pong");
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (await isAwake()) return false;
  }
  return true;
}

it("[N51, N4, N9, N5] what a device tells is on the broker, and what is asked there is done", async () => {
  const roof = await blind("roof");
  const standing = { "signalbox/status": "online", "signalbox/roof/presence": "online" };
  await soon(async () => expect(await broker()).toMatchObject({ retained: standing }));
  await broker({ publish: { topic: "signalbox/roof/command/go_to", payload: '{"position":70}' } });
  const { id, name, params } = await roof.take("command");
  expect([name, params]).toEqual(["go_to", { position: 70 }]);
  roof.send({ type: "result", id, ok: true });
  await soon(async () => expect(await saidOn("signalbox/roof/outcome")).toMatchObject([{ id, status: "succeeded" }]));
  expect((await rest("GET", `/commands/${id}`)).body.by).toEqual({ id: "bridge", name: "MQTT bridge" });
  await soon(async () => expect(await view()).toMatchObject({ state: "connected", waiting: 0, dropped: 0 }));
  roof.close();
  await soon(async () => expect((await broker()).retained["signalbox/roof/presence"]).toBe("offline"));
}, TIME);

it(
  "[N50, N53, N7] a broker that is away is said; what happened meanwhile comes in order, and nothing of it is lost",
  async () => {
    const hall = await blind("hall");
    await happen(hall, 1, 3);
    await broker({ become: "away" });
    await becomes("degraded");
    await happen(hall, 4, 60);
    const { reason, waiting } = await view();
    expect(reason).toMatch(/broker/);
    expect(waiting).toBeGreaterThanOrEqual(57);
    await broker({ become: "well" });
    await becomes("connected");
    const ids = await happened("hall");
    expect(ids).toHaveLength(60);
    await soon(async () => expect(await idsOn("signalbox/hall/event/obstructed")).toEqual(ids));
    await soon(async () => expect((await view()).waiting).toBe(0));
    hall.close();
  },
  TIME,
);

it("[N53] an object that is ended begins again at once, with what no broker acknowledged", async () => {
  const door = await blind("door");
  await broker({ become: "deaf" });
  for (let round = 0; round < 3; round++) {
    await happen(door, 10 * round + 1, 10 * round + 10);
    await endBridge();
  }
  await broker({ become: "well" });
  await becomes("connected");
  const ids = await happened("door");
  expect(ids).toHaveLength(30);
  await soon(async () => expect(await idsOn("signalbox/door/event/obstructed")).toEqual(ids));
  door.close();
}, TIME);

it(
  "[N40, N41, N53] a device that arrives by a mapping is there as long as the broker says so, and comes back with the bridge",
  async () => {
    // Of a first try that came only half the way.
    await rest("DELETE", "/devices/plug");
    await newDevice("plug", "relay");
    const presence = async () => (await rest("GET", "/devices/plug")).body.presence;
    await broker({ publish: { topic: "tele/hall-plug/LWT", payload: "Online", retain: true } });
    await soon(async () => expect(await presence()).toBe("online"));
    await broker({ publish: { topic: "stat/hall-plug/RESULT", payload: '{"POWER":"ON"}' } });
    await soon(async () => expect((await broker()).retained["signalbox/plug/reported"]).toBe('{"on":true}'));
    const { status, body } = await rest("POST", "/devices/plug/commands", { name: "set", params: { on: false } });
    expect(status, JSON.stringify(body)).toBe(202);
    const { id } = body;
    await soon(async () => {
      const said = (await broker()).said.filter(({ topic }) => topic.startsWith("cmnd/hall-plug/POWER"));
      expect(said.map(({ payload }) => payload)).toEqual(["OFF"]);
    });
    await broker({ publish: { topic: "stat/hall-plug/RESULT", payload: '{"POWER":"OFF"}' } });
    await soon(async () => expect((await rest("GET", `/commands/${id}`)).body.status).toBe("succeeded"));
    await broker({ forget: true });
    await endBridge();
    const hubSays = async () =>
      (await broker()).said.filter(({ topic }) => topic === "signalbox/status").at(-1)?.payload;
    await soon(async () => expect([await hubSays(), await presence()]).toEqual(["online", "online"]));
    await rest("POST", "/devices/plug/commands", { name: "set", params: { on: true } });
    await soon(async () => expect((await broker()).said.map(({ payload }) => payload)).toContain("ON"));
    await broker({ publish: { topic: "tele/hall-plug/LWT", payload: "Offline", retain: true } });
    await soon(async () => expect(await presence()).toBe("offline"));
  },
  TIME,
);

it("[N53] its alarm comes every half minute, and is enough for it to begin", async () => {
  await becomes("connected");
  for (let round = 0; round < 2; round++) {
    const at = await alarmOf();
    expect(at! - Date.now()).toBeGreaterThan(0);
    expect(at! - Date.now()).toBeLessThanOrEqual(30_000);
    expect(await runDurableObjectAlarm(bridge())).toBe(true);
  }
  // One that nobody called.
  await runInDurableObject(bridge(), async (_, state) => {
    await state.storage.deleteAlarm();
    const settings = { ...bindings, SIGNALBOX_MQTT_URL: BROKER, SIGNALBOX_MQTT_PREFIX: "alone" };
    await new Bridge(state, settings).alarm();
    expect(await state.storage.getAlarm()).toBeGreaterThan(Date.now());
  });
  await soon(async () => expect((await broker()).retained["alone/status"]).toBe("online"));
  await endBridge();
}, TIME);

it(
  "[N51, N27] the hub's object sleeps beside the open channel, wakes with what comes, and knows how the bridge is",
  async () => {
    const yard = await blind("yard");
    await becomes("connected");
    // What it counted last is told within ten seconds.
    let told = await view();
    await soon(async () => {
      const before = told;
      told = await view();
      expect(told.state).toBe("connected");
      expect(told).toEqual(before);
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      expect(await view()).toEqual(before);
    });
    // Once a minute it looks who fell silent, which may be just now.
    expect(await sleepsBeside(yard) || await sleepsBeside(yard)).toBe(true);
    expect(await view()).toEqual(told);
    await evict();
    await broker({ publish: { topic: "signalbox/yard/command/stop", payload: "{}" } });
    expect((await yard.take("command")).name).toBe("stop");
    await until(async () => (await view()).state, "connected");
    yard.close();
  },
  TIME,
);
