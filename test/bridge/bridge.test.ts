/** The bridge between a hub and a broker that are made of arrays, on a driven clock. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { Bridge, type BridgeOptions } from "../../src/bridge/bridge.ts";
import { ok, refuse } from "../../src/protocol/fault.ts";
import type { CommandRecord } from "../../src/protocol/record.ts";
import { FakeBroker } from "./support/fake_broker.ts";
import { FakeHub, values } from "./support/fake_hub.ts";

const SECOND = 1_000;
let hub: FakeHub;
let broker: FakeBroker;
let bridge: Bridge | undefined;
let logged: [string, Record<string, unknown> | undefined][];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_786_000_000_000 });
  hub = new FakeHub();
  broker = new FakeBroker();
  logged = [];
});
afterEach(async () => {
  broker.acknowledges = true;
  broker.acknowledge();
  const stopped = bridge?.stop();
  bridge = undefined;
  await vi.advanceTimersByTimeAsync(5 * SECOND);
  await stopped;
  vi.useRealTimers();
});

const pass = (ms = 10) => vi.advanceTimersByTimeAsync(ms);

async function begin(more: Partial<BridgeOptions> = {}): Promise<void> {
  bridge = new Bridge({
    settings: { url: "mqtt://broker.example", username: null, password: null, prefix: "signalbox", discovery: null },
    kinds: KINDS,
    channels: hub,
    log: (event, fields) => logged.push([event, fields]),
    connect: broker.connect,
    random: () => 0,
    ...more,
  });
  bridge.start();
  await pass();
}

const event = (n: number, device = "porch") => ({
  what: "event" as const,
  event: { id: `e${n}`, device, name: "motion", data: { n }, at: n },
});
const record = (id: string, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id,
  device: "lamp",
  name: "set",
  params: { on: true },
  effect: "set",
  status: "succeeded",
  by: { id: "ann", name: "Ann" },
  createdAt: 1,
  expiresAt: 2,
  ...more,
});
const told = () => hub.health.at(-1);
const errors = () => broker.on("signalbox/error").map((text) => JSON.parse(text));

describe("the connection", () => {
  it("[N1, N3] a broker that is not there degrades the bridge, which comes again by itself", async () => {
    broker.refuses = "No connection to the broker at mqtt://broker.example: refused";
    await begin();
    expect(told()).toMatchObject({ state: "degraded", reason: broker.refuses });
    expect(logged).toEqual([["bridge_degraded", { reason: broker.refuses }]]);
    await pass(60 * SECOND);
    expect([broker.connections, logged.length]).toEqual([0, 1]);
    broker.refuses = null;
    await pass(2 * SECOND);
    expect(told()).toMatchObject({ state: "connected" });
    expect(logged.at(-1)).toEqual(["bridge_connected", { mqtt: "5" }]);
  });

  it("[N3] waits longer after each failure in a row, a minute at most, and shortly again after a success", async () => {
    const tries: number[] = [];
    const connect: FakeBroker["connect"] = (ear, signal) => {
      tries.push(Date.now());
      return broker.connect(ear, signal);
    };
    broker.refuses = "away";
    await begin({ connect, random: () => 1 });
    await pass(300 * SECOND);
    const waits = tries.slice(1).map((at, n) => Math.round((at - tries[n]) / SECOND));
    expect(waits.slice(0, 8)).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    broker.refuses = null;
    await pass(60 * SECOND);
    const before = tries.length;
    broker.dies();
    await pass(2.5 * SECOND);
    expect(tries.length).toBe(before + 1);
  });

  it("[N2] is connected once the broker has acknowledged that it is online, and not before", async () => {
    broker.acknowledges = false;
    await begin();
    expect(broker.on("signalbox/status")).toEqual(["online"]);
    expect(told()!.state).toBe("degraded");
    broker.acknowledge();
    await pass();
    expect(told()!.state).toBe("connected");
    expect(broker.said.find(({ topic }) => topic === "signalbox/status")).toMatchObject({ qos: 1, retain: true });
  });

  it("[N3] a broker that acknowledges nothing is left after 20 s, and what is owed goes again", async () => {
    hub.owes(event(1));
    broker.acknowledges = false;
    await begin();
    await pass(19 * SECOND);
    expect([broker.connections, hub.rows.length]).toEqual([1, 1]);
    await pass(3 * SECOND);
    expect(told()).toMatchObject({ state: "degraded", reason: "The broker acknowledged nothing for 20 s" });
    expect(broker.connections).toBe(2);
    broker.acknowledges = true;
    broker.acknowledge();
    await pass(2 * SECOND);
    expect(told()!.state).toBe("connected");
    expect(broker.on("signalbox/porch/event/motion").length).toBe(2);
    expect(hub.rows).toEqual([]);
  });

  it("[N3] a broker that answers no SUBSCRIBE is left after 20 s", async () => {
    broker.answersSubscribe = false;
    await begin();
    await pass(19 * SECOND);
    expect([broker.connections, told()!.state]).toEqual([1, "degraded"]);
    await pass(2 * SECOND);
    expect(told()!.reason).toBe("The broker answered no SUBSCRIBE for 20 s");
  });

  it("[N2] where the hub's end is gone the broker's is ended, and both come again", async () => {
    await begin();
    hub.hangsUp();
    await pass();
    expect(broker.isOpen).toBe(false);
    await pass(5 * SECOND);
    expect([broker.isOpen, hub.isConnected, told()!.state]).toEqual([true, true, "connected"]);
  });

  it("[N1] a hub that does not answer is taken for one that is gone", async () => {
    await begin();
    hub.answersAtAll = false;
    hub.rings();
    await pass(25 * SECOND);
    hub.answersAtAll = true;
    await pass(5 * SECOND);
    expect([broker.connections, told()!.state]).toEqual([2, "connected"]);
  });

  it("[N2] says offline before it goes, and waits no longer than a second for the broker's word", async () => {
    await begin();
    broker.acknowledges = false;
    const stopped = bridge!.stop();
    await pass();
    expect(broker.on("signalbox/status")).toEqual(["online", "offline"]);
    await pass(SECOND);
    await stopped;
    expect([broker.isOpen, hub.isConnected]).toEqual([false, false]);
    const said = broker.said.length;
    hub.owes(event(1));
    await pass(120 * SECOND);
    expect([broker.said.length, broker.connections]).toEqual([said, 1]);
  });

  it("[N19] what the broker does not let it hear is its reason, and the rest goes on", async () => {
    broker.lets = (filter) => filter.endsWith("/desired/set") ? { ok: false, reason: "not authorized" } : { ok: true };
    await begin();
    expect(told()).toMatchObject({
      state: "connected",
      reason: "The broker does not let the bridge hear signalbox/+/desired/set (not authorized)",
    });
  });

  it("[N50] what it counted is told every ten seconds, where it changed", async () => {
    await begin();
    const before = hub.health.length;
    await pass(60 * SECOND);
    expect(hub.health.length - before).toBe(0);
    broker.brings("signalbox/lamp/command/set", "{}", { retained: true });
    await pass(10 * SECOND);
    expect(told()).toMatchObject({ received: 1, refused: 1 });
  });
});

describe("what is retained", () => {
  it("[N4] values, documents and presence, each on its topic", async () => {
    const state = { telemetry: values({ power: 42, rssi: -60 }), reported: { on: true } };
    hub.shows({ id: "lamp", ...state, desired: { version: 7, state: { on: true }, applied: null, standing: {} } });
    await begin();
    expect(Object.fromEntries(broker.retained)).toEqual({
      "signalbox/status": "online",
      "signalbox/lamp/telemetry": '{"power":42,"rssi":-60}',
      "signalbox/lamp/reported": '{"on":true}',
      "signalbox/lamp/desired": '{"on":true}',
      "signalbox/lamp/presence": "online",
    });
    const qos = Object.fromEntries(broker.said.map((one) => [one.topic.split("/").at(-1), one.qos]));
    expect(qos).toEqual({ status: 1, telemetry: 0, reported: 1, desired: 1, presence: 1 });
    expect(broker.said.every(({ retain }) => retain)).toBe(true);
  });

  it("[N6] who published it, of which kind, in which units and of which version", async () => {
    const desired = { version: 7, state: { on: true }, applied: null, standing: {} };
    hub.shows({ id: "lamp", telemetry: values({ power: 42, firmware: "1" }), desired });
    await begin();
    const of = (what: string) => broker.said.find(({ topic }) => topic === `signalbox/lamp/${what}`)!;
    const origin = expect.stringMatching(/^signalbox-[0-9a-z]{12}$/);
    expect(of("telemetry").user).toEqual({ origin, kind: "relay", units: '{"power":"W"}' });
    expect(of("desired").user).toEqual({ origin, kind: "relay", version: "7" });
    expect(of("presence").user).toEqual({ origin, kind: "relay" });
    expect([of("desired").contentType, of("presence").contentType]).toEqual(["application/json", "text/plain"]);
  });

  it("[N4] what is as it was is not said again, but on a new connection", async () => {
    hub.shows({ id: "lamp", reported: { on: true } });
    await begin();
    hub.shows({ id: "lamp", reported: { on: true } });
    await pass(SECOND);
    expect(broker.on("signalbox/lamp/reported").length).toBe(1);
    broker.dies();
    await pass(3 * SECOND);
    expect(broker.on("signalbox/lamp/reported").length).toBe(2);
  });

  it("[N4, N6] a version that is new is told, though the document is as it was", async () => {
    const desired = { state: { on: true }, applied: null, standing: {} };
    hub.shows({ id: "lamp", desired: { ...desired, version: 7 } });
    await begin();
    hub.shows({ id: "lamp", desired: { ...desired, version: 8 } });
    await pass(SECOND);
    const said = broker.said.filter(({ topic }) => topic === "signalbox/lamp/desired");
    expect(said.map(({ payload, user }) => [payload, user?.version])).toEqual([
      ['{"on":true}', "7"],
      ['{"on":true}', "8"],
    ]);
  });

  it("[N4] telemetry goes once a second at most, and then as it is by then", async () => {
    hub.shows({ id: "lamp", telemetry: values({ power: 0 }) });
    await begin();
    for (let power = 1; power <= 30; power++) {
      hub.shows({ id: "lamp", telemetry: values({ power }) });
      await pass(100);
    }
    await pass(2 * SECOND);
    const said = broker.on("signalbox/lamp/telemetry");
    expect(said.length).toBeGreaterThanOrEqual(4);
    expect(said.length).toBeLessThanOrEqual(5);
    expect(said.at(-1)).toBe('{"power":30}');
  });

  it("[N4] what holds nothing is there all the same, so that nothing is left of whoever had the name before", async () => {
    broker.retained.set("signalbox/lamp/telemetry", '{"power":42}');
    hub.shows({ id: "lamp" });
    await begin();
    expect(Object.fromEntries(broker.retained)).toEqual({
      "signalbox/status": "online",
      "signalbox/lamp/telemetry": "{}",
      "signalbox/lamp/reported": "{}",
      "signalbox/lamp/desired": "{}",
      "signalbox/lamp/presence": "online",
    });
  });

  it("[N4] what changes while its last word is on its way follows it, the newest only", async () => {
    hub.shows({ id: "lamp", reported: { on: false } });
    await begin();
    broker.acknowledges = false;
    for (const brightness of [1, 2, 3]) {
      hub.shows({ id: "lamp", reported: { brightness } });
      await pass();
    }
    broker.acknowledge();
    await pass();
    broker.acknowledge();
    await pass();
    expect(broker.on("signalbox/lamp/reported")).toEqual(['{"on":false}', '{"brightness":1}', '{"brightness":3}']);
  });

  it("[N8] a device that is deleted takes it along; what was on its way goes before", async () => {
    hub.shows({ id: "lamp", telemetry: values({ power: 1 }), reported: { on: true } });
    await begin();
    broker.acknowledges = false;
    hub.shows({ id: "lamp", reported: { on: false } });
    await pass();
    hub.deletes("lamp");
    await pass();
    broker.acknowledges = true;
    broker.acknowledge();
    await pass(SECOND);
    expect([...broker.retained.keys()]).toEqual(["signalbox/status"]);
    expect(hub.rows).toEqual([]);
  });

  it("[N8] one that was deleted while the broker was away, and made anew, is as it is now", async () => {
    hub.shows({ id: "lamp", reported: { on: true } });
    await begin();
    broker.refuses = "away";
    broker.dies();
    await pass(2 * SECOND);
    hub.deletes("lamp");
    hub.shows({ id: "lamp", reported: {}, presence: "new" });
    broker.refuses = null;
    await pass(60 * SECOND);
    expect(broker.retained.get("signalbox/lamp/reported")).toBe("{}");
    expect(broker.retained.get("signalbox/lamp/presence")).toBe("new");
    expect(hub.rows).toEqual([]);
  });

  /** Before the broker says a word on any of it. */
  async function deleteTwice(): Promise<void> {
    broker.acknowledges = false;
    for (const on of [true, false]) {
      hub.shows({ id: "lamp", reported: { on } });
      await pass();
      hub.deletes("lamp");
      await pass();
    }
  }

  it("[N8] one that is deleted, made anew and deleted again while the first word is on its way is gone", async () => {
    await begin();
    await deleteTwice();
    broker.acknowledges = true;
    broker.acknowledge();
    await pass(2 * SECOND);
    expect([...broker.retained.keys()]).toEqual(["signalbox/status"]);
    expect(hub.rows).toEqual([]);
  });

  it("[N8] the word on its first deletion is not taken for that on the second", async () => {
    await begin();
    await deleteTwice();
    for (let words = 0; broker.inFlight > 0 && words < 100; words++) {
      broker.acknowledge(1);
      await pass(SECOND);
      if (hub.rows.length === 0) expect([...broker.retained.keys()]).toEqual(["signalbox/status"]);
    }
    expect(hub.rows).toEqual([]);
  });

  it("[N4, N23] more devices than one take answers are all there, though nobody rings for the rest", async () => {
    for (let n = 0; n < 450; n++) hub.shows({ id: `d${n}` });
    await begin();
    await pass(SECOND);
    expect([...broker.retained.keys()].filter((topic) => topic.endsWith("/presence")).length).toBe(450);
  });

  it("[N17] who hears that it is offline says again that it is not, once a second at most", async () => {
    await begin();
    for (let n = 0; n < 5; n++) broker.brings("signalbox/status", "offline");
    await pass();
    expect(broker.on("signalbox/status")).toEqual(["online", "online"]);
    broker.brings("signalbox/status", "online");
    await pass(2 * SECOND);
    expect(broker.on("signalbox/status").length).toBe(2);
  });
});

describe("what is owed", () => {
  it("[N5, N7] events and outcomes, in order and under their ids, until the broker has them", async () => {
    await begin();
    hub.owes(event(1), { what: "outcome", command: record("c1") }, event(2));
    await pass(SECOND);
    expect(broker.said.slice(1).map(({ topic, payload, qos, retain, user }) => [topic, payload, qos, retain, user!.id]))
      .toEqual([
        ["signalbox/porch/event/motion", JSON.stringify(event(1).event), 1, false, "e1"],
        ["signalbox/lamp/outcome", JSON.stringify(record("c1")), 1, false, "c1"],
        ["signalbox/porch/event/motion", JSON.stringify(event(2).event), 1, false, "e2"],
      ]);
    expect(hub.rows).toEqual([]);
  });

  it("[N7] is not done before the broker's word, and not said twice on one connection", async () => {
    await begin();
    broker.acknowledges = false;
    hub.owes(event(1), event(2));
    await pass(SECOND);
    hub.rings();
    await pass(SECOND);
    expect([hub.rows.length, broker.on("signalbox/porch/event/motion").length]).toEqual([2, 2]);
    broker.acknowledge(1);
    await pass(SECOND);
    expect(hub.rows.map((row) => row.what === "event" && row.event.id)).toEqual(["e2"]);
  });

  it("[N7] what the broker did not acknowledge comes again on the next connection, in order", async () => {
    await begin();
    broker.acknowledges = false;
    hub.owes(event(1), event(2), event(3));
    await pass();
    broker.acknowledge(1);
    broker.dies();
    broker.acknowledges = true;
    await pass(3 * SECOND);
    const ids = broker.said.flatMap(({ topic, user }) => topic.includes("/event/") ? [user!.id] : []);
    expect(ids).toEqual(["e1", "e2", "e3", "e1", "e2", "e3"]);
    expect(hub.rows).toEqual([]);
  });

  it("[N7] what it acknowledged right before its end does not come again", async () => {
    await begin();
    hub.owes(event(1), event(2));
    await pass();
    broker.dies();
    await pass(3 * SECOND);
    expect([broker.on("signalbox/porch/event/motion").length, hub.rows.length]).toEqual([2, 0]);
  });

  it("[N3, N7] a backlog goes in order, thirty-two at a time, and is taken as it goes", async () => {
    hub.owes(...Array.from({ length: 1_000 }, (_, n) => event(n)));
    broker.acknowledges = false;
    let most = 0;
    await begin();
    for (let n = 0; hub.rows.length > 0 && n < 3_000; n++) {
      most = Math.max(most, broker.inFlight);
      broker.acknowledge(1 + n % 7);
      await pass();
    }
    expect(most).toBe(32);
    const ids = broker.said.flatMap(({ topic, user }) => topic.includes("/event/") ? [user!.id] : []);
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, n) => `e${n}`));
    expect(hub.takes.every(({ most, done = [] }) => most <= 200 && done.length <= 500)).toBe(true);
  });

  it("[N3] fewer at a time where the broker takes fewer", async () => {
    broker.mostInFlight = 3;
    broker.acknowledges = false;
    hub.owes(...Array.from({ length: 10 }, (_, n) => event(n)));
    await begin();
    expect(broker.inFlight).toBe(3);
  });

  it("[N7, N8] an event after a deletion that is on its way is not forgotten", async () => {
    await begin();
    broker.acknowledges = false;
    hub.deletes("old");
    await pass(SECOND);
    hub.owes(event(1));
    await pass(SECOND);
    broker.acknowledges = true;
    broker.acknowledge();
    await pass(SECOND);
    expect([broker.on("signalbox/porch/event/motion").length, hub.rows.length]).toEqual([1, 0]);
    expect(broker.on("signalbox/old/presence")).toEqual([""]);
  });

  it("[N7] goes before what is retained, however much of that there is", async () => {
    for (let n = 0; n < 100; n++) hub.shows({ id: `d${n}` });
    broker.acknowledges = false;
    hub.owes(event(1));
    await begin();
    expect(broker.said[0].topic).toBe("signalbox/porch/event/motion");
    // Of what waits it is the first, but for the word that the bridge is there.
    hub.owes(event(2));
    await pass(SECOND);
    const before = broker.said.length;
    expect(before).toBe(32);
    broker.acknowledge(2);
    await pass();
    const after = broker.said.slice(before).map(({ topic }) => topic);
    expect(after).toEqual(["signalbox/status", "signalbox/porch/event/motion"]);
  });

  it("[N19] what the broker refuses is given up, counted and logged; the next goes on", async () => {
    broker.takes = ({ topic }) => topic.includes("/event/") ? { ok: false, reason: "not authorized" } : { ok: true };
    await begin();
    hub.owes(event(1), { what: "outcome", command: record("c1") });
    await pass(11 * SECOND);
    expect(hub.rows).toEqual([]);
    expect(logged.at(-1)).toEqual([
      "bridge_gave_up",
      { topic: "signalbox/porch/event/motion", reason: "not authorized" },
    ]);
    expect(told()).toMatchObject({ state: "connected", refused: 1, published: 2 });
  });

  it.each([
    ["events of one device", (topic: string) => topic === "signalbox/porch/event/motion", 5],
    ["the telemetry of all, which has QoS 0", (topic: string) => topic.endsWith("/telemetry"), 15],
    ["the telemetry of one", (topic: string) => topic === "signalbox/lamp7/telemetry", 5],
  ])(
    "[N19] what the broker hangs up over is given up in the end, and all else gets through: %s",
    async (_, is, most) => {
      broker.hangsUpOver = ({ topic }) => is(topic);
      for (let n = 0; n < 40; n++) hub.shows({ id: `lamp${n}`, telemetry: values({ power: n }) });
      hub.owes(event(1), event(2), { what: "outcome", command: record("c1") });
      await begin();
      await pass(300 * SECOND);
      expect(told()).toMatchObject({ state: "connected" });
      expect(hub.rows).toEqual([]);
      expect(broker.on("signalbox/lamp/outcome").length).toBeGreaterThan(0);
      const missing = Array.from({ length: 40 }, (_, n) => `lamp${n}`).flatMap((id) =>
        ["presence", "reported", "desired", "telemetry"].map((what) => `signalbox/${id}/${what}`)
      ).filter((topic) => !broker.retained.has(topic));
      const gaveUp = logged.filter(([event]) => event === "bridge_gave_up").map(([, fields]) => String(fields?.topic));
      expect(gaveUp.length).toBeGreaterThan(0);
      expect([...missing, ...gaveUp].filter((topic) => !is(topic))).toEqual([]);
      // One more for each, while it was not yet alone on its way.
      expect(broker.connections).toBeLessThanOrEqual(most + 2);
      // [N3] Rights may change.
      broker.hangsUpOver = () => false;
      broker.dies();
      await pass(3_600 * SECOND);
      hub.owes(event(3));
      broker.dies();
      await pass(60 * SECOND);
      expect(missing.filter((topic) => !broker.retained.has(topic))).toEqual([]);
      expect(broker.on("signalbox/porch/event/motion").at(-1)).toContain('"e3"');
    },
  );

  it("[N7, N19] a line that breaks again and again is no broker that hangs up: nothing is given up", async () => {
    await begin();
    for (const held of [2_500, 10_000, 3_000]) {
      broker.acknowledges = false;
      hub.owes(event(held));
      for (let n = 0; n < 12; n++) {
        await pass(held);
        broker.dies();
        await pass(2 * SECOND);
        // What is not the only one on its way is nobody's fault either.
        hub.owes(event(held + n + 1));
      }
      broker.acknowledges = true;
      broker.acknowledge();
      await pass(60 * SECOND);
      expect(hub.rows).toEqual([]);
    }
    expect(logged.filter(([event]) => event === "bridge_gave_up")).toEqual([]);
  });

  it("[N19] what is larger than the broker takes is not sent", async () => {
    broker.largest = 2_000;
    await begin();
    hub.owes({ what: "outcome", command: record("c1", { value: "x".repeat(2_000) }) }, event(1));
    await pass(SECOND);
    expect(broker.said.map(({ topic }) => topic)).toEqual(["signalbox/status", "signalbox/porch/event/motion"]);
    expect(hub.rows).toEqual([]);
  });

  it("[N19] where the broker's quota is full the connection ends, and it comes again", async () => {
    let isFull = true;
    broker.takes = ({ topic }) =>
      isFull && topic.includes("/event/") ? { ok: false, reason: "quota exceeded", isQuota: true } : { ok: true };
    await begin();
    hub.owes(event(1));
    await pass(500);
    expect([hub.rows.length, told()!.reason]).toEqual([1, "The broker takes no more: quota exceeded"]);
    isFull = false;
    await pass(3 * SECOND);
    expect([hub.rows.length, told()!.state]).toEqual([0, "connected"]);
  });

  it("[N1] a hub that cannot store is asked again, and what the broker has is not forgotten", async () => {
    await begin();
    hub.owes(event(1));
    await pass();
    hub.stores = false;
    await pass(10 * SECOND);
    expect([hub.rows.length, broker.on("signalbox/porch/event/motion").length]).toEqual([1, 1]);
    hub.stores = true;
    await pass(2 * SECOND);
    expect([hub.rows.length, broker.connections, told()!.state]).toEqual([0, 1, "connected"]);
  });
});

describe("what is asked", () => {
  const lamp = () => hub.shows({ id: "lamp", kind: "relay" });

  it("[N9] a command, as any operator's", async () => {
    lamp();
    await begin();
    broker.brings("signalbox/lamp/command/set", '{"on":true}');
    broker.brings("signalbox/lamp/command", '{"name":"toggle"}');
    await pass();
    expect(hub.asked).toEqual([
      { type: "command", device: "lamp", name: "set", params: { on: true }, id: expect.any(String) },
      { type: "command", device: "lamp", name: "toggle", params: {}, id: expect.any(String) },
    ]);
    expect(told()!.refused).toBe(0);
  });

  it("[N10] a merge-patch on the desired document, answered where somebody waits", async () => {
    lamp();
    hub.answers = () => ok({ version: 8, state: { on: true }, applied: null, standing: {} });
    await begin();
    broker.brings("signalbox/lamp/desired/set", '{"on":true}', { replyTo: "app/replies" });
    await pass();
    expect(hub.asked).toMatchObject([{ type: "desire", device: "lamp", patch: { on: true } }]);
    expect(JSON.parse(broker.on("app/replies")[0])).toMatchObject({ version: 8 });
  });

  it("[N13] with a response topic its outcome is owed there, with the correlation data", async () => {
    lamp();
    await begin();
    const correlation = Uint8Array.of(0, 255, 16);
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { replyTo: "app/replies/7", correlation });
    await pass();
    expect(hub.asked[0].reply).toEqual({ topic: "app/replies/7", correlation: "AP8Q" });
    expect(broker.on("app/replies/7")).toEqual([]);
    hub.owes({ what: "reply", command: record("c1"), ...hub.asked[0].reply });
    await pass(SECOND);
    const said = broker.said.find(({ topic }) => topic === "app/replies/7")!;
    expect(said).toMatchObject({ qos: 1, contentType: "application/json" });
    expect(said.retain).not.toBe(true);
    expect([...said.correlation!]).toEqual([0, 255, 16]);
    expect(JSON.parse(said.payload)).toEqual(record("c1"));
  });

  it("[N13] a refusal is answered there as a problem, and nowhere else", async () => {
    lamp();
    hub.answers = () => refuse("offline", "lamp is offline", { command: "c9" });
    await begin();
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { replyTo: "app/replies" });
    await pass();
    const said = broker.said.find(({ topic }) => topic === "app/replies")!;
    expect(said.contentType).toBe("application/problem+json");
    expect(JSON.parse(said.payload)).toEqual({
      title: "The device is not connected",
      status: 409,
      detail: "lamp is offline",
      code: "offline",
      retryable: true,
      command: "c9",
    });
    expect(errors()).toEqual([]);
  });

  it("[N13] the same command again, which is final by now, is answered at once", async () => {
    lamp();
    hub.answers = () => ok(record("c1"));
    await begin();
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { replyTo: "app/replies", user: { key: "k1" } });
    await pass();
    expect(hub.asked[0].key).toBe("k1");
    expect(JSON.parse(broker.on("app/replies")[0])).toEqual(record("c1"));
  });

  it("[N14] without one it is told on the error topic, ten times a second at most, counted and logged", async () => {
    lamp();
    hub.answers = () => refuse("invalid_params", "on: expected true or false", { pointer: "#/params/on" });
    await begin();
    for (let n = 0; n < 25; n++) broker.brings("signalbox/lamp/command/set", '{"on":3}');
    await pass();
    expect(errors().length).toBe(10);
    expect(errors()[0]).toEqual({
      topic: "signalbox/lamp/command/set",
      title: "The params do not fit the command",
      status: 422,
      detail: "on: expected true or false",
      code: "invalid_params",
      retryable: false,
      errors: [{ pointer: "#/params/on", detail: "on: expected true or false" }],
    });
    expect(broker.said.find(({ topic }) => topic === "signalbox/error")).toMatchObject({ qos: 0, retain: false });
    await pass(11 * SECOND);
    expect(told()).toMatchObject({ received: 25, refused: 25 });
    expect(logged.filter(([event]) => event === "bridge_refused").length).toBe(25);
  });

  it("[N9, N11] a retained one is passed over, and taking it away is nobody's command", async () => {
    lamp();
    await begin();
    broker.brings("signalbox/lamp/command/toggle", "{}", { retained: true, replyTo: "app/replies" });
    broker.brings("signalbox/lamp/command/toggle", "", { retained: true });
    broker.brings("signalbox/lamp/command/toggle", "");
    broker.brings("signalbox/lamp/desired/set", '{"on":true}', { retained: true });
    await pass(SECOND);
    expect(hub.asked).toEqual([]);
    expect(broker.on("app/replies")).toEqual([]);
    expect(errors().map(({ detail }) => detail.slice(0, 18))).toEqual([
      "A retained message",
      "An empty payload i",
      "A retained message",
    ]);
  });

  it("[N12] the time that a message has left is the command's, and its kind's at most", async () => {
    lamp();
    await begin();
    for (const expiry of [3, 100_000]) broker.brings("signalbox/lamp/command/set", '{"on":true}', { expiry });
    broker.brings("signalbox/lamp/command/set", '{"on":true}');
    await pass();
    const relay = KINDS.find(({ name }) => name === "relay")!;
    expect(hub.asked.map(({ ttl }) => ttl)).toEqual([3, relay.commands.set.ttl.max, undefined]);
  });

  it("[N12] what the line held for longer than that is not done; for less, the rest counts", async () => {
    lamp();
    await begin();
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { expiry: 4, held: 4_000 });
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { expiry: 4, held: 1_500 });
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { expiry: 0 });
    const { ttl } = KINDS.find(({ name }) => name === "relay")!.commands.set;
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { held: 1_500 });
    broker.brings("signalbox/lamp/command/set", '{"on":true}', { held: ttl.default * SECOND });
    await pass();
    expect(hub.asked.map(({ ttl }) => ttl)).toEqual([2.5, ttl.default - 1.5]);
    expect(errors().map(({ code }) => code)).toEqual(["expired", "expired", "expired"]);
  });

  it("[N12] a patch that has a term is not done after it; one without is meant for good", async () => {
    lamp();
    await begin();
    const patch = (more: object) => broker.brings("signalbox/lamp/desired/set", '{"on":true}', more);
    patch({ expiry: 4, held: 4_000 });
    patch({ expiry: 4, held: 3_000 });
    patch({ held: 14_000 });
    await pass();
    expect(hub.asked.map(({ type }) => type)).toEqual(["desire", "desire"]);
    expect(errors().map(({ code }) => code)).toEqual(["expired"]);
  });

  it("[N15] what a hub published is not done, this one's or another's", async () => {
    lamp();
    await begin();
    const origin = broker.said[0].user!.origin;
    for (const one of [origin, "signalbox-anotherone12", ["x", "signalbox-anotherone12"]]) {
      broker.brings("signalbox/lamp/command/toggle", "{}", { user: { origin: one }, replyTo: "app/replies" });
    }
    await pass();
    expect([hub.asked, broker.on("app/replies")]).toEqual([[], []]);
    broker.brings("signalbox/lamp/command/toggle", "{}", { user: { origin: "node-red" } });
    await pass();
    expect(hub.asked.length).toBe(1);
  });

  it("[N15] a broker that says everything back to it gets nothing more said", async () => {
    for (const id of ["lamp", "porch"]) hub.shows({ id, telemetry: values({ power: 1 }), reported: { on: true } });
    await begin();
    hub.owes(event(1), { what: "outcome", command: record("c1") });
    await pass(SECOND);
    const said = [...broker.said];
    for (const { topic, payload, retain, user } of said) broker.brings(topic, payload, { retained: retain, user });
    await pass(5 * SECOND);
    expect(broker.said.length).toBe(said.length);
    expect([hub.asked, told()]).toEqual([[], expect.objectContaining({ received: 0, refused: 0 })]);
  });

  it("[N14] what the hub would end its connection over is refused before it", async () => {
    lamp();
    await begin();
    const deep = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
    for (const payload of [deep(40), deep(32), deep(31), `{"x":"${"y".repeat(65_500)}"}`]) {
      broker.brings("signalbox/lamp/command/set", payload);
    }
    await pass();
    expect(errors().map(({ code }) => code)).toEqual(["bad_json", "bad_json", "too_large"]);
    expect(hub.asked.length).toBe(1);
  });

  it("[N14] more answers than the broker takes are not gathered either", async () => {
    lamp();
    hub.answers = () => refuse("offline", "lamp is offline");
    await begin();
    broker.acknowledges = false;
    for (let n = 0; n < 1_000; n++) broker.brings("signalbox/lamp/command/set", "{}", { replyTo: `app/${n}` });
    await pass();
    broker.acknowledges = true;
    broker.acknowledge();
    await pass(SECOND);
    expect(broker.said.filter(({ topic }) => topic.startsWith("app/")).length).toBe(200);
  });

  it("[N14] more than the hub answers in time is refused, not gathered", async () => {
    lamp();
    await begin();
    hub.answersAtAll = false;
    for (let n = 0; n < 500; n++) broker.brings("signalbox/lamp/command/set", '{"on":true}');
    await pass();
    expect(errors()[0]).toMatchObject({ code: "rate_limited", status: 429, retryable: true });
    hub.answersAtAll = true;
  });

  it("[N1, N3] what it cannot make a message of ends the connection, and is told: it stands still for nothing", async () => {
    hub.owes({ what: "something else" } as never, event(1));
    await begin();
    await pass(3 * SECOND);
    expect(told()).toMatchObject({ state: "degraded", reason: expect.stringMatching(/^The bridge failed: /) });
    expect(broker.connections).toBeGreaterThan(1);
    hub.rows.shift();
    await pass(60 * SECOND);
    expect(told()).toMatchObject({ state: "connected" });
    expect(broker.on("signalbox/porch/event/motion").length).toBe(1);
  });
});
