import { describe, expect, it } from "vitest";
import evCharger from "../../devices/ev-charger.ts";
import { interlocked } from "../../src/kind/interlock.ts";
import type { Frame } from "../device/fake.ts";
import { live, values } from "../device/live.ts";

const { check, commands, interlocks } = evCharger;
const events = (frames: Frame[], name: string) =>
  frames.filter((frame) => frame.type === "event" && frame.name === name).map(({ data }) => data);

describe("what an EV charger takes and refuses", () => {
  it("[K2] a limit is whole amperes that a vehicle can be told", () => {
    for (const amps of [6, 16, 32]) expect(check.params("set_limit", { amps }).ok).toBe(true);
    for (const amps of [0, 5.9, 33, "16", null]) {
      expect(check.params("set_limit", { amps })).toMatchObject({ fault: { pointer: "#/params/amps" } });
      expect(check.params("start", { limit: amps })).toMatchObject({ fault: { pointer: "#/params/limit" } });
    }
    expect(check.params("start", {}).ok).toBe(true);
    expect(commands.set_limit.confirms).toEqual({ field: "max_current", param: "amps" });
  });

  it("[D2] what is live or unlocked can only be reported, never desired", () => {
    for (const patch of [{ contactor: "closed" }, { connector: "unlocked" }, { session: "charging" }]) {
      expect(check.reported({}, patch).ok).toBe(true);
      expect(check.desired({}, patch, []).ok).toBe(false);
    }
    expect(check.desired({}, { max_current: 10, enabled: false, plug_and_charge: false }, []).ok).toBe(true);
  });

  it("[C3] stop may be repeated, and is not there to end the next session", () => {
    expect(commands.stop).toMatchObject({ effect: "set", ttl: { max: 60 }, queue: false, danger: "none" });
  });

  it("[K7] the operator reads why the connector stays locked and why nothing starts", () => {
    const idle = { session: "plugged", status: "occupied", enabled: true, contactor: "open" };
    const sentence = (command: string, reported: object) =>
      interlocked(interlocks, command, { ...idle, ...reported })?.sentence ?? null;
    expect(sentence("unlock_connector", { contactor: "closed" })).toBe("The cable is live. Stop the session first.");
    expect(sentence("unlock_connector", {})).toBeNull();
    expect(sentence("start", {})).toBeNull();
    expect(sentence("start", { session: "none" })).toBe("No vehicle is plugged in.");
    expect(sentence("start", { status: "faulted" })).toContain("Reset it");
    expect(sentence("start", { enabled: false })).toBe("It is out of service.");
    expect(interlocked(interlocks, "unlock_connector", {})).not.toBeNull();
    expect(interlocked(interlocks, "stop", {})).toBeNull();
  });
});

describe("a simulated EV charger", () => {
  /** In the evening, when somebody comes home, until the session is what the test is about. */
  const until = async (one: ReturnType<typeof live>, isThere: () => boolean) => {
    for (let minutes = 0; minutes < 3 * 24 * 60 && !isThere(); minutes++) await one.pass(1);
    expect(isThere()).toBe(true);
  };
  const charging = async (options = {}) => {
    const one = live(evCharger, { hour: 17, speed: 60, ...options });
    await until(one, () => one.reported.session === "charging");
    return one;
  };

  it("a vehicle comes in the evening, charges, is full before the morning, and the numbers agree", async () => {
    const one = await charging();
    expect(one.reported).toMatchObject({ status: "occupied", contactor: "closed", connector: "locked" });
    const [{ soc: from }] = events(one.said, "session_started");
    await until(one, () => one.reported.session === "suspended_ev");
    const told = one.said.flatMap(({ samples, data }) => samples?.map(({ data }: Frame) => data) ?? [data])
      .filter((data) => data?.power > 0);
    for (const { power, current } of told) expect(power).toBeCloseTo(current * 690, 1);
    const most = Math.max(...told.map(({ current }) => current));
    expect(most).toBeGreaterThan(9);
    expect(most).toBeLessThanOrEqual(16);
    // The last tenth goes slowly: the vehicle asks for less, not the charger.
    expect(told[told.length - 1].current).toBeLessThan(most / 4);
    const socs = values(one.said, "soc");
    expect([socs[0], socs[socs.length - 1]]).toEqual([from, 100]);
    expect(socs).toEqual(socs.toSorted((a, b) => a - b));
  });

  it("its energy is the integral of the power that it tells, and begins anew with each session", async () => {
    const one = await charging({ speed: 1, seed: 12 });
    const sum = { energy: 0, power: 0, at: one.hub.clock.now() };
    const before = values(one.said, "energy_session").at(-1);
    sum.power = values(one.said, "power").at(-1);
    for (let step = 0; step < 1200; step++) {
      for (const { data } of await one.pass(1)) {
        if (data?.power === undefined) continue;
        sum.energy += sum.power * (one.hub.clock.now() - sum.at) / 3.6e9;
        sum.at = one.hub.clock.now();
        sum.power = data.power;
      }
    }
    const energy = values(one.said, "energy_session").at(-1);
    expect(energy).toBeGreaterThan(1);
    // One tick's worth, since the first one may lie before the sum began.
    expect(Math.abs(energy - before - sum.energy)).toBeLessThan(sum.power * 10 / 3.6e6);
    await one.command("stop");
    const [ended] = events(one.said, "session_ended");
    expect(ended).toMatchObject({ reason: "remote" });
    expect(ended.energy).toBeCloseTo(values(one.said, "energy_session").at(-1), 2);
    const { result, before: heard } = await one.command("start");
    expect(result.ok).toBe(true);
    expect(values(heard, "energy_session")).toContain(0);
  });

  it("[C5] stop opens the contactor at once, as often as it comes, and a start that is under way does not begin", async () => {
    const one = await charging({ speed: 1, seed: 12 });
    for (let time = 0; time < 2; time++) {
      const { result, before } = await one.command("stop");
      expect(result.ok).toBe(true);
      expect(before.findLast(({ type }) => type === "state")?.reported.contactor).toBe("open");
    }
    expect(events(one.said, "session_ended")).toHaveLength(1);
    expect(values(one.said, "power").at(-1)).toBe(0);
    one.hub.command("start", {}, { id: "s1" });
    await one.pass(0.2);
    await one.command("stop");
    const frames = await one.pass(10);
    expect(frames.find(({ id }) => id === "s1")).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect(one.reported).toMatchObject({ session: "ending", contactor: "open" });
  });

  it("[D3] a lower limit is obeyed at once; out of service pauses the session, and it goes on after", async () => {
    const one = await charging({ speed: 1, seed: 12 });
    await one.command("set_limit", { amps: 7 });
    expect(one.reported.max_current).toBe(7);
    expect(values(one.said, "current").at(-1)).toBeLessThanOrEqual(7);
    await one.desire(1, { enabled: false });
    expect(one.reported).toMatchObject({ status: "unavailable", session: "suspended_evse", contactor: "open" });
    expect(values(one.said, "power").at(-1)).toBe(0);
    await one.desire(2, { enabled: true });
    expect(one.reported).toMatchObject({ status: "occupied", session: "charging", contactor: "closed" });
    expect(events(one.said, "session_ended")).toEqual([]);
  });

  it("a session has a limit of its own, below that of the charger", async () => {
    const one = await charging({ speed: 1, seed: 12 });
    await one.command("stop");
    await one.command("start", { limit: 6 });
    expect(values(await one.pass(60), "current").every((amps) => amps > 5 && amps <= 6)).toBe(true);
  });

  it("keeps a live cable locked by itself, whatever the hub lets through", async () => {
    const one = await charging({ speed: 1, seed: 12 });
    expect((await one.command("unlock_connector")).result.error.code).toBe("ongoing_session");
    expect((await one.command("start")).result.error.code).toBe("busy");
    expect(one.reported.connector).toBe("locked");
    await one.desire(1, { enabled: false });
    expect((await one.command("unlock_connector")).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ connector: "unlocked", session: "ending" });
    await one.desire(2, { enabled: true });
    expect(one.reported).toMatchObject({ connector: "unlocked", contactor: "open" });
    await one.command("start");
    expect(one.reported).toMatchObject({ connector: "locked", contactor: "closed" });
  });

  it("starts nothing without a vehicle, or while it is out of service", async () => {
    const one = live(evCharger, { hour: 12 });
    expect((await one.command("start")).result.error.code).toBe("not_plugged");
    await one.desire(1, { enabled: false });
    expect(one.reported.status).toBe("unavailable");
    expect((await one.command("start")).result.error.code).toBe("unavailable");
  });

  it("waits for a start where it does not start by itself", async () => {
    const one = live(evCharger, { hour: 17, speed: 60 });
    await one.desire(1, { plug_and_charge: false });
    await until(one, () => one.reported.session === "plugged");
    await one.pass(5);
    expect(one.reported).toMatchObject({ status: "occupied", session: "plugged", contactor: "open" });
  });

  it("has a ground fault now and then: it cuts the current, and no reset helps until the cause is gone", async () => {
    const one = live(evCharger, { hour: 17, speed: 600, seed: 3 });
    for (let tries = 0; tries < 20_000 && one.reported.status !== "faulted"; tries++) await one.pass(0.1);
    expect(one.reported).toMatchObject({ status: "faulted", session: "ending", contactor: "open" });
    expect(events(one.said, "fault")).toEqual([{ code: "ground_fault" }]);
    expect(events(one.said, "session_ended").at(-1)).toMatchObject({ reason: "fault" });
    for (const name of ["reset", "start"]) {
      expect((await one.command(name)).result.error.code).toBe("ground_fault");
    }
    await one.pass(1);
    expect((await one.command("reset")).result.ok).toBe(true);
    expect(one.reported.status).not.toBe("faulted");
  });
});
