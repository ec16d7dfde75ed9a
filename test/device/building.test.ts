/** How simulated devices of a building behave, by what they tell over time. */
import { describe, expect, it } from "vitest";
import cover from "../../devices/cover.ts";
import energyMeter from "../../devices/energy-meter.ts";
import light from "../../devices/light.ts";
import lock from "../../devices/lock.ts";
import relay from "../../devices/relay.ts";
import thermostat from "../../devices/thermostat.ts";
import valve from "../../devices/valve.ts";
import { Bench } from "./bench.ts";
import type { Frame } from "./fake.ts";
import { live, values } from "./live.ts";

const last = <T>(all: T[]): T => all[all.length - 1];
const events = (frames: Frame[]) =>
  frames.filter(({ type }) => type === "event").map(({ name, data }) => ({ name, data }));
/** Values of a state field, as they were reported. */
const reports = (frames: Frame[], field: string) =>
  frames.flatMap(({ reported }) => reported && field in reported ? [reported[field]] : []);

/** The data of each sample, also where several came in one frame. */
const samplesOf = (frames: Frame[]) =>
  frames.filter(({ type }) => type === "telemetry").flatMap(({ data, samples }) =>
    samples ? samples.map((sample: Frame) => sample.data) : [data]
  );

/** Each telling of a field and what came with it, with its time: in steps that every tick and command falls on. */
async function told(one: ReturnType<typeof live>, field: string, seconds: number) {
  const all: { at: number; data: Record<string, number> }[] = [];
  for (let left = Math.round(seconds * 10); left > 0; left--) {
    const frames = await one.pass(0.1);
    const at = one.hub.clock.now() / 1000;
    all.push(...samplesOf(frames).filter((data) => field in data).map((data) => ({ at, data })));
  }
  return all;
}

/** What a reader makes of it who adds up each stretch with the rate at its beginning. */
const sum = (samples: Awaited<ReturnType<typeof told>>, rate: (data: Record<string, number>) => number) =>
  samples.slice(1).reduce((total, { at }, index) => total + rate(samples[index].data) * (at - samples[index].at), 0);

describe("a relay of several channels", () => {
  const strip = () => live(relay, { settings: { channels: "3" } });

  it("[K6] reports and measures as many as it has, and one without a word about it", async () => {
    expect(Object.keys(strip().reported)).toEqual(["on", "on_2", "on_3"]);
    expect(Object.keys(live(relay).reported)).toEqual(["on"]);
    const [, , data] = samplesOf(await strip().pass(10));
    expect(Object.keys(data)).toEqual(expect.arrayContaining(["power", "energy", "power_2", "energy_3"]));
    expect(Object.keys(data)).not.toContain("power_4");
  });

  it("[K6] channels are independent: one is switched, and the others stay as they are", async () => {
    const one = strip();
    for (const channel of [1, 2, 3]) await one.command("set", { on: false, channel });
    const { before } = await one.command("set", { on: true, channel: 2 });
    expect(reports(before, "on_2")).toEqual([true]);
    expect(one.reported).toEqual({ on: false, on_2: true, on_3: false });
    const frames = await one.pass(600);
    expect(Math.min(...values(frames, "power_2"))).toBeGreaterThan(10);
    expect(new Set([...values(frames, "power"), ...values(frames, "power_3")])).toEqual(new Set([0]));
    expect(last(values(frames, "energy_2"))).toBeGreaterThan(values(frames, "energy_2")[0]);
    expect(new Set(values(frames, "energy_3")).size).toBe(1);
  });

  it("[K6] a pulse ends on its own channel, also while another one's goes on", async () => {
    const one = strip();
    for (const channel of [1, 2, 3]) await one.command("set", { on: false, channel });
    await one.command("pulse", { seconds: 20, channel: 3 });
    await one.command("pulse", { seconds: 5 });
    await one.pass(8);
    expect(one.reported).toEqual({ on: false, on_2: false, on_3: true });
    await one.command("toggle", { channel: 2 });
    await one.pass(15);
    expect(one.reported).toEqual({ on: false, on_2: true, on_3: false });
  });

  it("[K6, D3] a channel that it does not have is out of range, and refused where it is desired", async () => {
    const one = strip();
    expect((await one.command("set", { on: true, channel: 4 })).result.error.code).toBe("out_of_range");
    const frames = await one.desire(1, { on_2: true, on_8: true });
    expect(last(frames).applied).toMatchObject({ ok: false, errors: [{ field: "on_8", code: "unsupported" }] });
    expect(one.reported.on_2).toBe(true);
  });
});

describe("a thermostat", () => {
  it("has inertia: the room follows the heating over minutes, the slower the less is missing", async () => {
    const one = live(thermostat, { hour: 3 });
    await one.command("set_mode", { mode: "heat" });
    await one.command("set_target", { target: 25 });
    const course = values(await one.pass(1800), "temperature");
    const steps = course.slice(1).map((value, at) => Math.abs(value - course[at]));
    expect(Math.max(...steps)).toBeLessThan(0.3);
    const rise = (from: number, to: number) => course[to] - course[from];
    expect(rise(0, 60)).toBeGreaterThan(1);
    expect(rise(0, 30)).toBeGreaterThan(rise(30, 60) - 0.2);
    await one.command("set_mode", { mode: "off" });
    const cooling = values(await one.pass(1800), "temperature");
    expect(cooling[0] - cooling[10]).toBeLessThan(1);
    expect(cooling[0] - last(cooling)).toBeGreaterThan(3);
  });
});

describe("a light", () => {
  const lit = async () => {
    const one = live(light);
    await one.command("set", { on: true });
    await one.command("set_brightness", { brightness: 20 });
    return one;
  };

  it("[C10] what is set counts at once, and the light gets there over its transition", async () => {
    const one = await lit();
    const { result, before } = await one.command("set_brightness", { brightness: 100, transition: 10 });
    expect(result.ok).toBe(true);
    expect(reports(before, "brightness")).toEqual([100]);
    const outputs = values(await one.pass(20), "output");
    expect(outputs.length).toBeGreaterThan(15);
    expect(outputs).toEqual([...outputs].sort((a, b) => a - b));
    expect(outputs[1]).toBeLessThan(35);
    expect(outputs.find((output) => output > 50 && output < 70)).toBeDefined();
    expect(last(outputs)).toBe(100);
  });

  it("turns round from where it is when it is told something else on the way", async () => {
    const one = await lit();
    await one.command("set_brightness", { brightness: 100, transition: 10 });
    await one.pass(5);
    await one.command("set", { on: false, transition: 10 });
    const outputs = values(await one.pass(15), "output");
    expect(outputs[0]).toBeGreaterThan(40);
    expect(Math.max(...outputs)).toBeLessThan(70);
    expect(last(outputs)).toBe(0);
    expect(one.reported).toMatchObject({ on: false, brightness: 100 });
  });

  it("draws power as it shines, and a little when it is off", async () => {
    const one = await lit();
    const dim = last(values(await one.pass(30), "power"));
    await one.command("set_brightness", { brightness: 100 });
    const bright = last(values(await one.pass(30), "power"));
    await one.command("set", { on: false });
    const off = last(values(await one.pass(30), "power"));
    expect([off > 0, off < 1, dim > off, bright > 3 * dim]).toEqual([true, true, true, true]);
  });

  it("shows white or color, whichever was asked for last, also where both are desired", async () => {
    const one = await lit();
    await one.command("set_color", { color: { h: 210, s: 80 } });
    expect(one.reported).toMatchObject({ color: { h: 210, s: 80 }, color_mode: "color" });
    await one.command("set_color_temp", { color_temp: 4000 });
    expect(one.reported).toMatchObject({ color_temp: 4000, color_mode: "color_temp" });
    // The color that it has already is no news.
    await one.desire(1, { color: { h: 210, s: 80 }, brightness: 50 });
    expect(one.reported).toMatchObject({ color_mode: "color_temp", brightness: 50 });
    await one.desire(2, { color: { h: 0, s: 80 } });
    expect(one.reported).toMatchObject({ color_mode: "color" });
  });

  it("an effect is seen in what it gives, and ends", async () => {
    const one = await lit();
    await one.command("set_brightness", { brightness: 100 });
    await one.command("effect", { name: "breathe" });
    const breathing = values(await one.pass(20), "output");
    expect([Math.max(...breathing) > 90, Math.min(...breathing) < 40]).toEqual([true, true]);
    await one.command("effect", { name: "none" });
    expect(new Set(values(await one.pass(60), "output"))).toEqual(new Set([100]));
  });
});

describe("a cover", () => {
  it("[C9] takes its time, tells how far it is, and is done when it is there", async () => {
    const one = live(cover);
    const from = one.hub.clock.now();
    const { result, before } = await one.command("open");
    expect(result.ok).toBe(true);
    expect(one.hub.clock.now() - from).toBeGreaterThan(24_000);
    expect(one.hub.clock.now() - from).toBeLessThan(27_000);
    expect(reports(before, "moving")).toEqual(["opening", "stopped"]);
    const positions = reports(before, "position");
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect([positions.length > 20, last(positions)]).toEqual([true, 100]);
    const percents = before.filter(({ type }) => type === "progress").map(({ percent }) => percent);
    expect([percents[0], last(percents)]).toEqual([4, 100]);
    expect((await one.command("go_to", { position: 42 })).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ position: 42, moving: "stopped" });
  });

  it("draws power while it moves", async () => {
    const one = live(cover);
    const { before } = await one.command("open");
    expect(values(before, "power")[0]).toBeGreaterThan(100);
    expect(Math.max(...values(await one.pass(60), "power"))).toBeLessThan(1);
  });

  it("an obstruction stops it where it stands: the command fails, an event tells, and opening goes free", async () => {
    const one = live(cover, { settings: { obstacle: "38" } });
    await one.command("open");
    const { result, before } = await one.command("close");
    expect(result.error).toEqual({ code: "obstructed", message: "Something is in the way at 38 %." });
    expect(events(before)).toEqual([{ name: "obstructed", data: { position: 38 } }]);
    expect(one.reported).toMatchObject({ position: 38, moving: "stopped", obstruction: true });
    await one.pass(30);
    expect(one.reported.position).toBe(38);
    expect((await one.command("close")).result.error.code).toBe("obstructed");
    expect((await one.command("go_to", { position: 60 })).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ position: 60, obstruction: false });
  });

  it("is obstructed now and then without anybody's choice", async () => {
    let obstructed = 0;
    for (let seed = 0; seed < 150; seed++) {
      const one = live(cover, { seed });
      await one.command("go_to", { position: 20 });
      const { result } = await one.command("close");
      if (result.ok) continue;
      obstructed += 1;
      expect(result.error.code).toBe("obstructed");
      expect(one.reported.position).toBeLessThan(20);
    }
    expect(obstructed).toBeGreaterThan(0);
    expect(obstructed).toBeLessThan(10);
  });

  it.each(["stop", "cancel"])("[C5, C16] a %s ends the movement where it is", async (how) => {
    const one = live(cover);
    one.hub.command("open", {}, { id: "x" });
    await one.pass(10);
    if (how === "stop") expect((await one.command("stop")).result.ok).toBe(true);
    else one.socket.say({ type: "cancel", id: "x" });
    const frames = [...one.said, ...await one.pass(5)];
    const { error } = frames.find(({ type, id }) => type === "result" && id === "x")!;
    expect(error.code).toBe("cancelled");
    const { position } = one.reported as { position: number };
    expect([position > 20, position < 60, one.reported.moving]).toEqual([true, true, "stopped"]);
    await one.pass(30);
    expect(one.reported.position).toBe(position);
    expect((await one.command("close")).result.ok).toBe(true);
  });

  it("its slats turn anywhere but at the top", async () => {
    const one = live(cover);
    expect((await one.command("tilt_to", { tilt: 90 })).result.ok).toBe(true);
    expect(one.reported).toMatchObject({ tilt: 90, position: 0 });
    await one.command("open");
    expect((await one.command("tilt_to", { tilt: 10 })).result.error.code).toBe("refused");
    expect(one.reported.tilt).toBe(90);
  });

  it("calibrates over its whole way", async () => {
    const one = live(cover);
    await one.command("go_to", { position: 40 });
    const { result, before } = await one.command("calibrate");
    expect(result.ok).toBe(true);
    const percents = before.filter(({ type }) => type === "progress").map(({ percent }) => percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect([Math.min(...reports(before, "position")), last(reports(before, "position"))]).toEqual([0, 100]);
  });
});

describe("a valve", () => {
  it("opens and closes in its own time, and tells so on the way", async () => {
    const one = live(valve);
    const { result, before } = await one.command("open");
    expect(result.ok).toBe(true);
    expect(reports(before, "state")).toEqual(["opening", "open"]);
    expect(reports(before, "level")).toEqual([25, 50, 75, 100]);
    const closing = (await one.command("close")).before;
    expect(reports(closing, "state")).toEqual(["closing", "closed"]);
    expect(new Set(values(await one.pass(60), "flow"))).toEqual(new Set([0]));
  });

  it("its volume is the integral of the flow that it tells, and no more flows at half the level", async () => {
    const one = live(valve);
    await one.pass(1);
    const samples = await told(one, "flow", 10);
    for (const [name, params, seconds] of [["open", { level: 50 }, 60], ["open", {}, 60], ["close", {}, 20]] as const) {
      one.hub.command(name, params, { id: `${name}${samples.length}` });
      samples.push(...await told(one, "flow", seconds));
    }
    const litres = sum(samples, ({ flow }) => flow / 60);
    expect(litres).toBeGreaterThan(10);
    expect(last(samples).data.volume - samples[0].data.volume).toBeCloseTo(litres, 1);
    const flows = samples.map(({ data }) => data.flow);
    expect(Math.max(...flows.slice(0, 30))).toBeLessThan(Math.max(...flows) * 0.6);
  });

  it("closes by itself after the time that was asked for", async () => {
    const one = live(valve);
    await one.command("open", { seconds: 30 });
    expect(events(await one.pass(28))).toEqual([]);
    expect(one.reported.state).toBe("open");
    const frames = await one.pass(8);
    expect(one.reported).toMatchObject({ state: "closed", level: 0 });
    expect(events(frames)).toEqual([{ name: "closed_itself", data: { reason: "time", volume: expect.any(Number) } }]);
    expect(last(events(frames)).data.volume).toBeGreaterThan(5);
  });

  it("closes by itself when it was forgotten, and at once when that limit is made shorter", async () => {
    const one = live(valve);
    await one.desire(1, { max_open: 60 });
    await one.command("open", { seconds: 600 });
    await one.pass(50);
    expect(one.reported.state).toBe("open");
    expect(events(await one.pass(20))).toMatchObject([{ data: { reason: "max_open" } }]);
    await one.desire(2, { max_open: 3600 });
    await one.command("open");
    await one.pass(100);
    expect(one.reported.state).toBe("open");
    await one.desire(3, { max_open: 90 });
    await one.pass(10);
    expect(one.reported.state).toBe("closed");
  });

  it("a newer order counts: what was opened again is not closed by the older one's time", async () => {
    const one = live(valve);
    await one.command("open", { seconds: 20 });
    await one.pass(10);
    await one.command("open", { seconds: 100 });
    expect(events(await one.pass(60))).toEqual([]);
    expect(one.reported.state).toBe("open");
    await one.command("close");
    expect(events(await one.pass(200))).toEqual([]);
  });

  it("closes at a leak, tells it, and is not opened before that is mended", async () => {
    const one = live(valve, { settings: { leak_after: "40" } });
    await one.command("open");
    const frames = await one.pass(60);
    expect(events(frames).map(({ name, data }) => data.reason ?? name)).toEqual(["leak_detected", "leak"]);
    expect(one.reported).toMatchObject({ state: "closed", leak: true });
    expect((await one.command("open")).result.error.code).toBe("leaking");
    await one.pass(1800);
    expect(one.reported.leak).toBe(false);
    expect((await one.command("open")).result.ok).toBe(true);
  });
});

describe("an energy meter", () => {
  it("its totals are the integrals of its power, taken and given apart", async () => {
    const one = live(energyMeter, { hour: 7 });
    await one.pass(1);
    const samples = await told(one, "power", 1800);
    const kilowattHours = (sign: 1 | -1) => sum(samples, ({ power }) => Math.max(0, sign * power) / 3.6e6);
    const grown = (name: string) => last(samples).data[name] - samples[0].data[name];
    expect(grown("energy_import")).toBeCloseTo(kilowattHours(1), 4);
    expect(grown("energy_export")).toBeCloseTo(kilowattHours(-1), 4);
    expect(kilowattHours(1) + kilowattHours(-1)).toBeGreaterThan(0.05);
  });

  it("its phases add up, and each fits together", async () => {
    const frames = await live(energyMeter).pass(600);
    const samples = samplesOf(frames).filter(({ power }) => power !== undefined);
    expect(samples.length).toBeGreaterThan(50);
    for (const data of samples) {
      expect(data.power_l1 + data.power_l2 + data.power_l3).toBeCloseTo(data.power, 1);
      for (const phase of ["l1", "l2", "l3"]) {
        const [power, apparent] = [data[`power_${phase}`], data[`apparent_power_${phase}`]];
        expect(Math.hypot(power, data[`reactive_power_${phase}`])).toBeCloseTo(apparent, 0);
        expect(Math.abs(data[`voltage_${phase}`] * data[`current_${phase}`] - apparent)).toBeLessThan(2);
        expect(Math.abs(Math.abs(power) - apparent * data[`power_factor_${phase}`])).toBeLessThan(1);
      }
    }
  });

  it("gives at noon, when the sun is on the roof, and takes at night", async () => {
    const noon = values(await live(energyMeter, { hour: 12 }).pass(600), "power");
    const night = live(energyMeter, { hour: 1 });
    const dark = await night.pass(600);
    expect(Math.min(...noon)).toBeLessThan(-1000);
    expect(Math.min(...values(dark, "power"))).toBeGreaterThan(0);
    expect(new Set(values(dark, "energy_export"))).toEqual(new Set([0]));
  });

  it("begins a counter anew on request, keeps what it was as an event, and leaves the other alone", async () => {
    const one = live(energyMeter, { hour: 1 });
    const before = last(values(await one.pass(3600), "energy_import"));
    expect(before).toBeGreaterThan(0.1);
    const frames = (await one.command("reset_counter", { name: "energy_import" })).before;
    const [{ name, data }] = events(frames);
    expect([name, data.name]).toEqual(["counter_reset", "energy_import"]);
    expect(data.value).toBeGreaterThanOrEqual(before);
    expect(values(frames, "energy_import")).toEqual([data.value, 0]);
    expect(last(values(await one.pass(600), "energy_import"))).toBeLessThan(before);
    expect((await one.command("reset_counter", { name: "energy_export" })).result.ok).toBe(true);
    expect(last(values(await one.pass(10), "energy_import"))).toBeGreaterThan(0);
  });
});

describe("an energy meter at a hub", () => {
  it("[R] its history goes on over a reset: what was counted before and after it adds up", async () => {
    const bench = new Bench([energyMeter]);
    await bench.device("mains", energyMeter, { hour: 1, seed: 7 });
    const from = bench.box.now - 1000;
    await bench.pass(1800, 1);
    const { status } = await bench.outcome(bench.send("mains", "reset_counter", { name: "energy_import" }), 10);
    expect(status).toBe("succeeded");
    await bench.pass(1800, 1);
    const range = { field: "energy_import", from, to: bench.box.now, points: 20 };
    const { points } = bench.box.ask("get_history", { device: "mains", ...range });
    const increase = points.reduce((total, [, increase]) => total + Number(increase), 0);
    const [{ data }] = events(bench.said);
    const { value } = bench.box.view("mains").telemetry.energy_import;
    expect([data.value > 0.05, Number(value) > 0.05]).toEqual([true, true]);
    expect(increase).toBeCloseTo(data.value + Number(value), 5);
    bench.close();
  });
});

describe("a lock", () => {
  it("locks itself after the time that was asked for, or after its own, and not when it was told otherwise", async () => {
    const one = live(lock);
    await one.command("unlock", { seconds: 5 });
    expect(one.reported.state).toBe("unlocked");
    await one.pass(60);
    expect(one.reported.state).toBe("locked");
    await one.desire(1, { auto_relock: 20 });
    await one.command("unlock");
    await one.pass(10);
    expect(one.reported.state).toBe("unlocked");
    await one.pass(90);
    expect(one.reported.state).toBe("locked");
    await one.desire(2, { auto_relock: 0 });
    await one.command("unlock", { seconds: 5 });
    await one.command("unlock");
    await one.pass(60);
    expect(one.reported.state).toBe("unlocked");
  });

  it("tells when somebody opens its case, which is rare", async () => {
    const told = [];
    for (let seed = 0; seed < 30; seed++) told.push(...events(await live(lock, { seed }).pass(7200)));
    expect(told[0]).toEqual({ name: "tamper", data: { sort: "cover_opened" } });
    expect(told.length).toBeLessThan(10);
  });
});
