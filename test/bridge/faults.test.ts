/** What may happen to a line and to a broker, between a real hub and brokers that nobody here wrote [N1-N3, N7]. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noMosquitto } from "../support/mosquitto.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { AedesTcp, MosquittoTcp, type TestBroker } from "./support/brokers.ts";
import { type Device, Place } from "./support/place.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

interface World {
  hub: Place;
  meter: Device;
  broker: TestBroker;
  line: TcpProxy;
}

function faults(start: () => Promise<TestBroker>): void {
  async function world(): Promise<World> {
    const broker = await start();
    ended.push(() => broker.stop());
    const line = await TcpProxy.start(broker.port);
    ended.push(() => line.stop());
    const hub = new Place();
    ended.push(() => hub.stop());
    return { hub, meter: await hub.device("mains", "energy-meter"), broker, line };
  }
  const url = (line: TcpProxy) => `mqtt://127.0.0.1:${line.port}`;
  const becomes = (hub: Place, state: string) => expect.poll(async () => (await hub.health()).state).toBe(state);
  const happens = (meter: Device, from: number, to: number) => {
    for (let value = from; value < to; value++) {
      meter.send({ type: "event", name: "counter_reset", data: { name: "energy_import", value } });
    }
  };
  /** The values of events as they were told, each once though it was told twice. */
  const told = (heard: string[]): number[] => {
    const events = heard.filter((line) => line.startsWith("signalbox/mains/event/")).map((line) =>
      JSON.parse(line.slice(line.indexOf("{")))
    );
    return [...new Map(events.map(({ id, data }) => [id, data.value])).values()];
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

  it("[N1] a broker that is not there at the start: the hub works, and the bridge comes once it is there", async () => {
    const { hub, meter, broker, line } = await world();
    line.become("away");
    hub.start(url(line));
    await expect.poll(async () => (await hub.health()).reason).toMatch(/broker at mqtt:|before its answer/);
    expect((await hub.health()).state).toBe("degraded");
    happens(meter, 0, 3);
    await expect.poll(async () => (await hub.health()).waiting).toBe(3);
    const heard = await broker.hears("signalbox/#");
    line.become("well");
    await becomes(hub, "connected");
    await expect.poll(() => told(heard)).toEqual(upTo(3));
    await expect.poll(async () => (await hub.health()).waiting).toBe(0);
  });

  it("[N2] the line breaks without a word: its Will says offline, and it comes again", async () => {
    const { hub, broker, line } = await world();
    hub.start(url(line));
    await becomes(hub, "connected");
    const heard = await broker.hears("signalbox/status");
    line.cut();
    await expect.poll(() => heard.includes("signalbox/status offline")).toBe(true);
    await expect.poll(() => heard.at(-1)).toBe("signalbox/status online");
    expect(line.connections).toBeGreaterThanOrEqual(2);
  });

  it("[N1, N7] the broker dies and comes back: what happened meanwhile is told, in order", async () => {
    const { hub, meter, broker, line } = await world();
    const heard = await broker.hears("signalbox/#");
    hub.start(url(line));
    await becomes(hub, "connected");
    happens(meter, 0, 2);
    await expect.poll(() => told(heard)).toEqual(upTo(2));
    await broker.kill();
    await becomes(hub, "degraded");
    happens(meter, 2, 12);
    await expect.poll(async () => (await hub.health()).waiting).toBe(10);
    await broker.again();
    await becomes(hub, "connected");
    await expect.poll(() => told(heard)).toEqual(upTo(12));
  });

  it("[N3] a broker that says nothing at all is left, and the reason says so", async () => {
    const { hub, line } = await world();
    line.become("mute");
    hub.start(url(line));
    await expect.poll(async () => (await hub.health()).reason).toMatch(/connack timeout/);
    expect((await hub.health()).state).toBe("degraded");
    line.become("well");
    await becomes(hub, "connected");
  });

  it("[N3] a broker that hangs after CONNACK never counts as connected", async () => {
    const { hub, line } = await world();
    line.become("hung");
    hub.start(url(line));
    await expect.poll(async () => (await hub.health()).reason).toMatch(
      /^The broker (?:answered no SUBSCRIBE|acknowledged nothing) for 2 s$/,
    );
    await expect.poll(() => line.connections).toBeGreaterThanOrEqual(2);
    expect((await hub.health()).state).toBe("degraded");
    expect(hub.logged.some(([event]) => event === "bridge_connected")).toBe(false);
  });

  it("[N3, N7] a broker that acknowledges nothing: nothing counts as told, and it is told again, once each", async () => {
    const { hub, meter, broker, line } = await world();
    hub.start(url(line));
    await becomes(hub, "connected");
    const heard = await broker.hears("signalbox/#");
    line.become("deaf");
    happens(meter, 0, 5);
    await expect.poll(async () => (await hub.health()).reason).toBe("The broker acknowledged nothing for 2 s");
    expect(await hub.health()).toMatchObject({ state: "degraded", waiting: 5 });
    line.become("well");
    await becomes(hub, "connected");
    await expect.poll(async () => (await hub.health()).waiting).toBe(0);
    expect(told(heard)).toEqual(upTo(5));
    expect(heard.filter((text) => text.startsWith("signalbox/mains/event/")).length).toBeGreaterThanOrEqual(10);
  });

  it("[N3, N7] comes back with a backlog: all of it, in order, while new ones come", async () => {
    const { hub, meter, broker, line } = await world();
    line.become("away");
    hub.start(url(line));
    happens(meter, 0, 400);
    await expect.poll(async () => (await hub.health()).waiting).toBe(400);
    const heard = await broker.hears("signalbox/#");
    line.become("well");
    happens(meter, 400, 450);
    await expect.poll(() => told(heard).length).toBe(450);
    expect(told(heard)).toEqual(upTo(450));
    await expect.poll(async () => (await hub.health()).waiting).toBe(0);
  });

  it("[N12] what a line held for too long is not done once it thaws", async () => {
    const { hub, meter, broker, line } = await world();
    hub.start(url(line), { keepAlive: 2 });
    await becomes(hub, "connected");
    line.become("frozen");
    await broker.publish("signalbox/mains/command/reset_counter", '{"name":"energy_import"}');
    await becomes(hub, "degraded");
    line.become("well");
    await becomes(hub, "connected");
    await broker.publish("signalbox/mains/command/identify", "{}");
    await expect.poll(() => meter.commands.map(({ name }) => name)).toEqual(["identify"]);
  });
}

describe("the bridge and aedes, MQTT 3.1.1", () => {
  faults(() => AedesTcp.start());

  it("[N2] is spoken to in 3.1.1, since it knows no other", async () => {
    const broker = await AedesTcp.start();
    ended.push(() => broker.stop());
    const hub = new Place();
    ended.push(() => hub.stop());
    hub.start(`mqtt://127.0.0.1:${broker.port}`);
    await expect.poll(() => hub.logged).toContainEqual(["bridge_connected", { mqtt: "3.1.1" }]);
  });

  it("[N19] hangs up over what the bridge may not publish: that is given up, and the rest gets through", async () => {
    const broker = await AedesTcp.start();
    ended.push(() => broker.stop());
    broker.denies = (topic) => topic.startsWith("homeassistant/");
    const heard = await broker.hears("signalbox/#");
    const hub = new Place();
    ended.push(() => hub.stop());
    const lamp = await hub.device("lamp");
    hub.start(`mqtt://127.0.0.1:${broker.port}`, {
      settings: { discovery: "homeassistant" },
      about: { build: "test" },
    });
    await expect.poll(async () => (await hub.health()).state, { timeout: 60_000 }).toBe("connected");
    await broker.publish("signalbox/lamp/command/identify", "{}");
    await expect.poll(() => lamp.commands.length).toBe(1);
    await expect.poll(() => heard).toContain("signalbox/lamp/presence online");
    const gaveUp = hub.logged.filter(([event]) => event === "bridge_gave_up").map(([, fields]) => fields);
    expect(gaveUp).toEqual([{
      topic: "homeassistant/device/lamp/config",
      reason: "the broker ends the connection over it",
    }]);
  });
});

describe("the bridge and Mosquitto, MQTT 5", () => {
  beforeEach((context) => noMosquitto && context.skip(noMosquitto));
  faults(() => MosquittoTcp.start());
});
