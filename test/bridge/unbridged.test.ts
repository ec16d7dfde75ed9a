/** What a broker has of devices that were deleted while no bridge was set up goes with the next one [N28]. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noMosquitto } from "../support/mosquitto.ts";
import { AedesTcp, MosquittoTcp, retainedOn, type TestBroker } from "./support/brokers.ts";
import { Place } from "./support/place.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const told = (hub: Place) => expect.poll(async () => (await hub.health()).waiting).toBe(0);
const becomesConnected = (hub: Place) => expect.poll(async () => (await hub.health()).state).toBe("connected");
const discovery = { settings: { discovery: "homeassistant" }, about: { build: "test" } };

function unbridged(start: () => Promise<TestBroker>): void {
  it("[N28, N8] in every topic, discovery too; another hub's are left alone, though it has the same prefix", async () => {
    const broker = await start();
    ended.push(() => broker.stop());
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const retained = async () => (await retainedOn(broker.port, "#")).filter((topic) => !topic.endsWith("/status"));
    const of = (...devices: string[]) =>
      devices.flatMap((id) => [
        `homeassistant/device/${id}/config`,
        ...["desired", "presence", "reported", "telemetry"].map((what) => `signalbox/${id}/${what}`),
      ]).toSorted();
    const other = new Place();
    ended.push(() => other.stop());
    await other.call("create_device", { id: "others", kind: "relay" });
    other.start(url, discovery);
    const before = new Place();
    for (const id of ["lamp", "old"]) await before.call("create_device", { id, kind: "relay" });
    before.start(url, discovery);
    await becomesConnected(before);
    await expect.poll(retained).toEqual(of("lamp", "old", "others"));
    await before.stop({ isForgotten: false });

    const without = new Place({ folder: before.folder, isBridged: false });
    await without.call("delete_device", { device: "old" });
    await without.stop({ isForgotten: false });
    expect(await retained()).toEqual(of("lamp", "old", "others"));

    const after = new Place({ folder: before.folder });
    ended.push(() => after.stop());
    expect((await after.health()).waiting).toBe(1);
    after.start(url, discovery);
    await becomesConnected(after);
    await told(after);
    await expect.poll(retained).toEqual(of("lamp", "others"));
  });
}

describe("aedes, MQTT 3.1.1", () => unbridged(() => AedesTcp.start()));

describe("Mosquitto, MQTT 5", () => {
  beforeEach((context) => noMosquitto && context.skip(noMosquitto));
  unbridged(() => MosquittoTcp.start());
});
