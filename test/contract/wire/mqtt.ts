/** The door for MQTT, through MQTT.js as a device that nobody here wrote [M]. */
import { connect as connectMqtt, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import { generate } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { expect } from "vitest";
import { isPeer, wsUrl } from "../../support/client.ts";
import { expectProblem, type Made, section, type World } from "./world.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

interface Mqtt {
  client: MqttClient;
  connack: IConnackPacket;
  /** Takes the next message of a type. */
  next(type: string): Promise<Json>;
  publish(type: string, payload: unknown, qos?: 0 | 1): Promise<unknown>;
}

const PATIENCE_MS = 20_000;
const VERSIONS = [4, 5] as const;

const optionsOf = ({ id, token }: Pick<Made, "id" | "token">, protocolVersion: 4 | 5): IClientOptions => ({
  protocolVersion,
  username: id,
  password: token,
  reconnectPeriod: 0,
  connectTimeout: PATIENCE_MS,
  keepalive: 60,
});

/** A device that is let in; gone when the test ends. */
async function open(t: World, made: Made, version: 4 | 5, more: IClientOptions = {}): Promise<Mqtt> {
  const client = connectMqtt(wsUrl(t.url, "/mqtt"), { ...optionsOf(made, version), ...more });
  t.atEnd(() => void client.end(true));
  const heard: { topic: string; value: Json }[] = [];
  client.on("message", (topic, payload) => heard.push({ topic, value: JSON.parse(payload.toString()) }));
  const connack = await new Promise<IConnackPacket>((resolve, reject) => {
    client.once("connect", resolve);
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed")));
  });
  return {
    client,
    connack,
    async next(type) {
      const topic = `devices/${made.id}/${type}`;
      const at = () => heard.findIndex((message) => message.topic === topic);
      await t.until(() => Promise.resolve(at()), (found) => found >= 0, PATIENCE_MS);
      return heard.splice(at(), 1)[0].value;
    },
    publish: (type, payload, qos = 1) =>
      client.publishAsync(type.includes("/") ? type : `devices/${made.id}/${type}`, JSON.stringify(payload), { qos }),
  };
}

/** Why it is not let in. */
function refused(t: World, made: Pick<Made, "id" | "token">, version: 4 | 5, more: IClientOptions = {}) {
  return new Promise<number>((resolve, reject) => {
    const client = connectMqtt(wsUrl(t.url, "/mqtt"), { ...optionsOf(made, version), ...more });
    t.atEnd(() => void client.end(true));
    client.once("connect", () => reject(new Error("it was let in")));
    client.once("error", (error) => "code" in error ? resolve(Number(error.code)) : reject(error));
  });
}

export const mqtt = section("mqtt", (it) => {
  for (const version of VERSIONS) {
    it(`[M4, M6, M7] version ${version}: samples, a command and its result`, async (t) => {
      const made = await t.make("relay");
      const lamp = await open(t, made, version);
      const granted = await lamp.client.subscribeAsync(`devices/${made.id}/#`, { qos: 1 });
      expect(granted[0].qos).toBe(1);
      expect(await lamp.next("welcome")).toMatchObject({ protocol: 1, device: made.id, desired: { version: 0 } });
      await lamp.publish("telemetry", { data: { power: 4.5 } });
      await lamp.publish("state", { reported: { on: false } });
      expect(await t.show(made.id)).toMatchObject({
        presence: "online",
        telemetry: { power: { value: 4.5 } },
        reported: { on: false },
      });
      const { body: { id } } = await t.command(made.id, "set", { on: true });
      expect(await lamp.next("command")).toMatchObject({ id, name: "set", params: { on: true } });
      await lamp.publish("state", { reported: { on: true } });
      await lamp.publish("result", { id, ok: true });
      expect(await lamp.next("stored")).toEqual({ id });
      expect((await t.becomes(id, "succeeded")).status).toBe("succeeded");
      await lamp.client.endAsync();
      const view = await t.until(() => t.show(made.id), ({ presence }) => presence === "offline");
      expect(view.reason).toBe("closed");
    });

    it(`[M3] version ${version}: who is not let in hears why`, async (t) => {
      const [lamp, other] = [await t.make("relay"), await t.make("relay")];
      const codes = version === 5 ? { secret: 0x86, name: 0x87 } : { secret: 4, name: 5 };
      expect(await refused(t, { ...lamp, token: `${lamp.id}.wrong` }, version)).toBe(codes.secret);
      expect(await refused(t, { id: other.id, token: lamp.token }, version)).toBe(codes.name);
      expect(await refused(t, { id: lamp.id, token: t.adminToken }, version)).toBe(codes.secret);
    });
  }

  it("[M6, M7, M11] version 5 hears why something was refused", async (t) => {
    const [made, other] = [await t.make("relay"), await t.make("relay")];
    const { client, next, publish } = await open(t, made, 5);
    await client.subscribeAsync(`devices/${made.id}/error`, { qos: 1 });
    const code = (promise: Promise<unknown>) => promise.then(() => 0, (error) => Number(error.code));
    expect(await code(publish("telemetry", { data: { power: "warm" } }))).toBe(0x99);
    expect(await next("error")).toMatchObject({ code: "invalid_telemetry", of: "telemetry", pointer: "#/data/power" });
    expect(await code(publish(`devices/${other.id}/telemetry`, { data: { power: 1 } }))).toBe(0x87);
    const refused = await client.subscribeAsync(`devices/${other.id}/command`, { qos: 1 }).catch((error) => error);
    expect(String(refused)).toMatch(/not authorized/i);
    expect((await t.show(other.id)).presence).toBe("new");
  });

  it("[M6, M11] version 3.1.1: a foreign filter fails, a publish elsewhere ends the connection", async (t) => {
    const [made, other] = [await t.make("relay"), await t.make("relay")];
    const { client, publish } = await open(t, made, 4);
    const granted = await client.subscribeAsync(`devices/${other.id}/command`, { qos: 1 }).catch((error) => error);
    expect(granted).toBeInstanceOf(Error);
    const closed = new Promise((resolve) => client.once("close", () => resolve("closed")));
    publish(`devices/${other.id}/telemetry`, { data: { power: 1 } }, 0).catch(() => {});
    expect(await closed).toBe("closed");
    expect((await t.show(other.id)).presence).toBe("new");
  });

  it("[P6, M12] whoever takes over, the other one hears so", async (t) => {
    const made = await t.make("relay");
    const first = await open(t, made, 5);
    const said = new Promise<number | undefined>((resolve) => {
      first.client.once("disconnect", ({ reasonCode }) => resolve(reasonCode));
    });
    await open(t, made, 5);
    expect(await said).toBe(0x8e);
    expect((await t.show(made.id)).presence).toBe("online");
    const device = await t.connect(made);
    expect(device.welcome.device).toBe(made.id);
  });

  it("[M10] a will is why it is away", async (t) => {
    const made = await t.make("relay");
    const will = {
      topic: `devices/${made.id}/state`,
      payload: Buffer.from("The mains failed."),
      qos: 0,
      retain: false,
    };
    const { client } = await open(t, made, 5, { will: will as IClientOptions["will"] });
    client.stream.destroy();
    const view = await t.until(() => t.show(made.id), ({ presence }) => presence === "offline");
    expect(view.reason).toBe("The mains failed.");
  });

  it("[M8] commands wait for what they are subscribed with, and for the room that the client has", async (t) => {
    const made = await t.make("relay");
    const { client, next } = await open(t, made, 5, { properties: { receiveMaximum: 1 } });
    const { body: { id } } = await t.command(made.id, "set", { on: true }, { ttl: 30 });
    expect((await t.record(id)).status).toBe("accepted");
    await client.subscribeAsync(`devices/${made.id}/command`, { qos: 1 });
    expect(await next("command")).toMatchObject({ id });
    expect((await t.record(id)).status).toBe("sent");
  });

  it("[M2] packets come as they are cut, and a text or too much of them ends it", async (t) => {
    const made = await t.make("relay");
    const connect = generate({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 5,
      clientId: "",
      clean: true,
      keepalive: 60,
      username: made.id,
      password: Buffer.from(made.token),
    }, { protocolVersion: 5 });
    const dial = async () => {
      const peer = await t.dial("/mqtt", { protocols: ["mqtt"] });
      if (!isPeer(peer)) throw new Error(peer.text);
      return peer;
    };
    const lamp = await dial();
    for (const byte of connect) lamp.send(Uint8Array.of(byte));
    await lamp.next("binary");
    expect((await t.show(made.id)).presence).toBe("online");
    lamp.send(Uint8Array.of(0xc0, 0, 0xc0));
    await lamp.next("binary");
    lamp.send(Uint8Array.of(0));
    await lamp.next("binary");
    lamp.send("a text");
    expect((await lamp.closed).code).toBe(1002);
    const large = await dial();
    large.send(connect);
    await large.next("binary");
    large.send(Uint8Array.of(0x30, 0xff, 0xff, 0x03));
    expect((await large.closed).code).toBe(1009);
    const mute = await dial();
    mute.send(Uint8Array.of(0xc0, 0));
    expect((await mute.closed).code).toBe(1002);
  });

  it("[M1] the upgrade wants the subprotocol mqtt, and looks at nothing else", async (t) => {
    expectProblem(await t.refused("/mqtt"), 400, "bad_request");
    expectProblem(await t.refused("/mqtt", { protocols: ["signalbox.v1"] }), 400, "bad_request");
    const peer = await t.dial("/mqtt", {
      protocols: ["mqttv3.1", "mqtt"],
      headers: { Origin: "https://elsewhere.example", Authorization: "Bearer no.thing" },
    });
    expect("protocol" in peer && peer.protocol).toBe("mqtt");
  });
});
