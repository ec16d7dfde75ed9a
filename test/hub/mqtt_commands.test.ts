/** What a device hears over MQTT: its subscriptions, commands, desired state, and what waits for them [M5, M6, M8, M13]. */
import { describe, expect, it } from "vitest";
import type { DeviceConnection } from "../../src/hub/connections/connection.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";
import { ID, listener, QOS, speaker } from "./speaker.ts";

const VERSIONS = [4, 5] as const;
const own = (type: string) => `devices/lamp/${type}`;
const set = (box: Signalbox, on = true, ttl = 60) =>
  box.ask("send_command", { device: "lamp", name: "set", params: { on }, ttl }).id;
const toggle = (box: Signalbox, ttl = 60) =>
  box.ask("send_command", { device: "lamp", name: "toggle", params: {}, ttl }).id;

describe.each(LIVES)("what a device hears over MQTT, $life", ({ isForgetful }) => {
  it("[M6] filters of its own are granted with QoS 1 at most, all others fail", () => {
    const box = signalbox({ isForgetful });
    const filters: [string, number, number][] = [
      [own("command"), 2, 1],
      [own("welcome"), 0, 0],
      [own("telemetry"), 1, 1],
      ["devices/gate/command", 1, 0x87],
      ["#", 0, 0x87],
      ["$share/a/devices/lamp/#", 1, 0x9e],
      ["devices/lamp/#/x", 1, 0x8f],
    ];
    for (const version of VERSIONS) {
      const lamp = speaker(box, "lamp", { version });
      lamp.say({
        cmd: "subscribe",
        messageId: 5,
        subscriptions: filters.map(([topic, qos]) => ({ topic, qos: qos as 0 | 1 | 2 })),
      });
      const { messageId, granted } = lamp.take("suback");
      expect(messageId).toBe(5);
      expect(granted).toEqual(filters.map(([, , code]) => version === 4 && code > 2 ? 0x80 : code));
      expect(lamp.frame("welcome")[QOS]).toBe(0);
    }
  });

  it("[M5] what is not subscribed is not sent, and what is comes once", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    lamp.publish("state", { reported: { on: 3 } });
    expect(lamp.packets).toEqual([]);
    lamp.subscribe([own("#"), own("+"), own("error")], 1);
    lamp.take("suback");
    expect(lamp.frames("welcome").length).toBe(1);
    box.advance(2_000);
    lamp.publish("state", { reported: { on: 3 } });
    expect(lamp.frames("error").length).toBe(1);
    lamp.unsubscribe([own("#"), own("+"), own("stored"), "elsewhere"]);
    expect(lamp.take("unsuback").granted).toEqual([0, 0, 0x11, 0x11]);
    // Nothing comes of what it publishes itself; it is a subscription all the same.
    lamp.subscribe(own("telemetry"));
    lamp.take("suback");
    for (const code of [0, 0x11]) {
      lamp.unsubscribe(own("telemetry"));
      expect(lamp.take("unsuback").granted).toEqual([code]);
    }
    box.advance(2_000);
    lamp.publish("state", { reported: { on: 3 } });
    expect(lamp.frames("error").length).toBe(1);
    lamp.unsubscribe(own("error"));
    lamp.take("unsuback");
    box.advance(2_000);
    lamp.publish("state", { reported: { on: 3 } });
    expect(lamp.packets).toEqual([]);
  });

  it("[M6, D6] the welcome has what is desired, and comes with each subscription to it", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    box.ask("desire", { device: "lamp", patch: { on: true } });
    const lamp = speaker(box, "lamp", { version: 4, keepalive: 25 });
    for (let at = 0; at < 2; at++) {
      lamp.subscribe(own("welcome"));
      expect(lamp.packets.map(({ cmd }) => cmd)).toEqual(["suback", "publish"]);
      lamp.take("suback");
      const desired = { version: 1, state: { on: true } };
      expect(lamp.frame("welcome")).toMatchObject({ device: "lamp", heartbeat: 25, desired });
    }
    // It has that: only a change is told.
    lamp.subscribe(own("desired"));
    lamp.take("suback");
    lamp.frame("desired");
    box.ask("desire", { device: "lamp", patch: { on: false } });
    expect(lamp.frame("desired")).toMatchObject({ version: 2, state: { on: false } });
  });

  it("[M6, D6] who subscribes to the desired document alone has it at once", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    box.ask("desire", { device: "lamp", patch: { on: true } });
    const lamp = speaker(box, "lamp");
    box.ask("desire", { device: "lamp", patch: { on: false } });
    lamp.subscribe(own("desired"));
    expect(lamp.frames("desired")).toMatchObject([{ version: 2, state: { on: false } }]);
  });

  it("[M6, D6] with both, it comes once", () => {
    const box = signalbox({ isForgetful });
    box.enroll("lamp", "relay");
    box.ask("desire", { device: "lamp", patch: { on: true } });
    const lamp = speaker(box, "lamp");
    lamp.subscribe([own("desired"), own("welcome")]);
    expect([lamp.frames("welcome").length, lamp.frames("desired").length]).toEqual([1, 0]);
  });

  it("[M8] a command waits for its topic, and expires there", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    const late = toggle(box, 5);
    const good = toggle(box, 60);
    box.advance(6_000);
    expect([box.record(late).status, box.record(good).status]).toEqual(["expired", "accepted"]);
    lamp.subscribe(own("command"), 0);
    lamp.take("suback");
    expect(lamp.frame("command")).toMatchObject({ id: good, [QOS]: 0 });
    lamp.publish("result", { id: good, ok: true });
    lamp.unsubscribe(own("command"));
    lamp.take("unsuback");
    const next = toggle(box);
    expect([lamp.packets, box.record(next).status]).toEqual([[], "accepted"]);
  });

  it("[M8, C9] an acknowledgement makes room, and says nothing of the command", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp", { properties: { receiveMaximum: 1 } });
    lamp.acks = false;
    lamp.subscribe(own("command"), 1);
    lamp.take("suback");
    const [one, other] = [toggle(box), toggle(box)];
    const first = lamp.frame("command");
    expect(first).toMatchObject({ id: one, [QOS]: 1 });
    lamp.publish("result", { id: one, ok: true });
    // The next has its turn, and no room.
    expect([lamp.packets, box.record(other).status]).toEqual([[], "accepted"]);
    lamp.say({ cmd: "puback", messageId: 999, reasonCode: 0 });
    expect(lamp.packets).toEqual([]);
    lamp.say({ cmd: "puback", messageId: first[ID], reasonCode: 0 });
    expect(lamp.frame("command")).toMatchObject({ id: other, [QOS]: 1 });
    expect(box.record(other).status).toBe("sent");
  });

  it("[M8] what finds no room but is no command goes with QoS 0", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp", { properties: { receiveMaximum: 1 } });
    lamp.acks = false;
    lamp.subscribe(own("#"), 1);
    lamp.take("suback");
    expect(lamp.frame("welcome")[QOS]).toBe(1);
    box.ask("desire", { device: "lamp", patch: { on: true } });
    expect(lamp.frame("desired")[QOS]).toBe(0);
    toggle(box);
    expect(lamp.frames("command")).toEqual([]);
  });

  it("[M8] ids begin anew after the last one, without those that nobody acknowledged", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    lamp.acks = false;
    box.ask("desire", { device: "lamp", patch: { on: true } });
    const held = lamp.frame("desired")[ID];
    const peer = box.peers.get(lamp.id)!;
    const attachment = peer.attachment as DeviceConnection;
    peer.attachment = { ...attachment, mqtt: { ...attachment.mqtt!, lastId: 65_534 } };
    box.evict();
    lamp.acks = true;
    const ids = Array.from({ length: held + 1 }, () => {
      lamp.subscribe(own("welcome"));
      return lamp.frame("welcome")[ID];
    });
    expect(ids).toEqual([65_535, ...Array.from({ length: held - 1 }, (_, at) => at + 1), held + 1]);
  });

  it("[M5, F7] a command is never in a larger packet than the client takes", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp", { properties: { maximumPacketSize: 320 } });
    const sizes = () => lamp.said.map(({ length }) => length);
    box.ask("send_command", { device: "lamp", name: "identify", params: {} });
    lamp.frame("command");
    lamp.publish("hello", { maxFrame: 65_536 });
    box.ask("send_command", { device: "lamp", name: "identify", params: {} });
    expect(Math.max(...sizes())).toBeLessThanOrEqual(320);
    const small = listener(box, "lamp", { properties: { maximumPacketSize: 300 } });
    small.publish("hello", { maxFrame: 65_536 });
    expect(small.attachment).toMatchObject({ maxFrame: expect.toSatisfy((bytes: number) => bytes < 300) });
  });

  it("[C8, C15, M8] a set goes again over the next connection, once that is subscribed and its hello had time", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    const id = set(box);
    lamp.frame("command");
    lamp.drop();
    const again = listener(box, "lamp");
    expect(again.frames("command")).toEqual([]);
    box.advance(500);
    expect(again.frame("command")).toMatchObject({ id, attempt: 2 });
  });

  it("[C15, M8] however late it subscribes, its hello comes before what goes again", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    const [one, other] = [
      set(box),
      box.ask("send_command", { device: "lamp", name: "identify", params: {}, ttl: 60 }).id,
    ];
    lamp.frames("command");
    lamp.drop();
    const again = speaker(box, "lamp");
    box.advance(3_000);
    again.subscribe(own("#"));
    again.frame("welcome");
    expect(again.frames("command")).toEqual([]);
    again.publish("hello", { commands: [one] });
    box.advance(600);
    expect(again.frames("command").map(({ id }) => id)).not.toContain(one);
    again.publish("result", { id: one, ok: true });
    expect(again.frames("command").map(({ id }) => id)).toEqual([other]);
    // Who has greeted is not waited for again.
    const third = listener(box, "gate");
    third.publish("hello", {});
    third.unsubscribe("devices/gate/#");
    const id = box.ask("send_command", { device: "gate", name: "identify", params: {}, ttl: 60 }).id;
    third.subscribe("devices/gate/command");
    expect(third.frame("command").id).toBe(id);
  });

  it("[C7] a once is unknown when its connection ends", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    const id = toggle(box);
    lamp.frame("command");
    lamp.drop();
    expect(box.record(id).status).toBe("unknown");
  });

  it("[C16, M8] a cancel is told once it is subscribed", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    lamp.subscribe(own("command"));
    lamp.take("suback");
    const id = set(box);
    lamp.frame("command");
    box.ask("cancel_command", { command: id });
    expect(lamp.packets).toEqual([]);
    lamp.subscribe(own("cancel"));
    lamp.take("suback");
    expect(lamp.frame("cancel")).toMatchObject({ id });
  });

  it("[E2, M8] a latched device is stopped as soon as it listens, before anything else", () => {
    const box = signalbox({ isForgetful });
    box.enroll("rover", "rover");
    box.ask("estop", { device: "rover", action: "set", reason: "Somebody is there." });
    const rover = speaker(box, "rover", {}, "rover");
    // What was meant for it when it came has expired by then.
    box.advance(30_000);
    rover.subscribe("devices/rover/#");
    const names = rover.packets.map(({ cmd, topic }) => topic ?? cmd);
    expect(names).toEqual(["suback", "devices/rover/welcome", "devices/rover/command"]);
    const stop = rover.frame("command");
    expect(stop).toMatchObject({ name: "stop", ttl: expect.toSatisfy((ttl: number) => ttl > 1) });
    rover.publish("result", { id: stop.id, ok: true }, 1);
    expect(box.view("rover").estop?.confirmedAt).toBe(box.now);
  });

  it("[M13] lanes and blobs do not go over it", () => {
    const box = signalbox({ isForgetful });
    const rover = listener(box, "rover", {}, "rover");
    const ann = box.operator();
    const { value: { fence } } = ann.ask({ type: "lease", device: "rover", action: "take" });
    for (let n = 1; n < 5; n++) {
      ann.send({ type: "stream", device: "rover", name: "drive", data: { linear: 0, angular: 0 }, n, fence });
      box.advance(100);
    }
    expect([rover.packets, rover.closed]).toEqual([[], null]);
  });

  it("[C19] whoever watches its frames sees what goes out, and no secrets", () => {
    const box = signalbox({ isForgetful });
    const gate = listener(box, "gate", {}, "lock");
    const ann = box.operator("viewer");
    ann.ask({ type: "watch", id: "w", device: "gate", include: ["frames"] });
    const params = { pin: "4711" };
    box.ask("send_command", { device: "gate", name: "unlock", params });
    expect(gate.frame("command").params).toEqual(params);
    const out = ann.all("frame").filter(({ direction }) => direction === "out").map(({ text }) => text);
    expect(out.length).toBe(1);
    expect(JSON.parse(out[0])).toMatchObject({ type: "command", name: "unlock", params: {} });
  });
});
