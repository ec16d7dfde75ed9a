import { describe, expect, it } from "vitest";
import tracker from "../../devices/tracker.ts";
import { annotationsOf } from "../../src/kind/field.ts";
import { standingOf } from "../../src/hub/devices/presence.ts";
import type { Frame } from "../device/fake.ts";
import { live, values } from "../device/live.ts";

const { check, commands, telemetry } = tracker;

/** Samples with the second at which they were true, as the frame says it. */
interface Sample {
  at: number;
  ago: number;
  data: Record<string, number>;
}

/** Everything that is said while so many seconds pass. */
async function track(one: ReturnType<typeof live>, seconds: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let second = 0; second < seconds; second++) {
    const frames = await one.pass(1);
    for (const frame of frames.filter(({ type }) => type === "telemetry")) {
      for (const { data, ago = 0 } of (frame.samples ?? [frame]) as Frame[]) {
        samples.push({ at: one.hub.clock.now() / 1000 - ago, ago, data });
      }
    }
  }
  return samples;
}

const EVERY_PLACE = { lat: 53.08, lon: 8.8 };
const places = (samples: Sample[]) => samples.filter(({ data }) => data.lat !== undefined);
const metresBetween = (one: Record<string, number>, other: Record<string, number>) =>
  Math.hypot(
    (one.lat - other.lat) * 111_320,
    (one.lon - other.lon) * 111_320 * Math.cos(one.lat * Math.PI / 180),
  );

describe("what a tracker takes and refuses", () => {
  it("[T2] a place is on the earth", () => {
    for (const [lat, lon] of [[90, 180], [-90, -180], [0, 0]]) {
      expect(check.telemetry({ lat, lon }, []).ok).toBe(true);
    }
    for (const data of [{ lat: 90.1 }, { lon: -180.1 }, { lat: "53" }, { course: 361 }, { speed: -1 }]) {
      expect(check.telemetry(data, ["data"])).toMatchObject({ fault: { pointer: `#/data/${Object.keys(data)[0]}` } });
    }
  });

  it("[K10] no place of a track gives way to a newer one", () => {
    expect([telemetry.lat, telemetry.lon].map((field) => annotationsOf(field).drop)).toEqual(["every", "every"]);
  });

  it("[K2] a geofence has a name, which proves it, a centre and a radius", () => {
    const fits = { geofence: "yard", ...EVERY_PLACE, radius: 250 };
    expect(check.params("set_geofence", fits).ok).toBe(true);
    for (const odd of [{ geofence: "" }, { radius: 9 }, { lat: 91 }, { lon: undefined }, { polygon: [] }]) {
      expect(check.params("set_geofence", { ...fits, ...odd }).ok, JSON.stringify(odd)).toBe(false);
    }
    expect(commands.set_geofence.confirms).toEqual({ field: "geofence", param: "geofence" });
    expect(check.desired({}, { geofence: "yard" }, []).ok).toBe(false);
    expect(check.desired({}, { interval_moving: 5, interval_idle: 3600 }, []).ok).toBe(true);
    expect(check.desired({}, { interval_idle: 5 }, []).ok).toBe(false);
  });

  it("[C10] the answer of locate_now is a place", () => {
    expect(check.fitsResult("locate_now", { ...EVERY_PLACE, accuracy: 4 })).toBe(true);
    for (const odd of [undefined, EVERY_PLACE, { ...EVERY_PLACE, accuracy: -1 }]) {
      expect(check.fitsResult("locate_now", odd)).toBe(false);
    }
    expect(commands.locate_now.timeout).toBeGreaterThan(60);
  });

  it("[P1] it sleeps between two samples at rest, and is offline only after that", () => {
    const seen = 1_000_000;
    const gone = { at: seen, reason: "closed" };
    const standing = (seconds: number) =>
      standingOf({
        kind: tracker,
        createdAt: 0,
        trace: { seen, gone, posting: null } as never,
        connection: null,
        pingedAt: null,
      }, seen + seconds * 1000).presence;
    expect([standing(1), standing(3_700), standing(7_199), standing(7_201)])
      .toEqual(["sleeping", "sleeping", "sleeping", "offline"]);
  });
});

describe("a simulated tracker", () => {
  /** From the first minute on it drives its round. */
  const driving = async (options = {}) => {
    const one = live(tracker, { seed: 4, ...options });
    while (!values(one.said, "moving").includes(true)) await one.pass(1);
    return one;
  };

  it("drives a round: no place is further from the last than its speed allows, and it comes home", async () => {
    const one = await driving();
    const start = (await track(one, 10))[0];
    const samples = [start, ...await track(one, 1800)];
    const way = places(samples).filter(({ data }) => data.speed > 0).toSorted((a, b) => a.at - b.at);
    expect(way.length).toBeGreaterThan(90);
    for (let index = 1; index < way.length; index++) {
      const [before, after] = [way[index - 1], way[index]];
      expect(metresBetween(before.data, after.data)).toBeLessThan(15 * (after.at - before.at) + 20);
    }
    const far = Math.max(...way.map(({ data }) => metresBetween(start.data, data)));
    expect(far).toBeGreaterThan(2_500);
    const home = samples.find(({ data, at }) => data.speed === 0 && at > start.at + 600);
    if (home?.data.lat !== undefined) expect(metresBetween(start.data, home.data)).toBeLessThan(200);
    expect(values(one.said, "moving").at(-1)).toBe(false);
  });

  it("[T3] without a network it keeps its samples, and sends them with their times when there is one again", async () => {
    const one = await driving();
    const samples = await track(one, 1500);
    const late = samples.filter(({ ago }) => ago > 0);
    expect(late.length).toBeGreaterThan(8);
    // All of it at the end of the gap, oldest first, as far apart as they were measured.
    const heardAt = ({ at, ago }: Sample) => Math.round(at + ago);
    expect(new Set(late.map(heardAt)).size).toBe(1);
    for (let index = 1; index < late.length; index++) {
      expect(late[index - 1].ago - late[index].ago).toBeCloseTo(10, 1);
    }
    // Whoever orders by time has a whole track: one place every ten seconds of the way.
    const times = samples.filter(({ data }) => data.speed > 0).map(({ at }) => at).toSorted((a, b) => a - b);
    for (let index = 1; index < times.length; index++) expect(times[index] - times[index - 1]).toBeCloseTo(10, 0);
  });

  it("[T3] a sample of a fast simulation is as old as it is for the hub", async () => {
    const one = await driving({ speed: 10 });
    const late = (await track(one, 150)).filter(({ ago }) => ago > 0);
    expect(late.length).toBeGreaterThan(8);
    expect(Math.max(...late.map(({ ago }) => ago))).toBeLessThan(60);
  });

  it("[D3] reports as often as it is asked to, moving and at rest", async () => {
    const one = await driving();
    await one.desire(1, { interval_moving: 2, interval_idle: 60 });
    expect(one.reported).toMatchObject({ interval_moving: 2, interval_idle: 60 });
    expect((await track(one, 60)).length).toBeGreaterThanOrEqual(29);
    while (values(one.said, "moving").at(-1)) await one.pass(10);
    const resting = (await track(one, 240)).filter(({ data }) => data.moving !== undefined);
    expect(resting).toHaveLength(4);
    expect(resting.every(({ data }) => data.speed === 0)).toBe(true);
  });

  it("[C10] locate_now answers with the place that it also reports; in a garage with no_fix", async () => {
    const one = live(tracker, { seed: 4 });
    const { result, before } = await one.command("locate_now");
    expect(check.fitsResult("locate_now", result.value)).toBe(true);
    expect(values(before, "lat").at(-1)).toBe(result.value.lat);
    expect(before.find(({ type }) => type === "progress")).toMatchObject({ note: "Looking for satellites" });
    const other = live(tracker, { seed: 4, speed: 60 });
    const isIndoors = () => values(other.said, "satellites").at(-1) === 0;
    for (let minutes = 0; minutes < 24 * 60 && !isIndoors(); minutes++) await other.pass(1);
    expect(isIndoors()).toBe(true);
    const sought = await other.command("locate_now", { timeout: 5 });
    expect(sought.result.error).toMatchObject({ code: "no_fix" });
    expect(values(sought.before, "lat")).toEqual([]);
  });

  it("[C16] nobody has to listen to the whole beep", async () => {
    const one = live(tracker, { seed: 4 });
    one.hub.command("beep", { seconds: 20 }, { id: "b" });
    await one.pass(2);
    one.socket.say({ type: "cancel", id: "b" });
    const result = (await one.pass(1)).find(({ type }) => type === "result");
    expect(result).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect((await one.command("beep", { seconds: 2 })).result.ok).toBe(true);
  });

  it("[T9] says when it leaves its geofence and when it is back in it, once each round", async () => {
    const one = live(tracker, { seed: 4 });
    const { value: home } = (await one.command("locate_now")).result;
    const wanted = { geofence: "yard", lat: home.lat, lon: home.lon, radius: 500 };
    const { result, before } = await one.command("set_geofence", wanted);
    expect(result.ok).toBe(true);
    expect(before.find(({ type }) => type === "state")?.reported).toMatchObject({
      geofence: "yard",
      geofence_radius: 500,
    });
    await one.pass(1500);
    const told = one.said.filter(({ type }) => type === "event");
    expect(told.map(({ name }) => name).slice(0, 2)).toEqual(["geofence_left", "geofence_entered"]);
    expect(metresBetween(told[0].data, home)).toBeGreaterThan(500);
    expect(metresBetween(told[1].data, home)).toBeLessThanOrEqual(500);
    for (const { name, data } of told) expect(check.event(name, data).ok).toBe(true);
    // Another fence is nothing that it left.
    const count = told.length;
    await one.command("set_geofence", { ...wanted, geofence: "pole", lat: 90, lon: 0 });
    await one.pass(600);
    expect((await one.command("clear_geofence")).result.ok).toBe(true);
    await one.pass(3600);
    expect(one.said.filter(({ type }) => type === "event")).toHaveLength(count);
    expect(one.reported.geofence).toBe("");
  });
});
