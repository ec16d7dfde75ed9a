/** How long a device over MQTT is there, and what is said when it goes [M9, M10, M12]. */
import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";
import { guest, listener, speaker } from "./speaker.ts";

const SECOND = 1_000;
const will = { topic: "devices/lamp/state", payload: "The mains failed." };

describe.each(LIVES)("presence over MQTT, $life", ({ isForgetful }) => {
  it.each(
    [
      ["3.1.1: what it says", 4, 40, 40],
      ["5: what the hub asks for", 5, 40, 300],
      ["5, where it says nothing", 5, 0, 300],
    ] as const,
  )("[M9, P3] the keep-alive is the promise, %s", (_, version, keepalive, every) => {
    const box = signalbox({ isForgetful, idleSweep: null });
    const lamp = speaker(box, "lamp", { version, keepalive });
    const began = box.now;
    box.advance(every * 1_250 - 1);
    expect(box.view("lamp")).toMatchObject({ presence: "online", since: began });
    box.advance(1);
    expect(box.view("lamp").presence).toBe("suspect");
    lamp.say({ cmd: "pingreq" });
    lamp.take("pingresp");
    expect(box.view("lamp")).toMatchObject({ presence: "online", since: began });
    box.advance(every * 1_500);
    expect(box.view("lamp")).toMatchObject({ presence: "offline", since: box.now, reason: "heartbeat_lost" });
  });

  it("[M9, P4] without a promise it is there as long as its kind says", () => {
    const box = signalbox({ isForgetful });
    speaker(box, "lamp", { version: 4, keepalive: 0 });
    box.advance(299 * SECOND);
    expect(box.view("lamp").presence).toBe("online");
    box.advance(2 * SECOND);
    expect(box.view("lamp").presence).toBe("suspect");
    box.advance(300 * SECOND);
    expect(box.view("lamp")).toMatchObject({ presence: "offline", reason: "heartbeat_lost" });
  });

  it("[M9] every packet is evidence, half a one too", () => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp");
    box.ask("desire", { device: "lamp", patch: { on: true } });
    for (
      const say of [
        () => lamp.frame("desired"),
        () => lamp.subscribe("devices/lamp/error"),
        () => lamp.unsubscribe("devices/lamp/error"),
        () => lamp.publish("state", "{}"),
        () => lamp.bytes(Uint8Array.of(0xc0)),
        () => lamp.bytes(Uint8Array.of(0)),
      ]
    ) {
      box.advance(440 * SECOND);
      say();
      expect(box.view("lamp")).toMatchObject({ presence: "online", seen: box.now });
    }
  });

  it("[M9, M12] who was silent for too long is closed, and told", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", id: "w" });
    box.advance(460 * SECOND);
    expect(lamp.take("disconnect").reasonCode).toBe(0x8d);
    expect(lamp.closed?.code).toBe(4003);
  });
});

describe.each(LIVES)("the end of a connection over MQTT, $life", ({ isForgetful }) => {
  const reason = (device = "lamp") => (box: ReturnType<typeof signalbox>) => box.view(device);

  it.each([4, 5] as const)("[M10] version %i: a DISCONNECT is an orderly end, and the will is void", (version) => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp", { version, will });
    lamp.publish("telemetry", { data: { power: 3 } });
    lamp.say({ cmd: "disconnect", reasonCode: 0 });
    expect(reason()(box)).toMatchObject({ presence: "offline", since: box.now, reason: "closed" });
    expect([lamp.closed?.code, lamp.packets]).toEqual([1000, []]);
    box.crash();
    expect(reason()(box)).toMatchObject({ reason: "closed", telemetry: { power: { value: 3 } } });
  });

  it.each([
    ["its line broke", (lamp: ReturnType<typeof speaker>) => lamp.drop()],
    [
      "it says that it goes with its will",
      (lamp: ReturnType<typeof speaker>) => lamp.say({ cmd: "disconnect", reasonCode: 4 }),
    ],
  ])("[M10] the will is the reason where %s", (_, go) => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp", { will });
    go(lamp);
    expect(reason()(box)).toMatchObject({ presence: "offline", since: box.now, reason: "The mains failed." });
  });

  it.each([
    ["protocol_error", (lamp: ReturnType<typeof speaker>) => lamp.bytes(new Uint8Array(9).fill(0xff))],
    ["too_big", (lamp: ReturnType<typeof speaker>) => lamp.bytes(Uint8Array.of(0x30, 0xff, 0x7f))],
  ])("[M10] where the hub ends it the reason is the hub's: %s", (told, go) => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp", { will });
    go(lamp);
    expect(reason()(box)).toMatchObject({ presence: "offline", since: box.now, reason: told });
    const again = speaker(box, "lamp", { will });
    box.handle({ type: "closed", connection: again.id, code: 1012 });
    expect(reason()(box)).toMatchObject({ presence: "offline", reason: "restarting" });
  });

  it("[M10, P5] and where it fell silent, before and after somebody looked", () => {
    const box = signalbox({ isForgetful, idleSweep: null });
    const lamp = speaker(box, "lamp", { will });
    const lost = box.now + 450 * SECOND;
    box.advance(3_600 * SECOND);
    expect(reason()(box)).toMatchObject({ presence: "offline", since: lost, reason: "The mains failed." });
    lamp.drop();
    expect(reason()(box)).toMatchObject({ presence: "offline", since: lost, reason: "The mains failed." });
  });

  it("[M10] it is one line, not longer than 256 characters; nothing is no reason", () => {
    const box = signalbox({ isForgetful });
    for (const [payload, told] of [[" a\n\tb ", "a b"], ["x".repeat(300), "x".repeat(256)], ["", "connection_lost"]]) {
      const lamp = speaker(box, "lamp", { will: { ...will, payload } });
      lamp.drop();
      expect(reason()(box).reason).toBe(told);
      box.advance(61_000);
    }
  });

  it("[P6, M12] a newer connection takes over, whichever door it comes by", () => {
    const box = signalbox({ isForgetful });
    const first = listener(box, "lamp", { will });
    const second = listener(box, "lamp");
    expect([first.take("disconnect").reasonCode, first.closed?.code]).toEqual([0x8e, 4502]);
    first.publish("state", { reported: { on: true } });
    expect(box.view("lamp")).toMatchObject({ presence: "online", reported: {} });
    const third = box.device("lamp");
    expect([second.take("disconnect").reasonCode, second.closed?.code]).toEqual([0x8e, 4502]);
    const four = listener(box, "lamp", { version: 4 });
    expect(third.closed?.code).toBe(4502);
    expect([four.closed, box.view("lamp").presence]).toEqual([null, "online"]);
  });

  it("[M12] before it hangs up the hub says why, to version 5", () => {
    for (const version of [4, 5] as const) {
      const box = signalbox({ isForgetful });
      const lamp = speaker(box, "lamp", { version });
      const [{ tokenId }] = box.ask("list_device_tokens", { device: "lamp" }).items;
      box.ask("delete_device_token", { device: "lamp", token: tokenId });
      expect(lamp.closed?.code).toBe(4501);
      expect(lamp.packets.map(({ reasonCode }) => reasonCode)).toEqual(version === 5 ? [0x98] : []);
      const gate = speaker(box, "gate", { version });
      box.ask("delete_device", { device: "gate" });
      expect(gate.closed?.code).toBe(4501);
      expect(gate.packets.map(({ reasonCode }) => reasonCode)).toEqual(version === 5 ? [0x98] : []);
    }
  });

  it("[P6, C18] after a crash nobody is there; who comes again is", () => {
    const box = signalbox({ isForgetful });
    listener(box, "lamp");
    guest(box);
    box.crash();
    expect(box.view("lamp")).toMatchObject({ presence: "offline", reason: "hub_restarted" });
    listener(box, "lamp");
    expect(box.view("lamp").presence).toBe("online");
  });
});
