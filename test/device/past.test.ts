/** Hours that a simulated device lived before it came, as a hub hears of them. */
import { afterEach, describe, expect, it } from "vitest";
import cover from "../../devices/cover.ts";
import evCharger from "../../devices/ev-charger.ts";
import { KINDS } from "../../devices/mod.ts";
import relay from "../../devices/relay.ts";
import thermostat from "../../devices/thermostat.ts";
import { type Habit, withPast } from "../../src/device/past.ts";
import { seeded } from "../../src/device/random.ts";
import { behaviourOf, type SimulationOptions } from "../../src/device/simulator.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { Bench } from "./bench.ts";
import type { Frame } from "./fake.ts";
import { live } from "./live.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

const lived = async <K extends AnyKind>(kind: K, seconds: number, habits: readonly Habit[] = [], seed = 7) => ({
  hour: 12,
  behaviour: await withPast(behaviourOf(kind), { seconds, hour: 12, random: seeded(seed), habits }),
} as unknown as Partial<SimulationOptions<K>>);

/** Each sample with how old it was, oldest first. */
const samplesOf = (frames: Frame[]): { ago: number; data: Record<string, number> }[] =>
  frames.filter(({ type }) => type === "telemetry").flatMap(({ samples, data, ago }) => samples ?? [{ ago, data }])
    .map(({ ago = 0, data }: Frame) => ({ ago, data })).sort((one, other) => other.ago - one.ago);
const seriesOf = (frames: Frame[], field: string) =>
  samplesOf(frames).filter(({ data }) => field in data).map(({ ago, data }) => ({ ago, value: data[field] }));

describe("a device that lived alone", () => {
  it("[T3] tells a day as old as it is, a value of a field in a minute and all of the last hour, and is what it became", async () => {
    const one = live(thermostat, await lived(thermostat, DAY, [[6, "set_target", { target: 24 }]]));
    const temperatures = seriesOf(await one.pass(1), "temperature");
    const since = (hours: number) => temperatures.filter(({ ago }) => ago <= hours * HOUR).length;
    expect(since(1)).toBeGreaterThan(700);
    expect(since(24) - since(1)).toBeGreaterThan(1300);
    expect(since(24) - since(1)).toBeLessThanOrEqual(23 * 60 + 1);
    expect(temperatures[0].ago).toBeGreaterThan(DAY - 120);
    expect(temperatures[0].ago).toBeLessThanOrEqual(DAY);
    // By hand, at six in the morning: it is warmer from then on.
    const at = (hoursAgo: number) => temperatures.find(({ ago }) => ago <= hoursAgo * HOUR)!.value;
    expect(at(3)).toBeGreaterThan(23);
    expect(one.reported).toMatchObject({ target: 24 });
    const [first, second] = seriesOf(await one.pass(10), "temperature");
    expect(Math.abs(first.value - temperatures.at(-1)!.value)).toBeLessThan(0.6);
    expect([first.ago, second.ago].every((ago) => ago < 1)).toBe(true);
  });

  it("tells every word that changes, at its time, and a total that goes on where it was", async () => {
    const habits: Habit[] = [[9, "set", { on: true }], [10, "set", { on: false }], [11, "set", { on: true }]];
    const one = live(relay, await lived(relay, 6 * HOUR, habits));
    const frames = await one.pass(1);
    // It is noon, and since yesterday it was on but for the hour from ten.
    const powers = seriesOf(frames, "power").map(({ ago, value }) => ({ hours: ago / HOUR, isOn: value > 0 }));
    const off = powers.filter(({ isOn }) => !isOn).map(({ hours }) => hours);
    expect(Math.max(...off)).toBeLessThanOrEqual(2);
    expect(Math.min(...off)).toBeGreaterThan(0.98);
    expect(off.length).toBeGreaterThan(55);
    expect(powers.filter(({ hours, isOn }) => isOn && hours < 1.95 && hours > 1)).toEqual([]);
    const energies = seriesOf([...frames, ...await one.pass(60)], "energy").map(({ value }) => value);
    expect(energies).toEqual(energies.toSorted((a, b) => a - b));
    expect(energies.at(-1)).toBeGreaterThan(energies[0]);
  });

  it("takes the time that things take, also beyond the end of that time", async () => {
    // Half a minute before noon a blind begins to open, four percent in a second: it is under way.
    const habits: Habit[] = [[11.5, "close", {}], [12 - 10 / HOUR, "open", {}]];
    const one = live(cover, await lived(cover, HOUR, habits));
    expect(one.reported).toMatchObject({ moving: "opening" });
    await one.pass(40);
    expect(one.reported).toMatchObject({ moving: "stopped", position: 100 });
  });

  it("tells it once, and not again after a reboot", async () => {
    const one = live(thermostat, await lived(thermostat, DAY));
    expect(samplesOf(await one.pass(1)).length).toBeGreaterThan(1000);
    await one.command("reboot", {});
    await one.hub.clock.advance(5);
    one.hub.welcome();
    expect(samplesOf(one.hub.sockets.at(-1)!.take()).length).toBeLessThan(5);
  });

  it("has the same past for the same seed, and none for no time", async () => {
    const past = async (seconds: number, seed: number) => {
      const one = live(evCharger, await lived(evCharger, seconds, [], seed));
      return JSON.stringify((await one.pass(1)).filter(({ type }) => type !== "hello"));
    };
    expect(await past(DAY, 3)).toBe(await past(DAY, 3));
    expect(await past(DAY, 3)).not.toBe(await past(DAY, 4));
    expect(samplesOf(JSON.parse(await past(0, 3))).every(({ ago }) => ago < 1)).toBe(true);
  });
});

describe("a hub", () => {
  let bench: Bench;
  afterEach(() => bench.close());

  it("[T2, T3] takes the past of every kind, files it where it was, and has the newest as what is now", async () => {
    bench = new Bench();
    const ids: string[] = [];
    for (const kind of KINDS) {
      ids.push(`a-${kind.name}`);
      await bench.device(`a-${kind.name}`, kind, await lived(kind, 6 * HOUR));
    }
    await bench.pass(15);
    expect(bench.troubles).toEqual([]);
    const now = bench.box.now;
    for (const id of ids) {
      const { telemetry } = bench.box.view(id);
      // What the machine tells of itself begins with its connection.
      const field = Object.keys(telemetry).find((name) => !["uptime", "rssi"].includes(name))!;
      expect(now - telemetry[field].at, `${id} ${field}`).toBeLessThan(30 * 60_000);
      const { points } = bench.box.ask("get_history", {
        ...{ device: id, field, from: now - 6 * HOUR * 1000, to: now, points: 400 },
      });
      expect(points[0][0], `${id} ${field}`).toBeLessThan(now - 5 * HOUR * 1000);
    }
  });
});
