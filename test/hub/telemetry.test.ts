import { describe, expect, it } from "vitest";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const sample = (temperature: unknown, more = {}) => ({ type: "telemetry", data: { temperature }, ...more });

describe.each(LIVES)("telemetry, $life", ({ isForgetful }) => {
  const roof = (given = {}) => {
    const box = signalbox({ isForgetful, ...given });
    const device = box.device("roof", "env-sensor");
    const history = (field = "temperature", range = {}) =>
      box.ask("get_history", { device: "roof", field, ...range }).points;
    return { box, device, history };
  };

  it("[T1, T8] a bare sample is seen at once, in the view and in history", () => {
    const { box, device, history } = roof();
    device.send(sample(21.5));
    expect(device.frames).toEqual([]);
    expect(box.view("roof")).toMatchObject({
      presence: "online",
      seen: box.now,
      telemetry: { temperature: { value: 21.5, at: box.now } },
    });
    expect(history()).toEqual([[expect.any(Number), 21.5, 21.5, 21.5, 1]]);
    box.advance(1_000);
    expect(history()).toHaveLength(1);
    expect(box.store.count("journal")).toBe(1);
  });

  it("[T2] a bad field refuses the sample and names it", () => {
    const { box, device } = roof();
    device.send(sample("warm"));
    expect(device.take("error")).toMatchObject({
      code: "invalid_telemetry",
      of: "telemetry",
      pointer: "#/data/temperature",
    });
    box.advance(1_000);
    device.send(sample(20, { data: { temperature: 20, colour: "red" } }));
    expect(device.take("error")).toMatchObject({
      code: "invalid_telemetry",
      pointer: "#/data/colour",
      message: expect.stringContaining("colour"),
    });
    expect(box.view("roof").telemetry).toEqual({});
  });

  it("[T2] of buffered samples the bad ones are left out and named, the good ones kept", () => {
    const { box, device, history } = roof();
    device.send({
      type: "telemetry",
      seq: 1,
      samples: [{ ago: 3, data: { temperature: 1 } }, { ago: 2, data: { temperature: "x" } }, 7, {
        data: { temperature: 3 },
      }],
    });
    expect(device.all("error").map(({ pointer, seq }) => [pointer, seq])).toEqual([
      ["#/samples/1/data/temperature", 1],
      ["#/samples/2", 1],
    ]);
    expect(box.view("roof").telemetry.temperature).toEqual({ value: 3, at: box.now });
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 2 });
  });

  it("[T2, F10] of many bad samples ten are named, and the others are counted", () => {
    const { device } = roof();
    const samples = Array.from({ length: 25 }, () => ({ data: { temperature: "x" } }));
    device.send({ type: "telemetry", seq: 1, samples });
    expect(device.all("error")).toHaveLength(10);
    device.send(sample("x", { seq: 2 }));
    expect(device.take("error")).toMatchObject({ seq: 2, more: 15 });
  });

  it("[T3] takes at or ago; an unbelievable clock is filed under arrival and marked", () => {
    const { box, device } = roof();
    device.send(sample(1, { ago: 10.5 }));
    expect(box.view("roof").telemetry.temperature.at).toBe(box.now - 10_500);
    device.send(sample(2, { at: 1_000 }));
    // By how much it was wrong is remembered, and not kept.
    const wrongBy = (off: number) => ({ value: 2, at: box.now, clock: "wrong", ...(!isForgetful && { off }) });
    expect(box.view("roof").telemetry.temperature).toEqual(wrongBy(1_000 - box.now));
    device.send(sample(2, { at: box.now + 90_000 }));
    expect(box.view("roof").telemetry.temperature).toEqual(wrongBy(90_000));
    // Who tells how long ago it was has no clock that could be wrong.
    device.send(sample(2, { ago: 1_000_000_000 }));
    expect(box.view("roof").telemetry.temperature).toEqual({ value: 2, at: box.now, clock: "wrong" });
    device.send(sample(3, { at: box.now + 60_000 }));
    expect(box.view("roof").telemetry.temperature).toEqual({ value: 3, at: box.now + 60_000 });
    device.send(sample(4, { at: box.now, ago: 1 }));
    expect(device.take("error")).toMatchObject({ code: "bad_frame" });
  });

  it("[T4] the firmware is the newest word about it, by hello or as telemetry", () => {
    const { box, device } = roof();
    device.send({ type: "telemetry", data: { firmware: "1" } });
    expect(box.view("roof").firmware).toBe("1");
    device.send({ type: "hello", firmware: "2" });
    device.send(sample(20));
    expect(box.view("roof").firmware).toBe("2");
    box.advance(1_000);
    device.send({ type: "telemetry", data: { firmware: "3" } });
    expect(box.view("roof").firmware).toBe("3");
  });

  it("[T4] a late sample enters history only", () => {
    const { box, device, history } = roof();
    device.send(sample(2));
    device.send(sample(1, { ago: 60 }));
    expect(box.view("roof").telemetry.temperature.value).toBe(2);
    expect(history()).toHaveLength(2);
  });

  it("[T5, T6] a seq is settled, and a repeat is settled again without being stored again", () => {
    const { box, device, history } = roof();
    device.send({ type: "hello", boot: "b1" });
    device.send(sample(1, { seq: 1 }));
    device.send(sample(2, { seq: 2 }));
    box.advance(5_000);
    expect(device.all("stored")).toEqual([{ type: "stored", seq: 2 }]);
    device.drop();
    const again = box.device("roof");
    again.send({ type: "hello", boot: "b1" });
    again.send(sample(2, { seq: 2 }));
    again.send(sample(3, { seq: 3 }));
    box.advance(5_000);
    expect(again.take("stored")).toEqual({ type: "stored", seq: 3 });
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 3 });
    box.crash();
    const third = box.device("roof");
    third.send({ type: "hello", boot: "b1" });
    third.send(sample(9, { seq: 3 }));
    box.advance(5_000);
    expect(third.take("stored")).toEqual({ type: "stored", seq: 3 });
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 3 });
    third.send({ type: "hello", boot: "b2" });
    third.send(sample(4, { seq: 1 }));
    box.advance(5_000);
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 4 });
  });

  it("[T5] a boot's scope begins with its hello, whatever came before it on the connection", () => {
    const { box, device, history } = roof();
    device.send(sample(1, { seq: 100 }));
    device.send({ type: "hello", boot: "b1" });
    expect(device.take("stored")).toEqual({ type: "stored", seq: 100 });
    device.send(sample(2, { seq: 1 }));
    box.advance(5_000);
    expect(device.all("stored")).toEqual([{ type: "stored", seq: 1 }]);
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 2 });
  });

  it("[T5] what was refused is no repeat: it is refused again", () => {
    const { box, device } = roof();
    device.send({ type: "hello", boot: "b1" });
    device.send(sample("x", { seq: 1 }));
    expect(device.take("error")).toMatchObject({ code: "invalid_telemetry", seq: 1 });
    device.drop();
    const again = box.device("roof");
    again.send({ type: "hello", boot: "b1" });
    again.send(sample("x", { seq: 1 }));
    expect(again.take("error")).toMatchObject({ code: "invalid_telemetry", seq: 1 });
  });

  it("[T5] a state that is durable is a repeat after a crash too", () => {
    const { box, device } = roof();
    device.send({ type: "hello", boot: "b1" });
    for (const seq of [1, 2]) device.send({ type: "state", seq, reported: { report_interval: seq } });
    box.crash();
    const again = box.device("roof");
    again.send({ type: "hello", boot: "b1" });
    again.send({ type: "state", seq: 1, reported: { report_interval: 1 } });
    expect(box.view("roof").reported).toEqual({ report_interval: 2 });
    box.advance(5_000);
    expect(again.take("stored")).toEqual({ type: "stored", seq: 1 });
  });

  it.each([
    ["a second hello", (_box: Signalbox, device: Peer) => device.send({ type: "hello", firmware: "2" })],
    [
      "a sample by REST",
      (box: Signalbox) => box.ask("post_telemetry", { device: "roof", body: { data: {} } }, box.tokens.get("roof")),
    ],
    ["a state", (_box: Signalbox, device: Peer) => device.send({ type: "state", seq: 2, reported: {} })],
  ])("[T6] a crash after %s makes no repeat of what was not written", (_, act) => {
    const { box, device, history } = roof({ window: 60_000, sequencedWindow: 4_000 });
    device.send({ type: "hello", boot: "b1" });
    device.send(sample(1, { seq: 1 }));
    act(box, device);
    box.crash();
    const again = box.device("roof");
    again.send({ type: "hello", boot: "b1" });
    again.send(sample(1, { seq: 1 }));
    box.advance(5_000);
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 4: 1 });
  });

  it("[T6] stored comes at most once a second, and covers what an error refused", () => {
    const { box, device } = roof();
    for (let seq = 1; seq <= 40; seq++) {
      device.send(sample(seq === 40 ? "x" : 20, { seq }));
      box.advance(100);
    }
    box.advance(2_000);
    const stored = device.all("stored");
    expect(stored.length).toBeLessThanOrEqual(6);
    expect(stored.at(-1)).toEqual({ type: "stored", seq: 40 });
    expect(device.take("error")).toMatchObject({ seq: 40 });
  });

  it("[T4] of samples of one instant the order of arrival counts, also over flushes: a reset follows the total", () => {
    const { box } = roof();
    const plug = box.device("plug", "relay");
    const at = box.now;
    for (const energy of [5, 7, 0, 1]) {
      plug.send({ type: "telemetry", data: { energy }, at });
      box.advance(5_000);
    }
    const { points } = box.ask("get_history", { device: "plug", field: "energy", points: 1 });
    expect(points).toEqual([[expect.any(Number), 3, 4]]);
    expect(box.view("plug").telemetry.energy.value).toBe(1);
  });

  it("[T7] a crash loses at most the window, and nothing that was stored", () => {
    const { box, device, history } = roof({ window: 60_000 });
    device.send(sample(1, { seq: 1 }));
    box.advance(2_000);
    expect(device.take("stored")).toEqual({ type: "stored", seq: 1 });
    device.send(sample(2));
    box.crash();
    expect(history("temperature", { points: 1 })[0]).toMatchObject({ 3: 1, 4: 1 });
    expect(box.view("roof").telemetry.temperature.value).toBe(1);
  });

  it("[T7] what a connection carried is written when it ends, and by weight before", () => {
    const { box, device } = roof({ window: 60_000 });
    device.send(sample(1));
    expect(box.store.count("journal")).toBe(0);
    device.drop();
    expect(box.store.count("journal")).toBe(1);
    const again = box.device("roof");
    again.send({
      type: "telemetry",
      samples: Array.from({ length: 1_500 }, (_, index) => ({ ago: index, data: { temperature: 1.5 } })),
    });
    expect(box.store.count("journal")).toBe(2);
  });

  it("[T9] events are checked and kept; this kind has none", () => {
    const { device } = roof();
    device.send({ type: "event", name: "motion", data: {} });
    expect(device.take("error")).toMatchObject({ code: "invalid_telemetry", of: "event", pointer: "#/name" });
  });

  it("[I3, P2] samples by REST are durable when answered, and evidence", () => {
    const box = signalbox({ isForgetful });
    const token = box.enroll("roof", "env-sensor");
    const post = (body: Record<string, unknown>, device = "roof") =>
      box.call("post_telemetry", { device, body }, token);
    expect(box.view("roof").presence).toBe("new");
    expect(post({ data: { temperature: 1 } })).toEqual({ ok: true, value: { accepted: 1 } });
    expect(box.store.count("journal")).toBe(1);
    expect(box.view("roof").presence).toBe("online");
    expect(post({ samples: [{ data: { temperature: 1 } }, { data: { nothing: 1 } }] })).toMatchObject({
      ok: true,
      value: { accepted: 1, refused: [{ pointer: "#/samples/1/data/nothing" }] },
    });
    expect(post({ data: { temperature: "x" } })).toMatchObject({
      ok: false,
      fault: { code: "invalid_telemetry", pointer: "#/data/temperature" },
    });
    expect(post({ data: {} }, "other")).toMatchObject({ ok: false, fault: { code: "forbidden" } });
    expect(box.call("list_devices", {}, token)).toMatchObject({ ok: false, fault: { code: "forbidden" } });
    box.advance(300_000);
    expect(box.view("roof").presence).toBe("suspect");
    box.advance(300_000);
    expect(box.view("roof")).toMatchObject({ presence: "offline", reason: "silent" });
  });
});
