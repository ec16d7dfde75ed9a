import { describe, expect, it } from "vitest";
import rover from "../../devices/rover.ts";
import { interlocked } from "../../src/kind/interlock.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import type { Frame } from "../device/fake.ts";
import { live, values } from "../device/live.ts";

const { check, commands, interlocks } = rover;

describe("what a rover takes and refuses", () => {
  it("[K8, K9] it is driven with a lease, over a lane with a dead-man time", () => {
    expect(kindDocument(rover)).toMatchObject({
      lease: true,
      commands: { drive: { effect: "stream", deadman: 0.5 } },
    });
  });

  it("[L1] a frame has both speeds, within what any rover of the kind can do", () => {
    for (const fits of [{ linear: 0, angular: 0 }, { linear: -1.5, angular: 3 }]) {
      expect(check.params("drive", fits).ok).toBe(true);
    }
    for (const odd of [{}, { linear: 1 }, { linear: 1.6, angular: 0 }, { linear: "1", angular: 0 }, { x: 1, y: 1 }]) {
      expect(check.params("drive", odd).ok, JSON.stringify(odd)).toBe(false);
    }
  });

  it("[K2] stop may be repeated, and what stands proves it; what sets it in motion is sent once", () => {
    expect(commands.stop).toMatchObject({ effect: "set", confirms: { field: "moving", value: false } });
    expect([commands.goto.effect, commands.undock.effect]).toEqual(["once", "once"]);
    expect(check.params("goto", { x: 1, y: 2 }).ok).toBe(true);
    for (const odd of [{ x: 1 }, { x: 1001, y: 0 }, { x: 1, y: null }]) {
      expect(check.params("goto", odd).ok).toBe(false);
    }
  });

  it("[D2] its limits can be desired, its motion cannot", () => {
    expect(check.desired({}, { max_linear: 0.5, max_angular: 1 }, []).ok).toBe(true);
    for (const patch of [{ moving: true }, { mode: "auto" }, { charging: false }]) {
      expect(check.desired({}, patch, []).ok).toBe(false);
    }
  });

  it("[K7] nothing drives out of the dock, and nothing leaves it with a low battery", () => {
    const sentence = (command: string, reported: Record<string, unknown>) =>
      interlocked(interlocks, command, reported)?.sentence;
    for (const command of ["drive", "goto"]) {
      expect(sentence(command, { mode: "docked" })).toBe("It stands in its dock. Undock it first.");
      expect(sentence(command, { mode: "idle" })).toBeUndefined();
    }
    expect(sentence("undock", { battery_low: true })).toBe("Its battery is low. Let it charge.");
    for (const command of ["stop", "dock"]) expect(sentence(command, {})).toBeUndefined();
  });
});

describe("a simulated rover", () => {
  /** Outside its dock, and how to drive it. */
  const out = async (options = {}) => {
    const one = live(rover, options);
    expect((await one.command("undock")).result.ok).toBe(true);
    let n = 0;
    /** Twenty frames a second. */
    const drive = async (linear: number, angular: number, seconds: number) => {
      for (let left = Math.round(seconds * 20); left > 0; left--) {
        one.socket.say({ type: "stream", name: "drive", data: { linear, angular }, n: ++n });
        await one.pass(0.05);
      }
    };
    const newest = (field: string): number => values(one.said, field).at(-1);
    return { ...one, one, drive, newest, reported: () => one.reported };
  };

  it("stands in its dock and charges until it is told to leave it", async () => {
    const one = live(rover);
    const frames = await one.pass(1800);
    expect(one.reported).toMatchObject({ mode: "docked", moving: false, charging: true });
    const battery = values(frames, "battery");
    expect(battery.at(-1)).toBeGreaterThan(battery[0] + 15);
    expect(new Set(values(frames, "x"))).toEqual(new Set([0]));
    one.socket.say({ type: "stream", name: "drive", data: { linear: 1, angular: 0 }, n: 1 });
    await one.pass(1);
    expect((await one.command("goto", { x: 3, y: 0 })).result.error.code).toBe("refused");
    expect([values(one.said, "x").at(-1), one.reported.mode]).toEqual([0, "docked"]);
    expect((await one.command("undock")).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ mode: "idle", moving: false, charging: false });
    expect(values(one.said, "x").at(-1)).toBeGreaterThan(0.4);
  });

  it("[L4] drives as the frames say: the way is the integral of the speed, and east is east", async () => {
    const { drive, newest, said, reported, one } = await out();
    const from = newest("x");
    await drive(0.5, 0, 4);
    // Half a second goes by until it is at speed.
    expect(newest("x") - from).toBeCloseTo(4 * 0.5 - 0.125, 1);
    expect(newest("y")).toBeCloseTo(0, 1);
    expect([newest("linear"), newest("heading")]).toEqual([0.5, 90]);
    expect(reported()).toMatchObject({ mode: "manual", moving: true });
    expect(said.length).toBeLessThan(one.said.length);
    const answers = one.said.filter(({ type }) => type === "streamed");
    expect(answers.at(-1)).toMatchObject({ name: "drive" });
    const before = newest("heading");
    await drive(0, 1, 1);
    // To the left is from east towards north, which is less of a compass's degrees.
    expect(newest("heading")).toBeLessThan(before - 30);
  });

  it("[L6] stops by itself within its dead-man time and a little, and stays where it is", async () => {
    const { drive, newest, reported, one } = await out();
    await drive(0.5, 0, 2);
    const at = newest("x");
    await one.pass(0.4);
    expect(reported().moving).toBe(true);
    await one.pass(0.2);
    expect(reported()).toMatchObject({ moving: false, mode: "idle" });
    expect(newest("linear")).toBe(0);
    const stopped = newest("x");
    expect(stopped - at).toBeGreaterThan(0.15);
    expect(stopped - at).toBeLessThan(0.5 * 0.8);
    await one.pass(30);
    expect(newest("x")).toBe(stopped);
  });

  it("[D3] no frame makes it faster than its limits", async () => {
    const { drive, newest, one } = await out();
    await one.desire(1, { max_linear: 0.3, max_angular: 0.5 });
    await drive(1.5, -3, 3);
    expect([newest("linear"), newest("angular")]).toEqual([0.3, -0.5]);
  });

  it("stops before what stands in its way, says so once, and goes back", async () => {
    const { drive, newest, one } = await out();
    await drive(1, 0, 12);
    expect(newest("x")).toBeGreaterThan(8.3);
    expect(newest("x")).toBeLessThan(8.8);
    expect([newest("linear"), newest("obstacle") < 0.36]).toEqual([0, true]);
    const events = one.said.filter(({ type }) => type === "event");
    expect(events).toHaveLength(1);
    expect(check.event(events[0].name, events[0].data).ok).toBe(true);
    await drive(-0.5, 0, 2);
    expect(newest("x")).toBeLessThan(7.9);
  });

  it("[C9] goes to a place by itself, and tells how far it is", async () => {
    const { newest, one } = await out();
    const { result, before } = await one.command("goto", { x: 2, y: -3 });
    expect(result.ok).toBe(true);
    expect(Math.hypot(newest("x") - 2, newest("y") + 3)).toBeLessThan(0.15);
    const percents = before.filter(({ type }) => type === "progress").map(({ percent }) => percent);
    expect(percents.length).toBeGreaterThan(3);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(one.reported).toMatchObject({ mode: "idle", moving: false });
  });

  it("[C9] a place behind an obstacle is not reached, and it says why", async () => {
    const { one } = await out();
    const { result } = await one.command("goto", { x: 6, y: -2.5 });
    expect(result.error.code).toBe("obstructed");
    expect(one.reported).toMatchObject({ mode: "idle", moving: false });
  });

  const resultOf = (frames: Frame[], id: string) => frames.find((frame) => frame.type === "result" && frame.id === id);

  it.each([
    ["[C16] a cancel", (one: ReturnType<typeof live>) => Promise.resolve(one.socket.say({ type: "cancel", id: "g" }))],
    ["[C5] a stop", (one: ReturnType<typeof live>) => one.command("stop")],
  ])("%s ends the way to a place, and it stands", async (_, end) => {
    const { newest, one } = await out();
    one.hub.command("goto", { x: 8, y: 0 }, { id: "g" });
    await one.pass(3);
    expect(one.reported).toMatchObject({ mode: "auto", moving: true });
    await end(one);
    const at = newest("x");
    const frames = await one.pass(20);
    expect(resultOf([...one.said, ...frames], "g")).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect(one.reported).toMatchObject({ mode: "idle", moving: false });
    expect(newest("x") - at).toBeLessThan(0.3);
  });

  it("[L4] who takes the stick ends the way to a place; who lets it go for one does not end that", async () => {
    const { drive, one } = await out();
    one.hub.command("goto", { x: 8, y: 0 }, { id: "g" });
    await one.pass(2);
    await drive(0.2, 0, 0.5);
    expect(resultOf(one.said, "g")).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect(one.reported.mode).toBe("manual");
    expect((await one.command("goto", { x: 3, y: -1 })).result.ok).toBe(true);
  });

  it("stop is safe to repeat: driving, standing, and in the dock", async () => {
    const { drive, newest, one } = await out();
    await drive(0.5, 0, 1);
    for (let time = 0; time < 2; time++) {
      expect((await one.command("stop")).result.ok).toBe(true);
      expect(one.reported).toMatchObject({ mode: "idle", moving: false });
      expect(newest("linear")).toBe(0);
    }
    expect((await one.command("dock")).result.ok).toBe(true);
    expect((await one.command("stop")).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ mode: "docked", moving: false, charging: true });
    expect([newest("x"), newest("y"), newest("heading")]).toEqual([0, 0, 90]);
  });

  it("its battery gets low; then it leaves its dock no more until it has charged", async () => {
    const { one, newest } = await out({ speed: 300 });
    for (let minutes = 0; minutes < 24 * 60 && !one.reported.battery_low; minutes += 5) await one.pass(1);
    expect(newest("battery")).toBe(15);
    await one.pass(10);
    expect((await one.command("dock")).result.ok).toBe(true);
    expect((await one.command("undock")).result.error.code).toBe("low_battery");
    await one.pass(10);
    expect(one.reported.battery_low).toBe(false);
    expect((await one.command("undock")).result.ok).toBe(true);
  });
});
