/** What a device tells over MQTT, and what its acknowledgements mean [M4, M7, M11]. */
import { describe, expect, it } from "vitest";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";
import { guest, listener, speaker } from "./speaker.ts";

const VERSIONS = [4, 5] as const;
const power = (value: unknown, more = {}) => ({ data: { power: value }, ...more });
const history = (box: Signalbox, device = "lamp") =>
  box.ask("get_history", { device, field: "power", from: box.now - 600_000, to: box.now + 60_000, points: 1 }).points;

describe.each(LIVES)("PUBLISH, $life", ({ isForgetful }) => {
  it.each(VERSIONS)("[M4] version %i: each frame that a device has, by its topic", (version) => {
    const box = signalbox({ isForgetful });
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w", device: "lamp", include: ["events"] });
    box.enroll("porch", "camera");
    ann.ask({ type: "watch", id: "w", device: "porch", include: ["events", "frames"] });
    const porch = listener(box, "porch", { version });
    porch.publish("hello", { firmware: "1.2.0", boot: "a", maxFrame: 4_096 });
    porch.publish("telemetry", { samples: [{ ago: 10, data: { battery: 80 } }, { data: { battery: 79 } }] });
    porch.publish("event", { name: "motion", data: { level: 1 } });
    expect(ann.take("event")).toMatchObject({ device: "porch", name: "motion" });
    expect(box.view("porch")).toMatchObject({ firmware: "1.2.0", telemetry: { battery: { value: 79 } } });
    const shown = ann.all("frame").filter(({ direction }) => direction === "in").map(({ text }) => JSON.parse(text));
    expect(shown.map(({ type }) => type)).toEqual(["hello", "telemetry", "event"]);
    const { id } = box.ask("send_command", { device: "porch", name: "identify", params: {} });
    porch.frame("command");
    porch.publish("received", { id });
    expect(box.record(id).status).toBe("received");
    porch.publish("progress", { id, percent: 40 });
    expect(box.record(id).progress).toMatchObject({ percent: 40 });
    porch.publish("result", { id, ok: false, error: { code: "busy", message: "It is." } });
    expect(box.record(id)).toMatchObject({ status: "failed", error: { code: "busy" } });
    expect(porch.frames("error")).toEqual([]);
  });

  it("[M4] the topic is the type, whatever the payload says", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    lamp.publish("telemetry", { type: "event", name: "x", ...power(3) });
    expect(box.view("lamp").telemetry.power.value).toBe(3);
  });

  it.each(VERSIONS)("[M7] version %i: a sample is acknowledged when it is written, and not before", (version) => {
    const box = signalbox({ isForgetful, window: 60_000, sequencedWindow: 4_000 });
    const lamp = speaker(box, "lamp", { version });
    const ids = [1, 2, 3].map((value) => lamp.publish("telemetry", power(value), 1));
    expect(lamp.packets).toEqual([]);
    expect(box.view("lamp").telemetry.power.value).toBe(3);
    box.advance(3_999);
    expect(lamp.packets).toEqual([]);
    box.advance(1);
    const acks = lamp.all("puback");
    expect(acks.map(({ messageId }) => messageId)).toEqual(ids);
    expect(acks.map(({ reasonCode = 0 }) => reasonCode)).toEqual([0, 0, 0]);
    box.crash();
    expect(history(box)[0][4]).toBe(3);
  });

  it("[M7] what was not acknowledged may be lost in a crash, what was is not", () => {
    const box = signalbox({ isForgetful, window: 60_000, sequencedWindow: 4_000 });
    const lamp = speaker(box, "lamp");
    lamp.publish("telemetry", power(1), 1);
    box.advance(4_000);
    expect(lamp.all("puback").length).toBe(1);
    lamp.publish("telemetry", power(2), 1);
    box.crash();
    expect([lamp.all("puback").length, history(box)[0][4]]).toEqual([0, 1]);
  });

  it("[M7, T7] QoS 0 asks for no flush before its window", () => {
    const box = signalbox({ isForgetful, window: 60_000, sequencedWindow: 4_000 });
    const lamp = speaker(box, "lamp");
    lamp.publish("telemetry", power(1));
    box.advance(59_999);
    expect(box.store.list("journal")).toEqual([]);
    box.advance(1);
    expect(box.store.list("journal").length).toBe(1);
    expect(lamp.packets).toEqual([]);
  });

  it("[M7] 64 that wait are flushed at once, so that the client may go on", () => {
    const box = signalbox({ isForgetful, window: 60_000, sequencedWindow: 4_000 });
    const lamp = speaker(box, "lamp");
    const ids = Array.from({ length: 130 }, (_, value) => lamp.publish("telemetry", power(value), 1));
    expect(lamp.all("puback").map(({ messageId }) => messageId)).toEqual(ids.slice(0, 128));
    expect(box.store.list("journal").length).toBe(2);
    box.advance(4_000);
    expect(lamp.all("puback").map(({ messageId }) => messageId)).toEqual(ids.slice(128));
    expect(history(box)[0][4]).toBe(130);
  });

  it("[M7, T6] a seq is stored besides", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    lamp.publish("telemetry", power(1, { seq: 4 }), 1);
    box.advance(1_000);
    expect(lamp.take("puback").reasonCode ?? 0).toBe(0);
    expect(lamp.frame("stored")).toMatchObject({ seq: 4 });
    // A repeat is acknowledged like the first, and stored once.
    lamp.publish("telemetry", power(1, { seq: 4 }), 1, { dup: true });
    box.advance(1_000);
    lamp.take("puback");
    expect(history(box)[0][4]).toBe(1);
  });

  it.each(VERSIONS)("[M7] version %i: state, events and results are acknowledged in their turn", (version) => {
    const box = signalbox({ isForgetful, window: 60_000, sequencedWindow: 4_000 });
    const lamp = listener(box, "lamp", { version });
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    lamp.frame("command");
    for (
      const [type, frame] of [
        ["state", { reported: { on: true } }],
        ["received", { id }],
        ["progress", { id }],
        ["result", { id, ok: true }],
        ["hello", {}],
      ] as const
    ) {
      const packet = lamp.publish(type, frame, 1);
      expect(lamp.take("puback").messageId, type).toBe(packet);
    }
    box.crash();
    expect(box.view("lamp").reported).toEqual({ on: true });
  });

  it("[M7] version 5 hears why it was refused", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    const refused = (type: string, payload: unknown, qos: 0 | 1 = 1) => {
      lamp.publish(type, payload, qos);
      box.advance(1_001);
      const [{ code }] = lamp.frames("error");
      return qos === 0 ? [code, lamp.all("puback")] : [code, lamp.take("puback").reasonCode];
    };
    expect(refused("telemetry", power("warm"))).toEqual(["invalid_telemetry", 0x99]);
    expect(refused("telemetry", power("warm"), 0)).toEqual(["invalid_telemetry", []]);
    expect(refused("state", { reported: { on: 3 } })).toEqual(["invalid_state", 0x99]);
    expect(refused("event", { name: "nothing" })).toEqual(["invalid_telemetry", 0x99]);
    expect(refused("telemetry", "{")).toEqual(["bad_json", 0x99]);
    expect(refused("telemetry", new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual(["bad_json", 0x99]);
    expect(refused("telemetry", "")).toEqual(["bad_json", 0x99]);
    expect(refused("telemetry", "[1]")).toEqual(["bad_frame", 0x99]);
    expect(refused("telemetry", { ...power(1), device: "gate" })).toEqual(["bad_frame", 0x99]);
    expect(refused("result", { id: "nothing", ok: true })).toEqual(["not_found", 0x83]);
    expect(refused("devices/lamp/blob", { id: "a" })).toEqual(["forbidden", 0x87]);
    expect(refused("devices/gate/telemetry", power(1))).toEqual(["forbidden", 0x87]);
    expect(refused("elsewhere", power(1), 0)).toEqual(["forbidden", []]);
    lamp.publish("telemetry", power("warm"), 1);
    expect(lamp.take("puback").properties.reasonString).toMatch(/^invalid_telemetry: .*power/);
    expect(lamp.closed).toBeNull();
  });

  it("[M7] who wants no reason strings, or takes no large packets, gets the code alone", () => {
    const box = signalbox({ isForgetful });
    for (const properties of [{ requestProblemInformation: false }, { maximumPacketSize: 40 }]) {
      const lamp = speaker(box, "lamp", { properties });
      lamp.publish("telemetry", power("warm"), 1);
      const ack = lamp.take("puback");
      expect([ack.reasonCode, ack.properties]).toEqual([0x99, undefined]);
    }
  });

  it("[M7] to 3.1.1 an acknowledgement says that it need not come again", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp", { version: 4 });
    const packet = lamp.publish("telemetry", power("warm"), 1);
    expect(lamp.packets.map(({ cmd }) => cmd)).toEqual(["publish", "puback"]);
    expect(lamp.take("puback").messageId).toBe(packet);
    expect(lamp.frame("error").code).toBe("invalid_telemetry");
  });

  it("[M7, T2] where some of its samples are good, it was taken", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    lamp.publish("telemetry", { samples: [power("warm"), power(4)] }, 1);
    expect(lamp.frame("error").pointer).toBe("#/samples/0/data/power");
    expect(lamp.all("puback")).toEqual([]);
    box.advance(1_000);
    expect(lamp.take("puback").reasonCode ?? 0).toBe(0);
  });

  it.each(VERSIONS)("[F9, M7] version %i: what is over the rate is refused, and may come again", (version) => {
    const box = signalbox({ isForgetful: false });
    const lamp = listener(box, "lamp", { version });
    for (let at = 0; at < 600; at++) lamp.publish("telemetry", power(at), 1);
    const acks = lamp.all("puback");
    const refused = acks.filter(({ reasonCode = 0 }) => reasonCode !== 0);
    box.advance(1_000);
    const taken = [...acks, ...lamp.all("puback")].length - refused.length;
    expect(lamp.frames("error").every(({ code }) => code === "rate_limited")).toBe(true);
    expect(refused.every(({ reasonCode }) => reasonCode === 0x97)).toBe(true);
    expect([taken, refused.length]).toEqual([499, version === 5 ? 101 : 0]);
    expect(history(box)[0][4]).toBe(499);
  });

  it("[F3] ten that have not the form of a frame end the connection", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    for (let at = 0; at < 10; at++) lamp.publish("state", "{");
    expect(lamp.take("disconnect").reasonCode).toBe(0x99);
    expect(lamp.closed?.code).toBe(4505);
  });

  it("[M2, M11] a packet in two halves, with a sleep between them", () => {
    const box = signalbox({ isForgetful, window: 60_000 });
    const lamp = speaker(box, "lamp");
    const samples = Array.from({ length: 150 }, (_, at) => power(at, { ago: at }));
    const payload = JSON.stringify({ samples });
    const packet = { topic: "devices/lamp/telemetry", payload, qos: 1, messageId: 9 } as const;
    const bytes = lamp.bytesOf({ cmd: "publish", dup: false, retain: false, ...packet });
    expect(bytes.length).toBeGreaterThan(4_000);
    for (const at of [1, 3, 30, 3_000, bytes.length - 1]) {
      lamp.bytes(bytes.slice(0, at));
      box.evict();
      lamp.bytes(bytes.slice(at));
      box.advance(1_000);
      expect(lamp.take("puback").messageId, `${at}`).toBe(9);
    }
    expect(history(box)[0][4]).toBe(5 * 150);
  });
});

describe("what closes the connection", () => {
  const publish = { cmd: "publish", topic: "devices/lamp/state", payload: "{}", qos: 0, dup: false, retain: false };
  it.each(
    [
      ["QoS 2", { ...publish, qos: 2, messageId: 1 }, 0x9b, true],
      ["retain", { ...publish, retain: true }, 0x9a, false],
      ["a topic alias", { ...publish, properties: { topicAlias: 1 } }, 0x94, null],
      ["a topic with a wildcard", { ...publish, topic: "devices/+/state" }, 0x90, true],
      ["no topic", { ...publish, topic: "" }, 0x90, true],
      ["what only a server sends", { cmd: "pingresp" }, 0x82, true],
      ["a part of QoS 2", { cmd: "pubrel", messageId: 1, reasonCode: 0 }, 0x82, true],
    ] as const,
  )("[M11] %s", (_, packet, reason, closesFour) => {
    for (const version of VERSIONS) {
      if (version === 4 && closesFour === null) continue;
      const box = signalbox();
      const lamp = speaker(box, "lamp", { version });
      // deno-lint-ignore no-explicit-any
      lamp.say(packet as any);
      if (version === 4 && !closesFour) expect(lamp.closed).toBeNull();
      else expect([lamp.closed?.code, box.view("lamp").presence]).toEqual([1002, "offline"]);
      const said = lamp.packets.map(({ cmd, reasonCode }) => [cmd, reasonCode]);
      expect(said).toEqual(version === 5 ? [["disconnect", reason]] : []);
    }
  });

  it.each([
    ["a text", 0x82, 1002, (lamp: ReturnType<typeof speaker>) => lamp.text('{"type":"telemetry","data":{}}')],
    ["the text ping", 0x82, 1002, (lamp: ReturnType<typeof speaker>) => lamp.text("ping")],
    ["a second CONNECT", 0x82, 1002, (lamp: ReturnType<typeof speaker>) => lamp.connect({ user: "lamp" })],
    ["bytes that are no packet", 0x81, 1002, (lamp: ReturnType<typeof speaker>) => lamp.bytes(Uint8Array.of(0x36, 0))],
    [
      "a length that is none",
      0x81,
      1002,
      (lamp: ReturnType<typeof speaker>) => lamp.bytes(new Uint8Array(6).fill(0xff)),
    ],
    [
      "a packet that is too large",
      0x95,
      1009,
      (lamp: ReturnType<typeof speaker>) => lamp.publish("telemetry", { data: { firmware: "x".repeat(8_200) } }),
    ],
    [
      "a message that is too large",
      0x95,
      1009,
      (lamp: ReturnType<typeof speaker>) => lamp.bytes(new Uint8Array(65_537)),
    ],
  ])("[M2, M11] %s", (_, reason, code, say) => {
    const box = signalbox();
    const lamp = speaker(box, "lamp");
    say(lamp);
    expect(lamp.take("disconnect").reasonCode).toBe(reason);
    expect([lamp.closed?.code, box.view("lamp").presence]).toEqual([code, "offline"]);
    lamp.publish("state", { reported: { on: true } });
    expect(box.view("lamp").reported).toEqual({});
  });

  it.each(VERSIONS)(
    "[M2, M13] version %i: a payload as large as the welcome says is taken; one of a packet more closes",
    (version) => {
      for (const id of ["d", "x".repeat(64)]) {
        const box = signalbox();
        const device = speaker(box, id, { version });
        device.subscribe(`devices/${id}/welcome`);
        const { limits } = device.frame("welcome");
        expect(limits.maxBlob).toBe(0);
        const sample = (length: number) => JSON.stringify(power(7)).padEnd(length, " ");
        device.publish("telemetry", sample(limits.maxFrame), 1);
        expect([device.closed, box.view(id).telemetry.power.value]).toEqual([null, 7]);
        // Without properties 3.1.1 has room for one byte more.
        device.publish("telemetry", sample(limits.maxFrame + (version === 4 ? 2 : 1)), 1);
        expect(device.closed?.code).toBe(1009);
      }
    },
  );

  it("[M11] a publish elsewhere, of 3.1.1", () => {
    const box = signalbox();
    const lamp = speaker(box, "lamp", { version: 4 });
    lamp.publish("devices/gate/telemetry", power(1), 1);
    expect([lamp.closed?.code, lamp.packets]).toEqual([1002, []]);
  });

  it("[F9, M11] drops of a packet count too, and who floods with pings is not answered for ever", () => {
    const box = signalbox();
    const lamp = speaker(box, "lamp");
    lamp.bytes(new Uint8Array(2_000).map((_, at) => at % 2 === 0 ? 0xc0 : 0));
    expect(lamp.all("pingresp").length).toBe(500);
    box.advance(10_000);
    for (let at = 0; at < 6_000; at++) lamp.bytes(Uint8Array.of(0xc0));
    expect(lamp.closed).not.toBeNull();
  });
});

describe("[X1] while the store takes no writes", () => {
  function full() {
    const store = openMemory();
    const box = signalbox({ store, window: 1_000 });
    const commit = store.commit.bind(store);
    const begin = store.begin;
    let isFull = false;
    store.commit = (...args) => {
      if (isFull) throw new Error("database or disk is full");
      commit(...args);
    };
    if (begin) store.begin = undefined;
    return { box, fill: (is = true) => void (isFull = is) };
  }

  it.each(VERSIONS)("[M7] version %i: what is to be kept is refused, the rest goes on", (version) => {
    const { box, fill } = full();
    const lamp = listener(box, "lamp", { version });
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    lamp.acks = false;
    lamp.frame("command");
    fill();
    const whole = lamp.bytesOf({
      cmd: "publish",
      topic: "devices/lamp/state",
      payload: '{"reported":{"on":true}}',
      qos: 1,
      messageId: 77,
      dup: false,
      retain: false,
    });
    lamp.bytes(whole.slice(0, 10));
    lamp.bytes(Uint8Array.of(...whole.slice(10), 0xc0, 0, whole[0]));
    lamp.take("pingresp");
    expect(lamp.frame("error")).toMatchObject({ code: "storage_unavailable", of: "state" });
    expect(lamp.all("puback").map(({ reasonCode }) => reasonCode)).toEqual(version === 5 ? [0x83] : []);
    fill(false);
    // The last byte of a third packet that had begun before: nothing was lost of it.
    lamp.bytes(whole.slice(1));
    expect(lamp.take("puback").messageId).toBe(77);
    lamp.publish("result", { id, ok: true }, 1);
    lamp.take("puback");
    expect(box.view("lamp").reported).toEqual({ on: true });
    expect(box.record(id).status).toBe("succeeded");
    expect(lamp.closed).toBeNull();
  });

  it("[T6, M7] what had a seq is refused by it, and may come again under it", () => {
    const { box, fill } = full();
    const porch = listener(box, "porch", {}, "camera");
    const motion = (seq: number) => porch.publish("event", { name: "motion", data: { level: 1 }, seq }, 1);
    fill();
    motion(1);
    expect(porch.frame("error")).toMatchObject({ code: "storage_unavailable", of: "event", seq: 1 });
    fill(false);
    box.advance(2_000);
    motion(2);
    motion(1);
    box.advance(2_000);
    expect(porch.all("puback").map(({ reasonCode = 0 }) => reasonCode)).toEqual([0x83, 0, 0]);
    expect(box.ask("list_events", { device: "porch", limit: 10 }).items.length).toBe(2);
  });

  it("[M3] nobody comes in", () => {
    const { box, fill } = full();
    for (const [version, code] of [[4, 3], [5, 0x88]] as const) {
      box.enroll(`lamp-${version}`, "relay");
      fill();
      const lamp = guest(box);
      lamp.connect({ version, user: `lamp-${version}`, password: box.tokens.get(`lamp-${version}`)! });
      const connack = lamp.take("connack");
      expect([connack.returnCode ?? connack.reasonCode, lamp.closed?.code]).toEqual([code, 1008]);
      fill(false);
      box.advance(2_000);
    }
  });
});
