/** Firmware, a broker, the bridge and the hub as a process: what REST says of all that. */
import { afterEach, describe, expect, it } from "vitest";
import { denoHub } from "../../runtime/launch.ts";
import { type Json, type Rest, rest } from "../../support/client.ts";
import { noMosquitto } from "../../support/mosquitto.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";
import { AedesTcp, MosquittoTcp, type TestBroker } from "../support/brokers.ts";
import { EspHome } from "./firmware/esphome.ts";
import { Tasmota } from "./firmware/tasmota.ts";

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const BROKERS: [string, () => Promise<TestBroker>, string | undefined][] = [
  ["aedes (3.1.1)", AedesTcp.start, undefined],
  ["Mosquitto (5)", MosquittoTcp.start, noMosquitto],
];

const urlOf = ({ port }: { port: number }) => `mqtt://127.0.0.1:${port}`;

interface Entry {
  device: string;
  mapping: string;
  topic: string;
}

async function hubWith(url: string, ...entries: Entry[]): Promise<Rest> {
  const hub = await denoHub({ SIGNALBOX_MQTT_URL: url, SIGNALBOX_MQTT_DEVICES: JSON.stringify(entries) });
  ended.push(() => hub.dispose());
  const admin = rest(hub.url, hub.adminToken);
  for (const { device } of entries) {
    expect((await admin.post("/api/v1/devices", { id: device, name: device, kind: "relay" })).status).toBe(201);
  }
  return admin;
}

const view = async (hub: Rest, device: string): Promise<Json> => (await hub.get(`/api/v1/devices/${device}`)).body;
const presence = (hub: Rest, device: string) => expect.poll(async () => (await view(hub, device)).presence);
const reported = (hub: Rest, device: string) => expect.poll(async () => (await view(hub, device)).reported);
const status = (hub: Rest, id: string) =>
  expect.poll(async () => (await hub.get(`/api/v1/commands/${id}`)).body.status);
const asks = async (hub: Rest, device: string, name: string, params: object) =>
  (await hub.post(`/api/v1/devices/${device}/commands`, { name, params })).body;

describe.each(BROKERS)("firmware of its own, by %s", (_, start, missing) => {
  const broker = async (): Promise<string> => {
    const started = await start();
    ended.push(() => started.stop());
    return urlOf(started);
  };

  it.skipIf(missing)(
    `[N41, N44] a Tasmota plug: a command succeeds once its own word proves it, and its Last Will takes it away${
      missing ? ` (${missing})` : ""
    }`,
    async () => {
      const url = await broker();
      const hub = await hubWith(url, { device: "hall-plug", mapping: "tasmota-relay", topic: "tasmota_9CF9D1" });
      expect((await view(hub, "hall-plug")).presence).toBe("new");
      const plug = await Tasmota.start(url, "tasmota_9CF9D1");
      ended.push(() => plug.unplug());
      await presence(hub, "hall-plug").toBe("online");
      await reported(hub, "hall-plug").toEqual({ on: false });

      plug.isSilent = true;
      const { id } = await asks(hub, "hall-plug", "set", { on: true });
      await expect.poll(() => plug.told.at(-1)).toEqual(["POWER1", "ON"]);
      await plug.measures(12);
      await expect.poll(async () => (await view(hub, "hall-plug")).telemetry?.power?.value).toBe(12);
      await status(hub, id).toBe("sent");
      await plug.speaks();
      await status(hub, id).toBe("succeeded");
      await reported(hub, "hall-plug").toEqual({ on: true });

      await plug.press();
      await reported(hub, "hall-plug").toEqual({ on: false });
      const unsupported = await asks(hub, "hall-plug", "identify", {});
      await status(hub, unsupported.id).toBe("failed");

      await plug.unplug();
      await presence(hub, "hall-plug").toBe("offline");
      expect((await hub.post("/api/v1/devices/hall-plug/commands", { name: "set", params: { on: true } })).status).toBe(
        409,
      );

      const again = await Tasmota.start(url, "tasmota_9CF9D1");
      ended.push(() => again.unplug());
      await presence(hub, "hall-plug").toBe("online");
      await hub.patch("/api/v1/devices/hall-plug/desired", { on: true });
      await expect.poll(() => again.isOn).toBe(true);
      await expect.poll(async () => (await view(hub, "hall-plug")).desired.standing.on?.state).toBe("in_sync");
    },
  );

  it.skipIf(missing)(
    `[N43] an ESPHome board has the broker keep all that it says: a hub that starts knows its state, and makes no sample of it${
      missing ? ` (${missing})` : ""
    }`,
    async () => {
      const url = await broker();
      const board = await EspHome.start(url, "board", true);
      ended.push(() => board.unplug());
      await board.measures(60.5);
      const hub = await hubWith(url, { device: "board", mapping: "esphome-relay", topic: "board" });
      await presence(hub, "board").toBe("online");
      await reported(hub, "board").toEqual({ on: true });
      expect((await view(hub, "board")).telemetry?.power).toBeUndefined();

      // What comes live is new, though it is published to be kept.
      await board.measures(61);
      await expect.poll(async () => (await view(hub, "board")).telemetry?.power?.value).toBe(61);
      const off = await asks(hub, "board", "set", { on: false });
      await status(hub, off.id).toBe("succeeded");
      expect(board.isOn).toBe(false);
      const same = await asks(hub, "board", "set", { on: false });
      await status(hub, same.id).toBe("succeeded");

      await board.unplug();
      await presence(hub, "board").toBe("offline");
    },
  );

  it.skipIf(missing)(
    `[N43] what changed while the hub did not reach the broker is known when it does${missing ? ` (${missing})` : ""}`,
    async () => {
      const url = await broker();
      const proxy = await TcpProxy.start(Number(new URL(url).port));
      ended.push(() => proxy.stop());
      const board = await EspHome.start(url, "board", true);
      ended.push(() => board.unplug());
      const hub = await hubWith(urlOf(proxy), { device: "board", mapping: "esphome-relay", topic: "board" });
      await reported(hub, "board").toEqual({ on: true });
      // What it said itself counts more than what the broker keeps, but not after that.
      await board.press();
      await reported(hub, "board").toEqual({ on: false });
      proxy.become("away");
      await presence(hub, "board").toBe("offline");
      await board.press();
      proxy.become("well");
      await presence(hub, "board").toBe("online");
      await reported(hub, "board").toEqual({ on: true });
    },
  );
});
