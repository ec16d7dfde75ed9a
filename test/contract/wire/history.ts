/** What history answers, by class of field. */
import { expect } from "vitest";
import { expectProblem, history as ask, isAround, section } from "./world.ts";

type Point = [start: number, ...rest: number[]];

export const history = section("history", (it) => {
  it("[R] a gauge is [start, min, mean, max, count], within the points asked for", async (w) => {
    const device = await w.device("env-sensor");
    const entries = Array.from({ length: 100 }, (_, at) => ({ ago: 3_500 - at * 35, data: { temperature: at / 2 } }));
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const { status, body } = await ask(w.admin, device.id, "field=temperature&points=10");
    expect(status).toBe(200);
    expect(body).toMatchObject({ field: "temperature", class: "gauge", unit: "°C", resolution: expect.any(Number) });
    expect(body.points.length).toBeLessThanOrEqual(10);
    expect(body.points.length).toBeGreaterThanOrEqual(5);
    const points: Point[] = body.points;
    for (const [start, min, mean, max, count] of points) {
      expect(min <= mean && mean <= max && count > 0, `${start}`).toBe(true);
    }
    expect(points.map((point) => point[0])).toEqual(points.map((point) => point[0]).toSorted((a, b) => a - b));
    expect(points.reduce((sum, point) => sum + point[4], 0)).toBe(100);
    expect(Math.min(...points.map((point) => point[1]))).toBe(0);
    expect(Math.max(...points.map((point) => point[3]))).toBe(49.5);
  });

  it("[R] a counter is [start, increase, count]", async (w) => {
    const device = await w.device("relay");
    const entries = [10, 10.5, 12, 12.25].map((energy, at) => ({ ago: 1_800 - at * 300, data: { energy } }));
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const { body } = await ask(w.admin, device.id, "field=energy");
    expect(body).toMatchObject({ field: "energy", class: "counter", unit: "kWh" });
    const points: Point[] = body.points;
    expect(points.every((point) => point.length === 3)).toBe(true);
    expect(points.reduce((sum, point) => sum + point[1], 0)).toBeCloseTo(2.25, 6);
    expect(points.reduce((sum, point) => sum + point[2], 0)).toBe(4);
  });

  it("[R] a state is [start, value, seconds]", async (w) => {
    const device = await w.device("lock");
    const entries = [{ ago: 600, data: { door: "open" } }, { ago: 300, data: { door: "closed" } }];
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const { body } = await ask(w.admin, device.id, "field=door");
    expect(body).toMatchObject({ field: "door", class: "state" });
    const open = body.points.filter((point: unknown[]) => point[1] === "open");
    const closed = body.points.filter((point: unknown[]) => point[1] === "closed");
    expect(open.length + closed.length).toBe(body.points.length);
    const total = (points: [number, string, number][]) => points.reduce((sum, [, , seconds]) => sum + seconds, 0);
    expect(Math.abs(total(open) - 300)).toBeLessThan(15);
    expect(closed.length).toBeGreaterThan(0);
    expect(isAround(body.points[0][0], Date.now() - 600_000, 15_000)).toBe(true);
  });

  it("[R] empty buckets are left out", async (w) => {
    const device = await w.device("env-sensor");
    const entries = [{ ago: 3_000, data: { co2: 400 } }, { ago: 10, data: { co2: 500 } }];
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const { body } = await ask(w.admin, device.id, "field=co2");
    expect(body.points).toHaveLength(2);
    expect(body.points.map((point: number[]) => point.slice(1))).toEqual([[400, 400, 400, 1], [500, 500, 500, 1]]);
  });

  it("[R] the default is the last hour; from and to choose another", async (w) => {
    const device = await w.device("env-sensor");
    const entries = [{ ago: 7_200, data: { co2: 300 } }, { ago: 60, data: { co2: 400 } }];
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const values = async (query: string) => {
      const answer = await ask(w.admin, device.id, query);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.points.map((point: number[]) => point[2]);
    };
    expect(await values("field=co2")).toEqual([400]);
    const now = Date.now();
    expect(await values(`field=co2&from=${now - 3 * 3_600_000}`)).toEqual([300, 400]);
    expect(await values(`field=co2&from=${now - 3 * 3_600_000}&to=${now - 3_600_000}`)).toEqual([300]);
    expect(await values(`field=co2&from=${now - 3 * 3_600_000}&points=1`)).toHaveLength(1);
  });

  it("[R] a field without samples has no points", async (w) => {
    const { id } = await w.make("env-sensor");
    const answer = await ask(w.admin, id, "field=pressure");
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ field: "pressure", class: "gauge", unit: "hPa", points: [] });
  });

  it("[Q8, Q10] several fields side by side are a file, exactly as they were told", async (w) => {
    const device = await w.device("lock");
    const entries = [{ ago: 600, data: { door: "open", battery: 81.5 } }, { ago: 300, data: { door: "closed" } }];
    device.send({ type: "telemetry", samples: entries });
    await device.none();
    const answer = await w.admin.get(`/api/v1/devices/${device.id}/telemetry.csv?fields=battery,door`);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/csv; charset=utf-8/);
    expect(answer.headers.get("content-disposition")).toContain(`attachment; filename="${device.id} `);
    expect(answer.headers.get("link")).toBeNull();
    const [head, ...rows] = answer.text.split("\r\n");
    expect(head).toBe("time (UTC),time (ms),battery (%),door");
    expect(rows.map((row) => row.split(",").slice(2).join())).toEqual(["81.5,open", ",closed", ""]);
    for (const row of rows.slice(0, 2)) {
      const [iso, ms] = row.split(",");
      expect(Date.parse(iso)).toBe(Number(ms));
    }
    expect(isAround(Number(rows[0].split(",")[1]), Date.now() - 600_000, 15_000)).toBe(true);
    expectProblem(await w.admin.get(`/api/v1/devices/${device.id}/telemetry.csv?fields=colour`), 404, "not_found");
  });

  it("[R2] no field, an unknown field and odd numbers are refused", async (w) => {
    const { id } = await w.make("env-sensor");
    expectProblem(await ask(w.admin, id, ""), 400, "bad_request");
    for (const odd of ["points=0", "points=-1", "points=many", "from=yesterday", "to=x"]) {
      expectProblem(await ask(w.admin, id, `field=temperature&${odd}`), 400, "bad_request");
    }
    for (const field of ["colour", "constructor", "__proto__"]) {
      const answer = await ask(w.admin, id, `field=${field}`);
      expect([400, 404], `${field}: ${answer.text}`).toContain(answer.status);
    }
    expectProblem(await ask(w.admin, w.id(), "field=temperature"), 404, "not_found");
  });
});
