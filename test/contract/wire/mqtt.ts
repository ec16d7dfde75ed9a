/** The door for MQTT, through MQTT.js as a device that nobody here wrote [M]. */
import { connect as connectMqtt, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import { expect } from "vitest";
import { wsUrl } from "../../support/client.ts";
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
