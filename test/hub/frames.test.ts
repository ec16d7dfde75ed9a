import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";

describe.each(LIVES)("frames, $life", ({ isForgetful }) => {
  const roof = () => {
    const box = signalbox({ isForgetful });
    return { box, device: box.device("roof", "env-sensor") };
  };

  it.each([
    ["[F2] text that is not JSON", "{", "bad_json"],
    ["[F2] JSON nested 30,000 deep", "[".repeat(30_000) + "]".repeat(30_000), "bad_json"],
    ["[F2] an array", "[]", "bad_frame"],
    ["[F2] no type", "{}", "bad_frame"],
    ["[F2] a type of this direction's own", '{"type":"welcome"}', "unknown_type"],
    ["[F5] a reserved key", '{"type":"telemetry","data":{},"device":"x"}', "bad_frame"],
    [
      "[T2] a __proto__ key in data",
      '{"type":"telemetry","data":{"__proto__":{"temperature":1}}}',
      "invalid_telemetry",
    ],
    [
      "[D1] a __proto__ key in state",
      '{"type":"state","reported":{"__proto__":{"report_interval":1}}}',
      "invalid_state",
    ],
    ["[F8] a key that is no Unicode", '{"type":"telemetry","data":{"\\ud800":1}}', "invalid_telemetry"],
    ["[D1] the removal of a field that there is not", '{"type":"state","reported":{"colour":null}}', "invalid_state"],
    ["[F8] a number that is none", '{"type":"telemetry","data":{"temperature":1e999}}', "invalid_telemetry"],
    ["[C10] a result without an id", '{"type":"result","ok":true}', "bad_frame"],
  ])("%s is refused, nothing is stored, the connection stays", (_, text, code) => {
    const { box, device } = roof();
    device.text(text);
    expect(device.take("error")).toMatchObject({ code });
    expect(box.view("roof")).toMatchObject({ telemetry: {}, reported: {} });
    device.send({ type: "telemetry", data: { temperature: 1 } });
    expect(box.view("roof").telemetry.temperature.value).toBe(1);
    expect(({} as Record<string, unknown>).temperature).toBeUndefined();
  });

  it("[F5] unknown envelope keys of devices are ignored", () => {
    const { box, device } = roof();
    device.send({ type: "telemetry", data: { temperature: 1 }, colour: "red" });
    expect(box.view("roof").telemetry.temperature.value).toBe(1);
  });

  it("[F3] ten bad frames within a minute close, other faults never", () => {
    const { box, device } = roof();
    for (let sent = 0; sent < 30; sent++) device.send({ type: "telemetry", data: { temperature: "x" } });
    for (let sent = 0; sent < 9; sent++) device.text("{");
    box.advance(61_000);
    for (let sent = 0; sent < 9; sent++) device.text("{");
    expect(device.closed).toBeNull();
    device.text("[]");
    expect(device.closed?.code).toBe(4505);
  });

  it("[F4] too big closes 1009, binary closes 1003, and others are unharmed", () => {
    const box = signalbox({ isForgetful });
    const [one, two, three] = ["a", "b", "c"].map((id) => box.device(id));
    one.text(JSON.stringify({ type: "telemetry", data: {}, pad: "é".repeat(33_000) }));
    two.binary();
    expect([one.closed?.code, two.closed?.code, three.closed]).toEqual([1009, 1003, null]);
    expect(box.view("a")).toMatchObject({ presence: "offline", reason: "too_big" });
  });

  it("[F9] over the rate is refused, and closed after ten seconds of it", () => {
    const { box, device } = roof();
    const burst = (frames: number) => {
      for (let sent = 0; sent < frames; sent++) device.send({ type: "telemetry", data: { temperature: 1 } });
    };
    burst(500);
    expect(device.all("error")).toEqual([]);
    burst(1);
    expect(device.take("error")).toMatchObject({ code: "rate_limited" });
    device.send({ type: "telemetry", seq: 7, data: { temperature: 1 } });
    expect(device.take("error")).toMatchObject({ code: "rate_limited", of: "telemetry", seq: 7 });
    for (let tenth = 0; tenth < 99; tenth++) {
      box.advance(100);
      burst(12);
    }
    expect(device.closed).toBeNull();
    box.advance(100);
    burst(12);
    expect(device.closed?.code).toBe(4004);
  });

  it("[F10] errors come once a second and count what was left out; one with a seq is never left out", () => {
    const { box, device } = roof();
    for (let sent = 0; sent < 5; sent++) device.send({ type: "telemetry", data: { temperature: "x" } });
    expect(device.all("error")).toHaveLength(1);
    device.send({ type: "telemetry", data: { temperature: "x" }, seq: 1 });
    expect(device.take("error")).toMatchObject({ seq: 1, more: 4 });
    box.advance(1_000);
    device.send({ type: "telemetry", data: { temperature: "x" } });
    expect(device.take("error").more).toBeUndefined();
  });

  it("[F10] a frame with an id waits like any other, but a result hears of every id", () => {
    const { device } = roof();
    for (let sent = 0; sent < 5; sent++) device.send({ type: "fly", id: `f${sent}` });
    expect(device.all("error")).toEqual([expect.objectContaining({ code: "unknown_type", id: "f0" })]);
    for (let sent = 0; sent < 5; sent++) device.send({ type: "result", id: `r${sent}`, ok: true });
    expect(device.all("error").map(({ id }) => id)).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  });

  it("[O1] an operator hears of every refused frame", () => {
    const box = signalbox({ isForgetful });
    const ann = box.operator();
    ann.text("{");
    ann.text("[]");
    ann.send({ type: "fly" });
    expect(ann.all("error").map(({ code }) => code)).toEqual(["bad_json", "bad_frame", "unknown_type"]);
  });

  it("[F7] what the hub sends before a hello fits 1,024 bytes, however long the offence", () => {
    const { device } = roof();
    const long = "\u0001".repeat(64);
    device.send({ type: "telemetry", seq: 1, data: { ["x".repeat(60_000)]: 1 } });
    device.send({ type: "telemetry", seq: 2, data: { ["é".repeat(150)]: 1 } });
    device.send({ type: "y".repeat(60_000), seq: 3 });
    device.send({ type: long, seq: 4, id: long });
    device.send({ type: "event", seq: 5, name: long.repeat(9), data: {} });
    for (const frame of device.frames) {
      expect(new TextEncoder().encode(JSON.stringify(frame)).length).toBeLessThanOrEqual(1_024);
    }
    expect(device.frames.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(device.frames[1].pointer).toBeUndefined();
  });
});
