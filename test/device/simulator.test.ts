import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import envSensor from "../../devices/env-sensor.ts";
import lock from "../../devices/lock.ts";
import { KINDS } from "../../devices/mod.ts";
import relay from "../../devices/relay.ts";
import thermostat from "../../devices/thermostat.ts";
import { demoFleet } from "../../src/device/fleet.ts";
import { parseWeather, replay } from "../../src/device/weather.ts";
import { defineKind } from "../../src/kind/kind.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { percent } from "../../src/kind/quantities.ts";
import { annotationsOf } from "../../src/kind/field.ts";
import { FAULTS } from "../../src/protocol/fault.ts";
import * as names from "../../src/protocol/words.ts";
import { FakeHub, type Frame, settle } from "./fake.ts";
import { live, values } from "./live.ts";

const last = <T>(all: T[]): T => all[all.length - 1];
/** What any device may answer [X]. */
const DEVICE_CODES = Object.entries(FAULTS).filter(([, { whose }]) => whose === "device").map(([code]) => code);

describe("every kind", () => {
  const hour = async (kind: AnyKind, seed: number) => {
    const one = live(kind, { seed });
    await one.pass(3600);
    return one;
  };

  it("[K1] behaves: an hour of it fits its own checks and is the same for the same seed", async () => {
    let seen = 0;
    for (const kind of KINDS) {
      const one = await hour(kind, 7);
      seen += 1;
      for (const frame of one.said) {
        for (const { data } of frame.samples ?? (frame.type === "telemetry" ? [frame] : [])) {
          expect(kind.check.telemetry(data, [])).toMatchObject({ ok: true });
        }
        if (frame.type === "state") expect(kind.check.reported({}, frame.reported)).toMatchObject({ ok: true });
      }
      // A parked tracker has little to say.
      expect(one.said.filter(({ type }) => type === "telemetry").length, kind.name).toBeGreaterThan(100);
      expect(one.hub.troubles).toEqual([]);
      const texts = (frames: Frame[]) =>
        frames.filter(({ type }) => type !== "hello").map((frame) => JSON.stringify(frame));
      expect(texts((await hour(kind, 7)).said), kind.name).toEqual(texts(one.said));
      expect(texts((await hour(kind, 8)).said), kind.name).not.toEqual(texts(one.said));
    }
    expect(seen).toBe(KINDS.length);
  });

  it("[K1, K11] answers each example of a command, by its result or by a code that it declares", async () => {
    const answered: string[] = [];
    for (const kind of KINDS) {
      const one = live(kind);
      // A reboot goes last: it ends the connection that this test listens to.
      const names = Object.keys(kind.commands).sort((a, b) => Number(a === "reboot") - Number(b === "reboot"));
      for (const name of names) {
        const { result } = await one.command(name, kind.examples.commands[name]?.[0].params);
        answered.push(`${kind.name} ${name}`);
        if (result.ok) expect(kind.check.fitsResult(name, result.value), `${kind.name} ${name}`).toBe(true);
        else expect([...DEVICE_CODES, ...kind.commands[name].errors]).toContain(result.error.code);
        await one.pass(10);
      }
    }
    expect(answered).toHaveLength(KINDS.reduce((sum, { commands }) => sum + Object.keys(commands).length, 0));
    expect(answered.length).toBeGreaterThan(45);
  });

  it("[D3, K11] takes each field that can be desired, and reports it", async () => {
    const taken: string[] = [];
    for (const kind of KINDS) {
      const one = live(kind);
      const [example = {}] = kind.examples.state as Record<string, unknown>[];
      const wanted = Object.fromEntries(
        Object.entries(example).filter(([field]) => annotationsOf(kind.state[field]).desirable),
      );
      if (Object.keys(wanted).length === 0) continue;
      const frames = await one.desire(1, wanted);
      expect(frames[frames.length - 1], kind.name).toMatchObject({ applied: { version: 1, ok: true } });
      expect(one.reported).toMatchObject(wanted);
      taken.push(...Object.keys(wanted).map((field) => `${kind.name} ${field}`));
    }
    expect(taken).toEqual(expect.arrayContaining([
      "energy-meter report_interval",
      "env-sensor report_interval",
      "light on",
      "light brightness",
      "lock auto_relock",
      "relay on",
      "thermostat target",
      "thermostat mode",
      "valve max_open",
    ]));
  });

  it("[K1] a kind that does not say how it behaves lives from its ranges", async () => {
    const mute = defineKind({
      name: "mute",
      version: 1,
      title: "Mute",
      telemetry: { level: percent() },
      state: {},
      commands: {},
    });
    expect(values(await live(mute).pass(60), "level").length).toBeGreaterThan(10);
  });

  it("closing leaves nothing behind", async () => {
    const one = live(relay);
    await one.command("pulse", { seconds: 3000 });
    one.simulation.close();
    expect(one.hub.clock.waiting).toBe(0);
  });

  it("[K3] reboot: the result first, then away for a moment, then a new boot that tells everything anew", async () => {
    const one = live(relay);
    await one.command("set", { on: true });
    await one.pass(600);
    const [{ boot }] = one.said.filter(({ type }) => type === "hello");
    expect((await one.command("reboot")).result.ok).toBe(true);
    await settle();
    expect(one.socket.closedWith).toBe(1000);
    expect(one.hub.sockets).toHaveLength(1);
    await one.hub.clock.advance(2);
    const again = one.hub.welcome().take();
    expect(again[0]).toMatchObject({ type: "hello", commands: [] });
    expect(again[0].boot).not.toBe(boot);
    expect(again.find(({ type }) => type === "state")).toMatchObject({ seq: 1, reported: { on: true } });
    expect(values(again, "uptime")).toEqual([0]);
  });

  it("[K3] reboots once, after the delay, however often it is asked meanwhile; closed meanwhile, it stays away", async () => {
    const one = live(relay);
    for (let time = 0; time < 3; time++) await one.command("reboot", { delay: 30 });
    await one.pass(25);
    expect(one.socket.closedWith).toBeNull();
    await one.pass(15);
    expect(one.hub.sockets).toHaveLength(2);
    const other = live(relay);
    await other.command("reboot", { delay: 30 });
    other.simulation.close();
    await other.pass(60);
    expect([other.hub.sockets.length, other.hub.clock.waiting]).toEqual([1, 0]);
  });

  it("speed makes more of the same time", async () => {
    const [slow, fast] = [live(envSensor), live(envSensor, { speed: 10 })];
    const count = async (one: typeof slow) => values(await one.pass(600), "temperature").length;
    expect([await count(slow), await count(fast)]).toEqual([61, 601]);
  });
});

describe("a relay", () => {
  it("[C10] set, toggle and pulse change `on`, and report it before the result", async () => {
    const one = live(relay);
    const states = async (name: string, params = {}) => {
      const { result, before } = await one.command(name, params);
      expect(result.ok).toBe(true);
      return before.filter(({ type }) => type === "state").map(({ reported }) => reported.on);
    };
    expect(await states("set", { on: true })).toEqual([true]);
    expect(await states("set", { on: false })).toEqual([false]);
    expect(await states("toggle")).toEqual([true]);
    expect(await states("toggle")).toEqual([false]);
    expect(await states("pulse", { seconds: 4 })).toEqual([true]);
    await one.pass(3);
    expect(one.reported.on).toBe(true);
    await one.pass(2);
    expect(one.reported.on).toBe(false);
    await states("pulse", { seconds: 4 });
    await states("set", { on: true });
    await one.pass(10);
    // The newer word counts: the end of the pulse does not switch off what somebody switched on.
    expect(one.reported.on).toBe(true);
  });

  it("counts energy as the integral of the power that it tells, whenever it is switched", async () => {
    const one = live(relay);
    const told: { at: number; power: number; energy: number }[] = [];
    const pass = async (seconds: number) => {
      // In steps that every tick and command falls on.
      for (let left = Math.round(seconds * 10); left > 0; left--) {
        for (const { data } of await one.pass(0.1)) {
          if (data?.power !== undefined) told.push({ ...data, at: one.hub.clock.now() });
        }
      }
    };
    await pass(10);
    for (const seconds of [3, 7.7, 1.2, 11, 0.4, 30]) {
      one.hub.command("toggle", {}, { id: `t${seconds}` });
      await pass(seconds);
    }
    let energy = told[0].energy;
    for (let at = 1; at < told.length; at++) energy += told[at - 1].power * (told[at].at - told[at - 1].at) / 3.6e9;
    expect(energy).toBeGreaterThan(1e-4);
    // It is told in whole millionths, and a command is heard within a step.
    expect(Math.abs(told[told.length - 1].energy - energy)).toBeLessThan(3e-6);
  });

  it("begins its energy at nothing, so that a new life is no jump of the total", () => {
    for (const seed of [1, 2, 3]) expect(values(live(relay, { seed }).socket.take(), "energy")).toEqual([0]);
  });

  it("draws power only when it is on, and counts it as energy", async () => {
    const one = live(relay);
    await one.command("set", { on: false });
    const off = await one.pass(60);
    expect(new Set(values(off, "power"))).toEqual(new Set([0]));
    expect(new Set(values(off, "energy")).size).toBe(1);
    await one.command("set", { on: true });
    const on = await one.pass(3600);
    const mean = values(on, "power").reduce((sum, watts) => sum + watts, 0) / values(on, "power").length;
    const energy = values(on, "energy");
    expect(mean).toBeGreaterThan(10);
    expect(energy[energy.length - 1] - energy[0]).toBeCloseTo(mean / 1000, 2);
    expect(energy).toEqual([...energy].sort((a, b) => a - b));
  });
});

describe("a thermostat", () => {
  it("heats to the target and holds it, by command and by desire", async () => {
    const one = live(thermostat);
    await one.command("set_mode", { mode: "heat" });
    const { before } = await one.command("set_target", { target: 24 });
    expect(before.find(({ type }) => type === "state")?.reported).toEqual({ target: 24 });
    expect(values(before, "action")).toEqual(["heating"]);
    await one.pass(3600);
    const held = await one.pass(3600);
    expect(values(held, "action")).toContain("idle");
    expect(Math.min(...values(held, "temperature"))).toBeGreaterThan(23.3);
    expect(Math.max(...values(held, "temperature"))).toBeLessThan(24.7);
    expect(new Set(values(held, "action"))).toEqual(new Set(["heating", "idle"]));
    // With hysteresis it switches now and then, not at every tick.
    const actions = values(held, "action");
    const switches = actions.filter((action, at) => at > 0 && action !== actions[at - 1]).length;
    expect(switches).toBeLessThan(40);

    await one.desire(5, { target: 18, mode: "cool" });
    expect(values(await one.pass(60), "action")).toContain("cooling");
    const cooled = (await one.pass(3600)).slice(-200);
    expect(Math.max(...values(cooled, "temperature"))).toBeLessThan(18.7);
    await one.desire(6, { mode: "off" });
    expect(new Set(values(await one.pass(60), "action"))).toEqual(new Set(["off"]));
    expect(one.reported).toEqual({ target: 18, mode: "off" });
  });
});

describe("a thermostat that may do both", () => {
  it("does not cool away what it has heated", async () => {
    const one = live(thermostat);
    await one.command("set_mode", { mode: "auto" });
    await one.command("set_target", { target: 24 });
    // At noon it is colder outside than that: there is nothing to cool.
    const actions = values(await one.pass(7200), "action");
    expect(new Set(actions)).toEqual(new Set(["heating", "idle"]));
  });
});

describe("a lock", () => {
  it("takes about a second, and reports before the result", async () => {
    const one = live(lock);
    const from = one.hub.clock.now();
    const { result, before } = await one.command("unlock");
    expect(result.ok).toBe(true);
    expect(one.hub.clock.now() - from).toBeGreaterThan(600);
    expect(one.hub.clock.now() - from).toBeLessThan(1500);
    expect(before.map(({ type, reported }) => reported?.state ?? type)).toEqual(["received", "unlocked"]);
    expect((await one.command("lock")).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ state: "locked" });
  });

  it("jams now and then, says so, and comes free again", async () => {
    const outcomes: string[] = [];
    for (let seed = 0; seed < 120; seed++) {
      const one = live(lock, { seed });
      const { result } = await one.command("unlock");
      outcomes.push(result.ok ? "unlocked" : result.error.code);
      expect(one.reported.state).toBe(outcomes[seed]);
      // It may jam again, though not for long.
      const tries = [result];
      while (!last(tries).ok && tries.length < 5) tries.push((await one.command("unlock")).result);
      expect(last(tries).ok).toBe(true);
    }
    const jams = outcomes.filter((outcome) => outcome === "jammed").length;
    expect(jams).toBeGreaterThan(0);
    expect(jams).toBeLessThan(15);
  });

  it("asks for its pin where it has one", async () => {
    const one = live(lock, { settings: { pin: "4711" } });
    const codes = [];
    for (const params of [{ pin: "0000" }, {}]) {
      const { result } = await one.command("unlock", params);
      codes.push(result.error.code);
    }
    expect(codes).toEqual(["invalid_pin", "invalid_pin"]);
    expect(one.reported.state).toBe("locked");
    expect((await one.command("unlock", { pin: "4711" })).result.ok).toBe(true);
  });

  it("[C16] stays as it was when the command is cancelled in time", async () => {
    const one = live(lock);
    one.hub.command("unlock", {}, { id: "x" });
    await one.hub.clock.advance(0.2);
    one.socket.say({ type: "cancel", id: "x" });
    await settle();
    expect(one.socket.take("result")).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: "cancelled" }) }),
    ]);
    expect(one.reported.state).toBe("locked");
    expect((await one.command("unlock")).result.ok).toBe(true);
  });

  it("its door opens and closes while unlocked, and cannot be locked while open", async () => {
    const one = live(lock);
    expect(new Set(values(await one.pass(1800), "door"))).toEqual(new Set(["closed"]));
    while (one.reported.state !== "unlocked") await one.command("unlock");
    const doors = values(await one.pass(3600), "door");
    expect(new Set(doors)).toEqual(new Set(["open", "closed"]));
    while (values(await one.pass(10), "door")[0] !== "open");
    const { result } = await one.command("lock");
    expect(result.error.code).toBe("obstructed");
  });
});

describe("an environment sensor", () => {
  it("has a day: bright and warm at noon, dark and cool at night", async () => {
    const noon = live(envSensor, { hour: 13 });
    const night = live(envSensor, { hour: 2 });
    const [day, dark] = [await noon.pass(60), await night.pass(60)];
    expect(Math.min(...values(day, "illuminance"))).toBeGreaterThan(10_000);
    expect(new Set(values(dark, "illuminance"))).toEqual(new Set([0]));
    expect(values(day, "temperature")[0]).toBeGreaterThan(values(dark, "temperature")[0] + 4);
  });

  it("[C10] read_now reports at once; [D3] report_interval is honoured at once", async () => {
    const one = live(envSensor);
    expect(values((await one.command("read_now")).before, "temperature")).toHaveLength(1);
    await one.desire(1, { report_interval: 600 });
    expect(values(await one.pass(1200), "temperature").length).toBeLessThanOrEqual(2);
    await one.desire(2, { report_interval: 2 });
    expect(values(await one.pass(20), "temperature").length).toBeGreaterThanOrEqual(10);
    expect(one.reported).toEqual({ report_interval: 2 });
  });
});

const CSV = readFileSync(new URL("../../node_modules/vega-datasets/data/seattle-weather.csv", import.meta.url), "utf8");

describe("recorded weather", () => {
  it("reads every day of the real file", () => {
    const days = parseWeather(CSV);
    expect(days).toHaveLength(1461);
    expect(days[0]).toEqual({
      date: "2012-01-01",
      precipitation: 0,
      temp_max: 12.8,
      temp_min: 5,
      wind: 4.7,
      weather: "drizzle",
    });
    expect(days[1460].date).toBe("2015-12-31");
    expect(days.every(({ temp_min, temp_max }) => temp_min <= temp_max)).toBe(true);
  });

  it("refuses another header and rows that are no days", () => {
    expect(() => parseWeather("")).toThrow("expected the columns date,");
    expect(() => parseWeather("a,b\n1,2")).toThrow("expected the columns date,");
    const header = CSV.split("\n")[0];
    expect(() => parseWeather(header)).toThrow("not one day");
    for (const row of ["2012-01-01,0,,5,4,sun", "2012-01-01,0,x,5,4,sun", "soon,0,6,5,4,sun", "2012-01-01,0,6,5,4"]) {
      expect(() => parseWeather(`${header}\n2012-01-01,0,6,5,4,sun\n${row}`)).toThrow("line 3");
    }
  });

  it("plays what was observed and nothing else, without a time of its own, and begins again at the end", async () => {
    const days = parseWeather(CSV).slice(0, 3);
    const one = live(envSensor, { behaviour: replay(days, 5) });
    const frames = await one.pass(20);
    expect(values(one.said, "temperature")).toEqual([5, 12.8, 2.8, 10.6, 7.2, 11.7, 5, 12.8, 2.8]);
    expect(frames.every(({ at }) => at === undefined)).toBe(true);
    expect(values((await one.command("read_now")).before, "temperature")).toHaveLength(1);
  });
});

describe("the demonstration", () => {
  async function demo() {
    const hub = new FakeHub();
    const enrolled: { id: string; kind: string; name: string; tags: string[] }[] = [];
    const lines: string[] = [];
    const close = await demoFleet({
      ...hub.options,
      enroll: (id, kind, name, tags) => {
        enrolled.push({ id, kind, name, tags });
        return Promise.resolve(`${id}.secret`);
      },
      print: (line) => void lines.push(line),
      weather: CSV,
    });
    /** Lets in whoever came, and settles what they said. */
    const pass = async (seconds: number) => {
      for (let left = seconds; left > 0; left--) {
        await hub.clock.advance(1);
        for (const socket of hub.sockets) {
          if (socket.pings === 0) {
            socket.open();
            const limits = { maxFrame: 65_536, rate: 100, burst: 500 };
            socket.say({ type: "welcome", protocol: 1, device: "x", time: 0, heartbeat: 30, limits });
          }
          for (const { seq } of socket.inbox) if (seq) socket.say({ type: "stored", seq });
        }
        await settle();
      }
    };
    const socketOf = (id: string) =>
      hub.sockets.find(({ protocols }) => protocols.includes(`signalbox.token.${id}.secret`))!;
    return { hub, enrolled, lines, close, pass, socketOf };
  }

  it("enrolls a small building whose names are for people, says what it plays, and lives", async () => {
    const { hub, enrolled, lines, close, pass, socketOf } = await demo();
    const count = (name: string) => enrolled.filter(({ kind }) => kind === name).length;
    expect([count("env-sensor"), count("relay"), count("thermostat"), count("lock")]).toEqual([3, 6, 2, 1]);
    expect(["light", "cover", "energy-meter", "valve"].map(count)).toEqual([1, 1, 1, 1]);
    for (const { name, tags } of enrolled) {
      expect(names.title.safeParse(name)).toMatchObject({ success: true });
      expect(names.tags.safeParse(tags)).toMatchObject({ success: true });
      expect(tags.includes("simulated") !== tags.includes("recorded"), name).toBe(true);
    }
    // The operator sees it where the values are, and whoever started it on the screen.
    const [roof] = enrolled;
    expect(roof).toMatchObject({ id: "roof", tags: ["roof", "recorded"] });
    for (const text of [roof.name, lines[0]]) {
      expect(text).toContain("Recorded weather (Seattle 2012–2015, a day in 6 s)");
    }

    await pass(30);
    expect(hub.sockets).toHaveLength(enrolled.length - 1);
    const alive = enrolled.filter(({ id }) => !["cellar", "spare"].includes(id));
    for (const { id } of alive) {
      const texts = socketOf(id).take("telemetry");
      expect(texts.length, id).toBeGreaterThan(2);
      expect(socketOf(id).closedWith, id).toBeNull();
    }
    close();
    expect(hub.clock.waiting).toBe(0);
    expect(hub.sockets.every(({ closedWith }) => closedWith === 1000)).toBe(true);
  });

  it("[P1] one device is never seen, and one is not heard of again, so that the words for it can be seen", async () => {
    const { enrolled, pass, socketOf, close } = await demo();
    await pass(30);
    expect(enrolled.some(({ id }) => id === "spare")).toBe(true);
    expect(socketOf("spare")).toBeUndefined();
    const cellar = socketOf("cellar");
    expect(cellar.closedWith).toBe(1000);
    expect(values(cellar.take("telemetry"), "battery")).toEqual([2]);
    close();
  });

  it("they do not all speak in the same instant", async () => {
    const { hub, close } = await demo();
    await hub.clock.advance(0);
    expect(hub.sockets).toHaveLength(1);
    await hub.clock.advance(0.4);
    expect(hub.sockets).toHaveLength(2);
    close();
    await hub.clock.advance(60);
    expect(hub.sockets).toHaveLength(2);
  });
});
