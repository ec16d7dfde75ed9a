/** A life from the ranges alone [K1]: of every kind, whatever it declares, and of one made for the test. */
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { foreignKind } from "../../src/device/foreign.ts";
import { fromRanges } from "../../src/device/ranges.ts";
import { channel, perChannel } from "../../src/kind/channel.ts";
import { desirable, duration, flag, oneOf, quantity, text } from "../../src/kind/field.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";
import { celsius, kilowattHours, latitude, longitude, metresPerSecond, percent } from "../../src/kind/quantities.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { Bench } from "./bench.ts";
import type { Frame } from "./fake.ts";
import { live, values } from "./live.ts";

type Doc = Record<string, unknown>;
type Parts = Record<string, { properties: Record<string, Doc> }>;

/** One field of each sort, and commands of each. */
const odd: AnyKind = defineKind({
  name: "odd",
  version: 1,
  title: "Odd",
  telemetry: {
    temperature: celsius({ title: "Temperature" }),
    energy: kilowattHours({ title: "Energy" }),
    turns: z.int().min(0).meta({ title: "Turns", class: "counter" }),
    open_ended: quantity({ title: "Open", precision: 1 }),
    narrow: quantity({ title: "Narrow", min: 0.2, max: 0.3 }),
    mode: oneOf(["a", "b", "c"], { title: "Mode" }),
    pm2_5: quantity({ title: "PM2.5", min: 0, max: 500, precision: 0 }),
    place: z.strictObject({ latitude: latitude(), longitude: longitude(), name: text().optional() }),
    corners: z.array(z.tuple([z.number(), z.number()])).min(3).max(5),
    either: z.union([z.string().max(8), z.boolean()]),
    level: z.literal([1, 2, 4]),
    colour: z.string().regex(/^#[0-9a-f]{6}$/),
    since: z.iso.datetime(),
    speed: metresPerSecond({ title: "Speed", min: -2, max: 2 }),
  },
  state: {
    ...perChannel({ on: desirable(flag({ title: "Switch" })) }),
    target: desirable(percent({ title: "Target" })),
    label: text({ title: "Label" }),
    lid: oneOf(["open", "shut"], { title: "Lid" }),
  },
  events: {
    knocked: z.strictObject({ times: z.int().min(1).max(3), by: text().optional() }),
    idle: z.strictObject({}),
  },
  commands: {
    set: {
      effect: "set",
      params: z.object({ on: flag(), channel: channel() }),
      confirms: { field: "on", param: "on" },
    },
    name_it: { effect: "set", params: z.object({ label: text(), unknown: z.number().optional() }) },
    shut: { effect: "once", confirms: { field: "lid", value: "shut" } },
    count: { effect: "query", result: z.strictObject({ seen: z.int().min(0), words: z.array(text()).min(2) }) },
    drive: { effect: "stream", params: z.object({ speed: z.number() }) },
  },
});

const dataOf = ({ samples, data }: Frame): Doc[] => samples ? samples.map((one: { data: Doc }) => one.data) : [data];

/** Everything that a device of it says in so many seconds. */
async function life(kind: AnyKind, seconds: number, seed = 7) {
  const bench = new Bench([kind]);
  const simulation = await bench.device("one", kind, { seed, behaviour: fromRanges(kindDocument(kind)) });
  await bench.pass(seconds);
  const samples = bench.said.filter(({ type }) => type === "telemetry").flatMap(dataOf);
  bench.close();
  return {
    bench,
    simulation,
    samples,
    states: bench.said.filter(({ type }) => type === "state").map(({ reported }) => reported as Doc),
    events: bench.said.filter(({ type }) => type === "event"),
    values: (field: string) => samples.filter((data) => field in data).map((data) => data[field]),
  };
}

const seen = { kinds: 0, fields: 0, samples: 0 };
afterAll(() => console.log(`from ranges: ${seen.kinds} kinds, ${seen.fields} fields, ${seen.samples} samples`));

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name, from its ranges", ({ kind }) => {
  it("[K1] half an hour of it fits its own checks, tells every field, and is the same for the same seed", async () => {
    const { bench, samples, states, values } = await life(kind, 1800);
    seen.kinds += 1;
    seen.samples += samples.length;
    expect(bench.troubles).toEqual([]);
    for (const data of samples) expect(kind.check.telemetry(data, [])).toMatchObject({ ok: true });
    const { telemetry, state } = kindDocument(kind).properties as unknown as Parts;
    for (const [field, { channel }] of Object.entries(telemetry.properties)) {
      if (channel !== undefined || field === "firmware") continue;
      seen.fields += 1;
      expect(values(field).length, field).toBeGreaterThan(20);
    }
    const reported = Object.assign({}, ...states);
    for (const [field, { channel }] of Object.entries(state.properties)) {
      if (channel !== undefined) continue;
      seen.fields += 1;
      expect(reported, field).toHaveProperty(field);
    }
    const minute = (await life(kind, 60)).samples;
    expect(samples.slice(0, minute.length)).toEqual(minute);
    expect((await life(kind, 60, 8)).samples).not.toEqual(minute);
  });
});

describe("a life from ranges", () => {
  it("numbers wander by small steps inside their range; a total only grows", async () => {
    const { bench, values } = await life(odd, 7200);
    expect(bench.troubles).toEqual([]);
    const steps = (field: string) => {
      const told = values(field) as number[];
      return told.slice(1).map((value, at) => value - told[at]);
    };
    const bounds = { temperature: [-60, 200, 2], narrow: [0.2, 0.3, 0.02], pm2_5: [0, 500, 5] } as const;
    for (const [field, [low, high, step]] of Object.entries(bounds)) {
      const told = values(field) as number[];
      expect(new Set(told).size, field).toBeGreaterThan(5);
      expect(Math.min(...told), field).toBeGreaterThanOrEqual(low);
      expect(Math.max(...told), field).toBeLessThanOrEqual(high);
      expect(Math.max(...steps(field).map(Math.abs)), field).toBeLessThanOrEqual(step);
    }
    for (const field of ["energy", "turns"]) {
      expect(Math.min(...steps(field)), field).toBe(0);
      expect(Math.max(...steps(field)), field).toBeGreaterThan(0);
    }
    expect((values("turns") as number[]).every(Number.isInteger)).toBe(true);
    // A place does not jump: about a metre or five at a time, at six decimals.
    const north = (values("place") as { latitude: number }[]).map(({ latitude }) => latitude);
    expect(Math.max(...north) - Math.min(...north)).toBeLessThan(0.01);
  });

  it("enums, texts, lists and objects change now and then; events happen", async () => {
    const { values, events, states } = await life(odd, 7200);
    const changes = (told: unknown[]) =>
      told.filter((value, at) => at > 0 && JSON.stringify(value) !== JSON.stringify(told[at - 1])).length;
    for (const field of ["mode", "corners", "either", "level"]) {
      expect(changes(values(field)), field).toBeGreaterThan(1);
      expect(changes(values(field)), field).toBeLessThan(60);
    }
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set(["knocked", "idle"]));
    expect(events.length).toBeLessThan(60);
    // What somebody steers stays as it was put.
    for (const field of ["on", "target", "label", "lid"]) {
      expect(states.filter((reported) => field in reported).length, field).toBe(1);
    }
  });

  it("[C10] answers every command, reports what it confirms and what its params name, with a value that fits", async () => {
    const bench = new Bench([odd]);
    await bench.device("one", odd, { seed: 7, settings: { channels: "2" } });
    const run = (name: string, params: Doc = {}) => bench.outcome(bench.send("one", name, params), 5);
    const { on } = bench.box.view("one").reported;
    for (const want of [!on, on]) {
      expect(await run("set", { on: want })).toMatchObject({ status: "succeeded" });
      expect(bench.box.view("one").reported).toMatchObject({ on: want });
    }
    expect(await run("set", { on: true, channel: 2 })).toMatchObject({ status: "succeeded" });
    expect(bench.box.view("one").reported).toMatchObject({ on_2: true });
    expect(await run("set", { on: true, channel: 3 })).toMatchObject({ error: { code: "out_of_range" } });
    expect(await run("name_it", { label: "Hall", unknown: 1 })).toMatchObject({ status: "succeeded" });
    expect(await run("shut")).toMatchObject({ status: "succeeded" });
    expect(bench.box.view("one").reported).toMatchObject({ label: "Hall", lid: "shut" });
    const counted = await run("count");
    expect(counted).toMatchObject({ status: "succeeded", value: { seen: expect.any(Number) } });
    expect(counted.unchecked).toBeUndefined();
    bench.close();
  });

  it("[L5, L6] is driven as the frames of a lane ask, and rests when they stop", async () => {
    const one = live(odd, { seed: 7 });
    const speeds = async (seconds: number) => values(await one.pass(seconds), "speed");
    const frame = { type: "stream", name: "drive", data: { speed: 1.5 } };
    for (let n = 1; n < 40; n++) {
      one.socket.say({ ...frame, n });
      await one.pass(0.2);
    }
    expect(values(one.said, "speed").at(-1)).toBe(1.5);
    expect(await speeds(0.6)).toEqual([0]);
    expect(new Set(await speeds(20))).toEqual(new Set([0]));
    expect(one.hub.troubles).toEqual([]);
  });

  it("[K4] a kind of which only the document is there lives, and does as it is told, at a hub that has the kind", async () => {
    const document = foreignKind(JSON.stringify(kindDocument(odd)));
    if (!document.ok) throw new Error(document.fault.message);
    const bench = new Bench([odd]);
    await bench.device("one", document.value, { seed: 7 });
    await bench.pass(600);
    expect(Object.keys(bench.box.view("one").telemetry)).toEqual(expect.arrayContaining(["temperature", "place"]));
    expect(await bench.outcome(bench.send("one", "set", { on: true }), 5)).toMatchObject({ status: "succeeded" });
    expect(bench.box.view("one").reported).toMatchObject({ on: true });
    expect((await bench.outcome(bench.send("one", "count", {}), 5)).unchecked).toBeUndefined();
    expect(bench.troubles).toEqual([]);
    bench.close();
    expect(foreignKind("{").ok).toBe(false);
    expect(foreignKind('{"kind":"x","properties":{}}')).toMatchObject({ fault: { pointer: "#/properties/telemetry" } });
  });

  it("[D3, C16] takes desired state and says so; stops at what it is doing", async () => {
    const bench = new Bench([odd]);
    await bench.device("one", odd);
    bench.box.ask("desire", { device: "one", patch: { target: 41, on: true } });
    await bench.pass(1);
    expect(bench.box.view("one")).toMatchObject({
      reported: { target: 41, on: true },
      desired: { version: 1, applied: { version: 1, ok: true } },
    });
    bench.box.ask("desire", { device: "one", patch: { on_2: true } });
    await bench.pass(1);
    expect(bench.box.view("one").desired.applied).toMatchObject({ ok: false, errors: [{ field: "on_2" }] });
    const sent = bench.send("one", "shut", {});
    await bench.pass(0.1);
    bench.box.ask("cancel_command", { command: sent.id });
    expect(await bench.outcome(sent, 5)).toMatchObject({ status: "cancelled" });
    bench.close();
  });

  it("begins where the kind's examples are", async () => {
    const sea = defineKind({
      name: "sea",
      version: 1,
      title: "Sea",
      telemetry: { temperature: celsius() },
      state: { every: desirable(duration({ min: 1 })) },
      commands: {},
      examples: { telemetry: [{ temperature: 11.5 }], state: [{ every: 60 }], commands: {} },
    });
    const { values, states } = await life(sea, 60);
    expect(Math.abs((values("temperature")[0] as number) - 11.5)).toBeLessThan(1);
    expect(states).toEqual([{ every: 60 }]);
  });
});
