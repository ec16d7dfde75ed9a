/** What an object may write and read: rows are what it pays for, and what one answer reads it has to hold [T7, Q2]. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DrivenHub } from "./driven.ts";
import { shard } from "./world.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const DEVICES = 1_000;
const ROOFS = Array.from({ length: DEVICES }, (_, at) => `roof-${String(at).padStart(4, "0")}`);
/** Samples of a day at one each ten seconds. */
const A_DAY = DEVICES * 8_640;
/** Rows for a thousand samples. */
const BUDGET = 1;
/** Driven as they are; a night has days, which settle while the next one is told. */
const DAYS = Number((env as unknown as { DAYS?: string }).DAYS ?? 0);

/** Weather, with what a sensor adds to it. */
function sample(at: number, device: number): string {
  const noise = Math.sin(at * 12.9898 + device * 78.233) * 43_758.5453 % 1;
  const temperature = (18 + 6 * Math.sin(at / DAY * 6.28 + device) + noise / 5).toFixed(2);
  const humidity = (55 - 10 * Math.sin(at / DAY * 6.28 + device) + noise).toFixed(1);
  return `{"temperature":${temperature},"humidity":${humidity},"co2":${Math.round(430 + device % 400 + 4 * noise)}}`;
}

/** Each device once in ten seconds, evenly, as they happened to start. */
function* rounds(hub: DrivenHub, ms: number): Generator<number> {
  const begun = hub.now;
  for (let at = begun; at < begun + ms; at += 10 * SECOND) {
    for (let device = 0; device < DEVICES; device++) {
      // Not in step with any window.
      hub.until(at + device * 10 + 3);
      hub.tell(ROOFS[device], `{"type":"telemetry","data":${sample(hub.now, device)}}`);
    }
    yield at;
  }
}

const drive = (hub: DrivenHub, ms: number): number => [...rounds(hub, ms)].length * DEVICES;

/** Rows by what they were for, for each thousand samples. */
function told(what: string, parts: Record<string, number>, samples: number): number {
  const per = (rows: number) => rows / samples * 1_000;
  const total = per(Object.values(parts).reduce((sum, rows) => sum + rows, 0));
  const list = Object.entries(parts).map(([name, rows]) => `${name} ${per(rows).toFixed(3)}`).join(", ");
  console.log(`rows for 1,000 samples, ${what}: ${total.toFixed(3)} (${list})`);
  return total;
}

const MB = 1_000_000;
const RANGES = { hour: HOUR, day: DAY, fortnight: 14 * DAY, month: 30 * DAY, year: 365 * DAY };

/** Asks for each range, and what that read has to be bounded. */
function look(hub: DrivenHub, when: string): void {
  for (const [range, ms] of Object.entries(RANGES)) {
    hub.meter.takeReads();
    const asked = { device: "roof-0500", field: "co2", from: hub.now - ms, to: hub.now, points: 300 };
    const { points } = hub.ask("get_history", asked);
    const { rows, bytes, touched } = hub.meter.takeReads();
    const [out, whole] = [bytes, touched].map((size) => (size / MB).toFixed(2));
    console.log(`${when}, a ${range}: ${points.length} points, ${rows} rows, ${out} MB out of ${whole} MB`);
    expect(bytes).toBeLessThan(10 * MB);
    expect(touched).toBeLessThan(10 * MB);
  }
}

describe("rows written, at a thousand devices that tell three fields every ten seconds", () => {
  it.skipIf(DAYS > 0)(
    "[T7, Q3] an hour with its repacking, and the settling of a day, are within the budget",
    () =>
      runInDurableObject(shard("hour"), (_, state) =>
        DrivenHub.over(state, ROOFS, (hub) => {
          drive(hub, HOUR);
          hub.until(hub.now + 5 * 60 * SECOND);
          const alarms = hub.meter.rows("alarm");
          hub.until(hub.now + 2 * HOUR);
          expect(hub.store.count("journal")).toBe(0);
          const hour = hub.meter.take();
          const of = (rows: Map<string, number>, ...purposes: string[]) =>
            purposes.reduce((sum, purpose) => sum + (rows.get(purpose) ?? 0), 0);
          hub.until(hub.now + 3 * DAY);
          const settling = hub.meter.take();
          expect(settling.get("hourly")).toBe(DEVICES);
          expect(hub.alarmAt).toBeGreaterThan(hub.now + 20 * DAY);
          const bytes = hub.pageBytes("minute");
          // What is written goes again: journal and checkpoints soon, pages in their time.
          const parts = {
            alarms: 24 * alarms,
            journal: 24 * 2 * of(hour, "journal"),
            "raw pages": 24 * 2 * of(hour, "raw page"),
            "pages of minutes": 24 * 2 * of(hour, "minute page"),
            checkpoints: 24 * 2 * of(hour, "checkpoint"),
            settling: of(settling, "settling", "settling dropped", "alarm"),
            hours: of(settling, "hourly"),
            // Each step has at least one, and ends one before it is full.
            "settled pages": 2 * (of(settling, "minute page") + 24 * bytes / (128 * 1024)),
          };
          expect(told("of a day, from an hour", parts, A_DAY)).toBeLessThan(BUDGET);
        })),
    240_000,
  );

  it.skipIf(DAYS > 0).each([
    ["10 Hz, a sample a frame", 100, 1],
    ["100 Hz, ten samples a frame", 100, 10],
  ])(
    "[T7] one among them at %s forces no rows, and a sleeping socket keeps what fits",
    (what, period, frame) =>
      runInDurableObject(shard(what), (_, state) =>
        DrivenHub.over(state, [...ROOFS, "fast"], (hub) => {
          const minutes = 10;
          let samples = 0;
          let largest = 0;
          for (let at = hub.now, end = at + minutes * 60 * SECOND; at < end; at += period) {
            hub.until(at);
            const own = Array.from(
              { length: frame },
              (_, back) => `{"ago":${(frame - back - 1) * period / frame / SECOND},"data":${sample(at + back, 7)}}`,
            );
            hub.tell("fast", `{"type":"telemetry","samples":[${own}]}`);
            largest = Math.max(largest, hub.sockets.get("fast")!.attachment!.length);
            const quiet = at / period % 100 * 10;
            for (let device = quiet; device < quiet + 10; device++) {
              hub.tell(ROOFS[device], `{"type":"telemetry","data":${sample(at, device)}}`);
            }
            samples += frame + 10;
          }
          expect(largest).toBeGreaterThan(8_000);
          expect(largest).toBeLessThan(14 * 1024);
          expect(hub.meter.rows("journal")).toBeLessThanOrEqual(minutes);
          // T8
          const { points } = hub.ask("get_history", {
            device: "fast",
            field: "co2",
            from: hub.now - minutes * 60 * SECOND - SECOND,
            to: hub.now,
            points: 1,
          });
          expect(points[0][4]).toBe(minutes * 60 * SECOND / period * frame);
          hub.until(hub.now + 2 * HOUR);
          const { "trace": _ends, ...parts } = Object.fromEntries(hub.meter.take());
          for (const page of ["raw page", "minute page", "checkpoint"]) parts[`${page} dropped`] = parts[page];
          expect(told(`with one at ${what}`, parts, samples)).toBeLessThan(BUDGET);
        })),
    120_000,
  );

  it.runIf(DAYS > 0)(
    "[T7, Q3] days, as they come and go, are within the budget",
    () =>
      runInDurableObject(shard("days"), (_, state) =>
        DrivenHub.over(state, ROOFS, (hub) => {
          let samples = 0;
          for (let day = 0; day < DAYS; day++) {
            samples += drive(hub, DAY);
            told(`after ${day + 1} days`, Object.fromEntries(hub.meter.written), samples);
            look(hub, `after ${day + 1} days`);
          }
          hub.until(hub.now + 3 * DAY);
          const { "trace": _ends, ...parts } = Object.fromEntries(hub.meter.take());
          expect(hub.store.heads("page").every(({ id }) => id.startsWith("minute"))).toBe(true);
          parts["minute page dropped"] = parts["minute page"];
          expect(told(`of ${DAYS} days`, parts, samples)).toBeLessThan(BUDGET);
        })),
    3_600_000,
  );
});

describe("what one answer reads", () => {
  it.skipIf(DAYS > 0)(
    "[Q2] is at most 10 MB, whatever it asks and however lately that was told",
    () =>
      runInDurableObject(shard("reads"), (_, state) =>
        DrivenHub.over(state, ROOFS, (hub) => {
          drive(hub, 41 * 60 * SECOND);
          look(hub, "in the journal");
          hub.until(hub.now + 2 * HOUR);
          look(hub, "repacked");
          hub.until(hub.now + 3 * DAY);
          look(hub, "settled");
        })),
    120_000,
  );
});
