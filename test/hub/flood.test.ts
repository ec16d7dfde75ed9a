/** Devices that send much, or out of order, beside others: each for itself [T3-T6, F9]. */
import { describe, expect, it } from "vitest";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const sample = (temperature: unknown, more = {}) => ({ type: "telemetry", data: { temperature }, ...more });
const count = (box: Signalbox, device: string): number => {
  const { points } = box.ask("get_history", { device, field: "temperature", points: 1 });
  return points.reduce((sum, point) => sum + (point[4] as number), 0);
};

describe("a flood", () => {
  it("[F9] is shed for the device that makes it: what is within its rate is kept, and nobody else notices", () => {
    const box = signalbox();
    const loud = box.device("loud", "env-sensor");
    const calm = box.device("calm", "env-sensor");
    const refused = (): number =>
      loud.all("error").reduce((sum, { code, more = 0 }) => {
        expect(code).toBe("rate_limited");
        return sum + 1 + more;
      }, 0);
    let sent = 0;
    let seen = 0;
    let told = 0;
    for (let tenth = 1; tenth <= 95; tenth++) {
      for (let more = 0; more < 200; more++, sent++) loud.send(sample(1));
      calm.send(sample(20 + tenth / 10, { seq: tenth }));
      // Shown as ever, also in the midst of it.
      expect(box.view("calm").telemetry.temperature.value).toBe(20 + tenth / 10);
      seen += loud.frames.length;
      told += refused();
      box.advance(100);
    }
    expect(seen).toBeLessThanOrEqual(10);
    const kept = count(box, "loud");
    expect(kept).toBe(500 + 94 * 10);
    // The last ones that were left out have no later error to count them.
    expect(told).toBeLessThanOrEqual(sent - kept);
    expect(told).toBeGreaterThan(0.9 * (sent - kept));
    expect(count(box, "calm")).toBe(95);
    box.advance(2_000);
    expect(calm.all("error")).toEqual([]);
    expect(calm.all("stored").at(-1)).toEqual({ type: "stored", seq: 95 });
    expect([loud.closed, calm.closed]).toEqual([null, null]);
  });

  it("[F9] that goes on ends with its connection, and with no other", () => {
    const box = signalbox();
    const loud = box.device("loud", "env-sensor");
    const calm = box.device("calm", "env-sensor");
    for (let tenth = 0; tenth < 110; tenth++) {
      for (let more = 0; more < 60 && loud.closed === null; more++) loud.send(sample(1));
      calm.send(sample(2));
      box.advance(100);
    }
    expect([loud.closed?.code, calm.closed]).toEqual([4004, null]);
    expect(count(box, "calm")).toBe(110);
    expect(box.view("loud")).toMatchObject({ presence: "offline", reason: "rate_limited" });
  });
});

describe.each(LIVES)("much and out of order, $life", ({ isForgetful }) => {
  const roof = (): { box: Signalbox; device: Peer } => {
    const box = signalbox({ isForgetful });
    return { box, device: box.device("roof", "env-sensor") };
  };

  it("[T4, T8] ten a second from one device are all kept, and seen at once", () => {
    const { box, device } = roof();
    for (let n = 1; n <= 100; n++) {
      device.send(sample(n / 10));
      expect(box.view("roof").telemetry.temperature).toEqual({ value: n / 10, at: box.now });
      box.advance(100);
    }
    expect(device.frames).toEqual([]);
    const { points } = box.ask("get_history", {
      device: "roof",
      field: "temperature",
      from: box.now - 10_000,
      to: box.now,
      points: 10,
    });
    expect(points.map(([, least, , most, times]) => [least, most, times])).toEqual(
      Array.from({ length: 10 }, (_, second) => [second + 0.1, second + 1, 10]),
    );
  });

  it("[T4, T5] what comes out of order and twice is in history once, in the order of time", () => {
    const { box, device } = roof();
    const begun = box.now;
    device.send({ type: "hello", boot: "b1" });
    const order = [3, 0, 7, 1, 9, 4, 2, 8, 5, 6];
    box.advance(10_000);
    order.forEach((second, index) => {
      const frame = sample(second, { seq: index + 1, at: begun + second * 1_000 });
      device.send(frame);
      device.send(frame);
      if (index > 3) device.send(sample(99, { seq: index - 3, at: begun }));
      box.advance(300);
    });
    box.advance(5_000);
    expect(device.all("error")).toEqual([]);
    expect(device.all("stored").at(-1)).toEqual({ type: "stored", seq: 10 });
    expect(box.view("roof").telemetry.temperature).toEqual({ value: 9, at: begun + 9_000 });
    const { points } = box.ask("get_history", {
      device: "roof",
      field: "temperature",
      from: begun,
      to: begun + 10_000,
      points: 10,
    });
    expect(points.map(([at, least, , most, times]) => [at, least, most, times])).toEqual(
      Array.from({ length: 10 }, (_, second) => [begun + second * 1_000, second, second, 1]),
    );
  });

  it.each([
    ["far ahead", 3_600_000],
    ["long ago", -2 * 86_400_000],
  ])("[T3] a clock that is wrong, %s, puts nothing where it says, and never hides what comes later", (_, off) => {
    const { box, device } = roof();
    device.send(sample(1, { at: box.now + off }));
    const arrived = box.now;
    box.advance(2_000);
    device.send(sample(2));
    expect(box.view("roof").telemetry.temperature).toEqual({ value: 2, at: box.now });
    const within = (from: number, to: number) =>
      box.ask("get_history", { device: "roof", field: "temperature", from, to, points: 1 }).points;
    expect(within(arrived + off - 1_000, arrived + off + 1_000)).toEqual([]);
    expect(within(arrived - 500, arrived + 1_000).map(([, , mean, , times]) => [mean, times])).toEqual([[1, 1]]);
  });
});
