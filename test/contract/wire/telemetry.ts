/** Samples, their time, and what `stored` promises. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, history, isAround, section, type World } from "./world.ts";

/** How many samples of `temperature` history holds. */
async function samples(w: World, id: string, field = "temperature"): Promise<number> {
  const answer = await history(w.admin, id, `field=${field}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.points.reduce((sum: number, point: number[]) => sum + point[4], 0);
}
const stored = (seq: number) => (frame: Json) => frame.type === "stored" && frame.seq >= seq;

export const telemetry = section("telemetry", (it) => {
  it("[T1, T8] a device that only sends telemetry is a full citizen, at once", async (w) => {
    const device = await w.device("env-sensor");
    device.send({ type: "telemetry", data: { temperature: 21.5 } });
    await device.none();
    const shown = await w.show(device.id);
    expect(shown).toMatchObject({
      presence: "online",
      telemetry: { temperature: { value: 21.5, at: expect.any(Number) } },
    });
    expect(isAround(shown.telemetry.temperature.at, Date.now())).toBe(true);
    expect(isAround(shown.seen, Date.now())).toBe(true);
    expect(shown.telemetry.temperature.clock).toBeUndefined();
    expect(await samples(w, device.id)).toBe(1);
  });

  const faults: Record<string, [data: string, pointer: string]> = {
    "a wrong sort of value": ['{"humidity":40,"temperature":"warm"}', "#/data/temperature"],
    "an unknown field": ['{"humidity":40,"colour":1}', "#/data/colour"],
    "a value out of range": ['{"humidity":101}', "#/data/humidity"],
    "an infinite number": ['{"humidity":40,"temperature":1e400}', "#/data/temperature"],
    "null": ['{"humidity":40,"temperature":null}', "#/data/temperature"],
    "a key that needs escaping": ['{"humidity":40,"a/b~c":1}', "#/data/a~1b~0c"],
  };
  for (const [what, [data, pointer]] of Object.entries(faults)) {
    it(`[T2] ${what} refuses the whole sample and points at it`, async (w) => {
      const device = await w.device("env-sensor");
      device.send(`{"type":"telemetry","data":${data}}`);
      expect(await device.next()).toMatchObject({ type: "error", code: "invalid_telemetry", of: "telemetry", pointer });
      expect((await w.show(device.id)).telemetry).toEqual({});
    });
  }

  it("[T2] of samples the bad ones are left out and named, the good ones kept", async (w) => {
    const device = await w.device("env-sensor");
    const entries = [
      { ago: 30, data: { temperature: 20 } },
      { ago: 20, data: { temperature: "warm" } },
      { ago: 10, data: { temperature: 22 } },
      "nonsense",
      { ago: 5, at: 5, data: { temperature: 23 } },
    ];
    device.send({ type: "telemetry", seq: 1, samples: entries });
    const error = await device.next("error");
    expect(error).toMatchObject({ code: "invalid_telemetry", seq: 1, of: "telemetry" });
    expect(error.pointer).toMatch(/^#\/samples\/1\b/);
    await device.next(stored(1));
    expect(await samples(w, device.id)).toBe(2);
    expect((await w.show(device.id)).telemetry.temperature.value).toBe(22);
  });

  for (
    const [what, more] of Object.entries({
      "at and ago": { at: 1, ago: 1, data: {} },
      "data and samples": { data: {}, samples: [{ data: {} }] },
      "neither data nor samples": {},
      "no samples": { samples: [] },
      "data that is a list": { data: [] },
      "a negative ago": { ago: -1, data: {} },
      "an ago of four decimals": { ago: 1.0001, data: {} },
      "a seq that is no integer": { seq: 1.5, data: {} },
    })
  ) {
    it(`[F2] a telemetry frame with ${what} is bad_frame`, async (w) => {
      const device = await w.device("env-sensor");
      device.send({ type: "telemetry", ...more });
      expect(await device.next()).toMatchObject({ type: "error", code: "bad_frame", of: "telemetry" });
      await device.none();
    });
  }

  it("[T3] ago is seconds before sending, at is the device's clock", async (w) => {
    const device = await w.device("env-sensor");
    const at = Date.now() - 5_000;
    device.send({ type: "telemetry", ago: 60.5, data: { humidity: 40 } });
    device.send({ type: "telemetry", at, data: { temperature: 20 } });
    device.send({ type: "telemetry", at: at + 35_000, data: { co2: 400 } });
    await device.none();
    const { telemetry } = await w.show(device.id);
    expect(isAround(telemetry.humidity.at, Date.now() - 60_500)).toBe(true);
    expect(telemetry.temperature).toEqual({ value: 20, at });
    expect(telemetry.co2).toEqual({ value: 400, at: at + 35_000 });
  });

  it("[T3] an at over 60 s ahead or older than a day is filed under arrival and marked", async (w) => {
    for (const at of [Date.now() + 120_000, Date.now() - 2 * 86_400_000, 0]) {
      const device = await w.device("env-sensor");
      device.send({ type: "telemetry", at, data: { temperature: 20 } });
      await device.none();
      const { temperature } = (await w.show(device.id)).telemetry;
      expect(temperature).toMatchObject({ value: 20, clock: "wrong" });
      expect(isAround(temperature.at, Date.now())).toBe(true);
    }
  });

  it("[T4] the last value is the one with the newest time; older ones enter history only", async (w) => {
    const device = await w.device("env-sensor");
    device.send({ type: "telemetry", data: { temperature: 20 } });
    device.send({ type: "telemetry", ago: 60, data: { temperature: 10, humidity: 50 } });
    await device.none();
    const { telemetry } = await w.show(device.id);
    expect(telemetry).toMatchObject({ temperature: { value: 20 }, humidity: { value: 50 } });
    expect(await samples(w, device.id)).toBe(2);
  });

  it("[T6] stored comes within 5 s and at most once a second", async (w) => {
    const device = await w.device("env-sensor");
    const begun = Date.now();
    for (let seq = 1; seq <= 10; seq++) device.send({ type: "telemetry", seq, data: { temperature: seq } });
    await device.next(stored(10), 6_000);
    expect(Date.now() - begun).toBeLessThan(6_000);
    const frames = device.frames.filter((frame) => frame.type === "stored");
    frames.slice(1).forEach((frame, at) => expect(frame.arrived - frames[at].arrived).toBeGreaterThan(900));
    expect(await samples(w, device.id)).toBe(10);
  });

  it("[T6] a refused seq is settled by its error and the next stored", async (w) => {
    const device = await w.device("env-sensor");
    device.send({ type: "telemetry", seq: 1, data: { temperature: 20 } });
    device.send({ type: "telemetry", seq: 7, data: { temperature: "warm" } });
    expect(await device.next("error")).toMatchObject({ code: "invalid_telemetry", seq: 7 });
    expect((await device.next(stored(7))).seq).toBe(7);
    expect(await samples(w, device.id)).toBe(1);
  });

  it("[T5] a repeat in the scope of a boot is settled again and not stored again, over reconnects", async (w) => {
    const made = await w.make("env-sensor");
    for (const connection of [1, 2, 3]) {
      const device = await w.connect(made);
      device.send({ type: "hello", boot: "a91f" });
      device.send({ type: "telemetry", seq: 3, samples: [{ ago: 60, data: { temperature: 1 } }] });
      device.send({ type: "telemetry", seq: 5, data: { temperature: 2 } });
      await device.next(stored(5));
      expect(await samples(w, made.id), `connection ${connection}`).toBe(2);
      await device.close();
    }
  });

  it("[T5] another boot, and a connection without one, are scopes of their own", async (w) => {
    const made = await w.make("env-sensor");
    for (const [at, boot] of ["a1", "b2", undefined, undefined].entries()) {
      const device = await w.connect(made);
      if (boot) device.send({ type: "hello", boot });
      device.send({ type: "telemetry", seq: 1, data: { temperature: at } });
      await device.next(stored(1));
      expect(await samples(w, made.id)).toBe(at + 1);
      await device.close();
    }
  });

  it("[T5] one counter serves telemetry and state", async (w) => {
    const device = await w.device("thermostat");
    device.send({ type: "telemetry", seq: 5, data: { temperature: 20 } });
    device.send({ type: "state", seq: 5, reported: { target: 20 } });
    device.send({ type: "state", seq: 6, reported: { mode: "heat" } });
    await device.next(stored(6));
    expect((await w.show(device.id)).reported).toEqual({ mode: "heat" });
  });

  it("[T9] an event that the kind does not have is refused; the list is empty", async (w) => {
    const device = await w.device("relay");
    device.send({ type: "event", seq: 1, name: "motion", data: {} });
    const error = await device.next();
    expect(error).toMatchObject({ type: "error", code: "invalid_telemetry", of: "event", seq: 1, pointer: "#/name" });
    device.send({ type: "event", seq: 2, name: "Motion!" });
    expect(await device.next("error")).toMatchObject({ code: "invalid_telemetry", of: "event", pointer: "#/name" });
    const events = await w.admin.get(`/api/v1/devices/${device.id}/events`);
    expect(events.status).toBe(200);
    expect(events.body).toEqual({ items: [], next: null, total: 0 });
  });

  it("[T1] a hello's firmware is the device's", async (w) => {
    const device = await w.device("relay");
    device.send({ type: "hello", firmware: "1.2.0" });
    await device.none();
    expect((await w.show(device.id)).firmware).toBe("1.2.0");
  });

  it("[R] POST telemetry takes the frame without its type, at once", async (w) => {
    const made = await w.make("env-sensor");
    const device = w.rest(made.token);
    const path = `/api/v1/devices/${made.id}/telemetry`;
    const one = await device.post(path, { data: { temperature: 19.5 } });
    expect([one.status, one.body]).toEqual([200, { accepted: 1 }]);
    expect((await w.show(made.id)).telemetry.temperature.value).toBe(19.5);
    const entries = [{ ago: 9, data: { humidity: 40 } }, { ago: 8, data: { humidity: 400 } }];
    const mixed = await device.post(path, { samples: entries });
    expect(mixed.status).toBe(200);
    expect(mixed.body.accepted).toBe(1);
    expect(mixed.body.refused).toHaveLength(1);
    expect(JSON.stringify(mixed.body.refused)).toContain("#/samples/1/data/humidity");
  });

  it("[F5] POST telemetry with an unknown key is refused; a sample that has one is left out and named", async (w) => {
    const made = await w.make("env-sensor");
    const post = (body: Json) => w.rest(made.token).post(`/api/v1/devices/${made.id}/telemetry`, body);
    const sample = { data: { temperature: 20 } };
    for (const key of ["type", "child", "device"]) {
      const answer = await post({ ...sample, [key]: "telemetry" });
      expectProblem(answer, 400, "bad_request");
      expect(answer.body.errors[0].pointer).toBe(`#/${key}`);
    }
    const odd = await post({ samples: [{ ...sample, child: "pump" }] });
    expectProblem(odd, 422, "invalid_telemetry");
    expect(odd.body.errors[0].pointer).toBe("#/samples/0/child");
    expect((await w.show(made.id)).telemetry).toEqual({});
    const mixed = await post({ samples: [sample, { ...sample, child: "pump" }] });
    expect(mixed.body, mixed.text).toMatchObject({ accepted: 1, refused: [{ pointer: "#/samples/1/child" }] });
  });

  it("[R2] POST telemetry with a bad sample is 422 with a pointer, and stores nothing", async (w) => {
    const made = await w.make("env-sensor");
    const answer = await w.rest(made.token).post(`/api/v1/devices/${made.id}/telemetry`, { data: { humidity: "wet" } });
    expectProblem(answer, 422, "invalid_telemetry");
    expect(answer.body.errors[0].pointer).toBe("#/data/humidity");
    expect((await w.show(made.id)).telemetry).toEqual({});
  });
});
