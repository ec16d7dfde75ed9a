/**
 * The cases of the Paho interoperability suite (`client_test.py` of 3.1.1 and `client_test5.py` of 5) against the door:
 * what each is about, tried with topics that a device may use. What a door that is no broker does instead, its case shows.
 */
import { Buffer } from "node:buffer";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { denoHub, type Hub, workerdHub } from "../runtime/launch.ts";
import { type Json, rest, wsUrl } from "../support/client.ts";
import { connect as connectBytes } from "../support/mqtt_bytes.ts";
import { mqttClient } from "./mqtt/client.ts";
import type { Identity, MqttVersion } from "./mqtt/library.ts";
import { mqttPeer } from "./mqtt/peer.ts";

const soon = { timeout: 20_000, interval: 50 };
let hub: Hub;
let isObject: boolean;

const door = () => wsUrl(hub.url, "/mqtt");
const admin = () => rest(hub.url, hub.adminToken);
const show = async (id: string): Promise<Json> => (await admin().get(`/api/v1/devices/${id}`)).body;
const shows = (id: string, what: Json) => vi.waitFor(async () => expect(await show(id)).toMatchObject(what), soon);
const desire = async (id: string, on: boolean) =>
  expect((await admin().patch(`/api/v1/devices/${id}/desired`, { on })).status).toBe(200);
const command = async (id: string): Promise<Json> =>
  (await admin().post(`/api/v1/devices/${id}/commands`, { name: "set", params: { on: true } })).body;

let made = 0;
async function enrol(): Promise<Identity> {
  const answer = await admin().post("/api/v1/devices", { id: `interop-${++made}`, kind: "relay" });
  expect(answer.status, answer.text).toBe(201);
  return { id: answer.body.device.id, token: answer.body.token };
}

const sample = (power: number) => ({ data: { power } });

const willOf = ({ id }: Identity, reason: string) => ({
  topic: `devices/${id}/will`,
  payload: Buffer.from(reason),
  qos: 0 as const,
  retain: false,
});

/** What a case is about; or why it is not one for a door that only devices come by. */
type Case = ((version: MqttVersion) => Promise<void>) | string;

const PASSED_ON = "nothing that a device publishes is passed on to another client";
const RETAINED = "nothing is retained";

async function basic(version: MqttVersion): Promise<void> {
  const who = await enrol();
  await (await mqttClient(door(), who, version)).leave();
  const lamp = await mqttClient(door(), who, version);
  expect(lamp.connack.sessionPresent).toBe(false);
  await lamp.publish("telemetry", sample(1), { qos: 0 });
  await lamp.publish("telemetry", sample(2));
  expect(await show(who.id)).toMatchObject({ telemetry: { power: { value: 2 } } });
  // QoS 2 is more than was offered.
  await lamp.publish("telemetry", sample(3), { qos: 2 });
  if (version === 5) expect(await lamp.next("disconnect")).toMatchObject({ reasonCode: 0x9b });
  expect(await lamp.closed).toBe(1002);
  const twice = await mqttPeer(door(), version);
  const hello = { level: version, user: who.id, password: who.token };
  twice.send(connectBytes(hello));
  expect(await twice.says()).toBe("CONNACK 0");
  twice.send(connectBytes(hello));
  expect(await twice.closed).toBe(1002);
  const other = await mqttPeer(door(), version);
  other.send(connectBytes({ ...hello, name: "hj" }));
  expect(await other.closed).toBe(1002);
}

async function will(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const more = { will: willOf(who, "client not disconnected") };
  const lamp = await mqttClient(door(), who, version, more);
  lamp.cut();
  await shows(who.id, { presence: "offline", reason: "client not disconnected" });
}

async function zeroLengthClientId(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const staying = await mqttPeer(door(), version);
  staying.send(connectBytes({ level: version, user: who.id, password: who.token, client: "", flags: 0 }));
  expect(await staying.says()).toBe(version === 4 ? "CONNACK 2" : "CONNACK 0");
  await staying.close();
  const clean = await mqttClient(door(), who, version, { clientId: "" });
  expect(clean.connack.returnCode ?? clean.connack.reasonCode).toBe(0);
  await clean.leave();
}

/** No session queues anything: the ledger and the twin are what waits for who is away. */
async function offlineQueueing(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const first = await mqttClient(door(), who, version, { clean: false });
  await first.subscribe(`devices/${who.id}/#`);
  await first.leave();
  await shows(who.id, { presence: "offline" });
  await desire(who.id, true);
  const answer = await admin().post(`/api/v1/devices/${who.id}/commands`, { name: "set", params: { on: true } });
  expect(answer.body).toMatchObject({ code: "offline" });
  const second = await mqttClient(door(), who, version, { clean: false });
  expect(second.connack.sessionPresent).toBe(false);
  expect(await second.drain()).toEqual([]);
  await second.subscribe(`devices/${who.id}/#`);
  expect((await second.hears("welcome")).frame).toMatchObject({ desired: { version: 1, state: { on: true } } });
  await second.leave();
}

async function overlapping(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const lamp = await mqttClient(door(), who, version);
  expect(await lamp.subscribe(`devices/${who.id}/+`, { qos: 0 })).toEqual([0]);
  expect(await lamp.subscribe(`devices/${who.id}/#`, { qos: 1 })).toEqual([1]);
  await desire(who.id, true);
  expect(await lamp.hears("desired")).toMatchObject({ qos: 1, frame: { version: 1 } });
  // One for both, with the higher QoS.
  const rest = (await lamp.drain()).filter(({ topic }) => topic?.endsWith("/desired"));
  expect(rest).toEqual([]);
  await lamp.leave();
}

async function keepAlive(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const more = { keepalive: 1, will: willOf(who, "keepalive expiry") };
  const lamp = await mqttClient(door(), who, version, more);
  const begun = Date.now();
  // Somebody looks: while nobody does, the hub has no reason to.
  const closed = lamp.closed.then((code) => ({ code, after: Date.now() - begun }));
  await shows(who.id, { presence: "offline", reason: "keepalive expiry" });
  // [P5] Nothing wakes an object for it alone: who asks hears what is so, and the socket is closed when it is awake next.
  if (isObject) return lamp.cut();
  const { code, after } = await closed;
  expect(code).toBe(4003);
  expect(after).toBeGreaterThanOrEqual(1_000);
}

async function redelivery(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const first = await mqttClient(door(), who, version);
  await first.subscribe(`devices/${who.id}/#`);
  const asked = await command(who.id);
  expect((await first.hears("command")).frame).toMatchObject({ id: asked.id });
  first.cut();
  await shows(who.id, { presence: "offline" });
  const second = await mqttClient(door(), who, version);
  await second.subscribe(`devices/${who.id}/#`);
  // As the ledger's next attempt: a message of its own, not the old one again.
  expect((await second.hears("command")).frame).toMatchObject({ id: asked.id, attempt: 2 });
  await second.leave();
}

async function subscribeFailure(version: MqttVersion): Promise<void> {
  const lamp = await mqttClient(door(), await enrol(), version);
  expect(await lamp.subscribe("test/nosubscribe")).toEqual([version === 5 ? 0x87 : 0x80]);
  await lamp.leave();
}

async function dollarTopics(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const lamp = await mqttClient(door(), who, version);
  expect(await lamp.subscribe("+/+")).toEqual([version === 5 ? 0x87 : 0x80]);
  if (version === 5) {
    expect(await lamp.publish("$TopicA/B", "")).toMatchObject({ reasonCode: 0x87 });
    expect(await lamp.drain()).toEqual([]);
    await lamp.leave();
  } else {
    lamp.send({ cmd: "publish", topic: "$TopicA/B", payload: "", qos: 1, messageId: 7, dup: false, retain: false });
    expect(await lamp.closed).toBe(1002);
  }
}

async function unsubscribe(version: MqttVersion): Promise<void> {
  const who = await enrol();
  const lamp = await mqttClient(door(), who, version);
  for (const type of ["desired", "command"]) await lamp.subscribe(`devices/${who.id}/${type}`);
  await lamp.hears("desired");
  lamp.send({ cmd: "unsubscribe", messageId: 99, unsubscriptions: [`devices/${who.id}/desired`] });
  await lamp.next("unsuback");
  await desire(who.id, true);
  const asked = await command(who.id);
  expect((await lamp.hears("command")).frame.id).toBe(asked.id);
  const topics = (await lamp.drain()).map(({ topic }) => topic);
  expect(topics).not.toContain(`devices/${who.id}/desired`);
  await lamp.leave();
}

const BOTH: Record<string, Case> = {
  basic,
  "retained messages": RETAINED,
  "will message": will,
  "zero length client id": zeroLengthClientId,
  "offline message queueing": offlineQueueing,
  "overlapping subscriptions": overlapping,
  keepalive: keepAlive,
  "redelivery on reconnect": redelivery,
  "subscribe failure": subscribeFailure,
  "$ topics": dollarTopics,
  unsubscribe,
};

const FIVE: Record<string, Case> = {
  ...BOTH,
  keepalive: "the hub asks version 5 for 300 s, which tests of the hub wait for on a driven clock",
  "user properties": PASSED_ON,
  "payload format": PASSED_ON,
  "publication expiry": PASSED_ON,
  "request and response": PASSED_ON,
  "will delay": "a will is the reason of going offline, which is shown at once",
  async "session expiry"() {
    const who = await enrol();
    const first = await mqttClient(door(), who, 5, { properties: { sessionExpiryInterval: 5 } });
    expect(first.connack.properties?.sessionExpiryInterval).toBe(0);
    await first.leave();
    const second = await mqttClient(door(), who, 5, { clean: false });
    expect(second.connack.sessionPresent).toBe(false);
    await second.leave();
  },
  async "subscribe options"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5);
    // Nobody hears what it said itself, whatever it asks for.
    for (const options of [{ nl: true }, { nl: false }, { rap: true }, { rh: 1 }, { rh: 2 }]) {
      expect(await lamp.subscribe(`devices/${who.id}/telemetry`, options)).toEqual([1]);
    }
    await lamp.publish("telemetry", sample(1));
    expect(await lamp.drain()).toEqual([]);
    await lamp.leave();
  },
  async "assigned client id"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5, { clientId: "" });
    expect(lamp.connack.properties?.assignedClientIdentifier).toBe(who.id);
    await lamp.leave();
  },
  async "subscribe identifiers"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5);
    expect(lamp.connack.properties?.subscriptionIdentifiersAvailable).toBe(false);
    lamp.send({
      cmd: "subscribe",
      messageId: 1,
      subscriptions: [{ topic: `devices/${who.id}/#`, qos: 1 }],
      properties: { subscriptionIdentifier: 456789 },
    });
    expect(await lamp.next("disconnect")).toMatchObject({ reasonCode: 0xa1 });
    await lamp.closed;
  },
  async "client topic alias"() {
    const who = await enrol();
    for (const [topicAlias, codes] of [[0, [0x81, 0x82, 0x94]], [1, [0x94]]] as const) {
      const lamp = await mqttClient(door(), who, 5);
      expect(lamp.connack.properties?.topicAliasMaximum ?? 0).toBe(0);
      const topic = `devices/${who.id}/telemetry`;
      lamp.send({
        cmd: "publish",
        topic,
        payload: "{}",
        qos: 0,
        dup: false,
        retain: false,
        properties: { topicAlias },
      });
      expect(codes).toContain((await lamp.next("disconnect")).reasonCode);
      await lamp.closed;
    }
  },
  async "server topic alias"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5, { properties: { topicAliasMaximum: 1 } });
    await lamp.subscribe(`devices/${who.id}/desired`);
    // It may name its topics by a number, and does not.
    for (const on of [true, false, true]) {
      await desire(who.id, on);
      await lamp.hears("desired");
    }
    await lamp.leave();
  },
  async "maximum packet size"() {
    const who = await enrol();
    const first = await mqttClient(door(), who, 5);
    const most = first.connack.properties!.maximumPacketSize!;
    expect(most).toBe(8_192);
    await first.publish("telemetry", ".".repeat(most), { qos: 0 });
    expect(await first.next("disconnect")).toMatchObject({ reasonCode: 0x95 });
    expect(await first.closed).toBe(1009);
    const second = await mqttClient(door(), who, 5, { properties: { maximumPacketSize: 100 } });
    await second.subscribe(`devices/${who.id}/#`);
    // A welcome is larger, and so it does not come.
    const topics = (await second.drain()).map(({ topic }) => topic);
    expect(topics).not.toContain(`devices/${who.id}/welcome`);
    await desire(who.id, true);
    expect((await second.hears("desired")).frame).toMatchObject({ state: { on: true } });
    await second.leave();
  },
  async "server keep alive"() {
    const lamp = await mqttClient(door(), await enrol(), 5, { keepalive: 120 });
    expect(lamp.connack.properties?.serverKeepAlive).toBe(300);
    await lamp.leave();
  },
  async "flow control 1"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5, { properties: { receiveMaximum: 2 } });
    for (const type of ["desired", "command"]) await lamp.subscribe(`devices/${who.id}/${type}`);
    lamp.send({ cmd: "puback", messageId: (await lamp.hears("desired")).messageId });
    const held: number[] = [];
    for (const on of [true, false]) {
      await desire(who.id, on);
      const { qos, messageId } = await lamp.hears("desired");
      expect(qos).toBe(1);
      held.push(messageId);
    }
    // No room is left: what has the newest word goes with QoS 0, and a command waits in the ledger.
    await desire(who.id, true);
    expect(await lamp.hears("desired")).toMatchObject({ qos: 0, frame: { version: 3 } });
    const asked = await command(who.id);
    expect(await lamp.drain()).toEqual([]);
    expect((await admin().get(`/api/v1/commands/${asked.id}`)).body.status).toBe("accepted");
    lamp.send({ cmd: "puback", messageId: held[0] });
    expect(await lamp.hears("command")).toMatchObject({ qos: 1, frame: { id: asked.id } });
    await lamp.leave();
  },
  async "flow control 2"() {
    const who = await enrol();
    const lamp = await mqttClient(door(), who, 5);
    const most = lamp.connack.properties!.receiveMaximum!;
    expect(most).toBe(64);
    // Whoever sends more at once finds that the hub acknowledged in time: nobody is ever over.
    const count = most + 10;
    for (let messageId = 1; messageId <= count; messageId++) {
      const payload = JSON.stringify(sample(messageId));
      lamp.send({
        cmd: "publish",
        topic: `devices/${who.id}/telemetry`,
        payload,
        qos: 1,
        messageId,
        dup: false,
        retain: false,
      });
    }
    for (let acked = 0; acked < count; acked++) await lamp.next("puback");
    expect(await show(who.id)).toMatchObject({ telemetry: { power: { value: count } } });
    await lamp.leave();
  },
  async "shared subscriptions"() {
    const lamp = await mqttClient(door(), await enrol(), 5);
    expect(lamp.connack.properties?.sharedSubscriptionAvailable).toBe(false);
    expect(await lamp.subscribe("$share/sharename/x")).toEqual([0x9e]);
    await lamp.leave();
  },
};

describe.each([["Deno", denoHub], ["workerd", workerdHub]] as const)("on %s", (runtime, launch) => {
  beforeAll(async () => {
    isObject = runtime === "workerd";
    hub = await launch();
  });
  afterAll(() => hub?.dispose());

  describe.each([["3.1.1", 4, BOTH, 11], ["5", 5, FIVE, 27]] as const)(
    "client test of %s",
    (word, version, cases, size) => {
      const passed: string[] = [];
      const applicable = Object.entries(cases).filter((one): one is [string, Exclude<Case, string>] =>
        typeof one[1] !== "string"
      );
      const others = Object.entries(cases).filter(([, one]) => typeof one === "string");

      describe.concurrent("applicable", () => {
        test.for(applicable)("[M3-M12] %s", async ([name, run]) => {
          await run(version);
          passed.push(name);
        });
      });

      test("[M3-M12] none was left out", () => {
        const byReason = Map.groupBy(others, ([, why]) => why);
        const reasons = [...byReason].map(([why, ones]) => `${ones.map(([name]) => name).join(", ")}: ${why}`).join(
          "; ",
        );
        const failed = applicable.length - passed.length;
        console.log(
          `Paho's interoperability cases on ${runtime}, ${word}: ${passed.length} passed, not applicable ${others.length} (${reasons}), failed ${failed}`,
        );
        expect(Object.keys(cases)).toHaveLength(size);
      });
    },
  );
});
