/** Rows that a Durable Object writes in one turn for a device that is deleted after a year: they are bounded [Q12]. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { writeStepsOf } from "../../src/history/extent.ts";
import { pack, type Part } from "../../src/history/page.ts";
import { every, gauge, stepsOf } from "../../src/history/step.ts";
import { DrivenHub } from "./driven.ts";
import { shard } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DEVICES = Array.from({ length: 12 }, (_, at) => `roof-${10 + at}`);
const [FIRST, GONE] = DEVICES;
/** Days of minutes and days of hours, as a kind keeps them that says nothing. */
const [MINUTES, HOURS] = [30, 365];

const EVENTS = 1_000;

/** What happened to it within a month. */
function keepEvents(hub: DrivenHub): void {
  const rows = Array.from({ length: EVENTS }, (_, at) => ({
    ...{ id: `00e${String(at).padStart(5, "0")}`, device: GONE, name: "motion", data: {}, at: hub.now - at * HOUR / 2 },
  }));
  hub.store.commit(rows.map((row) => ({ put: "event" as const, row })), "normal");
}

/** As settling leaves it. */
function keep(hub: DrivenHub, today: number): void {
  for (let day = today - HOURS; day < today; day++) {
    const times = Array.from({ length: DAY / MINUTE }, (_, at) => day * DAY + at * MINUTE);
    const column = { times, values: times.map((at) => Math.round(Math.sin(at / DAY) * 100) / 10) };
    const steps = (width: number) =>
      writeStepsOf(new Map([["temperature", { kept: "gauge", steps: stepsOf(gauge, column, every(width)) }]]), width);
    const [minutes, hours] = [steps(MINUTE), steps(HOUR)];
    const parts = day < today - MINUTES ? [] : DEVICES.map((device): Part => ({ device, bytes: minutes }));
    hub.store.commit([
      ...pack({ tier: "minute", kind: "env-sensor", span: day }, `00g${day}`, parts, 128 * 1024, true)
        .map((row) => ({ put: "page" as const, row })),
      ...DEVICES.map((device) => ({
        put: "hourly" as const,
        row: { id: `${device} ${String(day).padStart(8, "0")}`, bytes: hours },
      })),
    ], "normal");
  }
}

it(
  "[Q7, Q12] a year of a device goes in turns of some rows, and nobody is told of it from the first one on",
  () =>
    runInDurableObject(shard("erase"), (_, state) =>
      DrivenHub.over(state, DEVICES, async (hub) => {
        keep(hub, Math.floor(hub.now / DAY));
        keepEvents(hub);
        await hub.wake();
        const hours = (device: string) =>
          hub.ask("get_history", {
            device,
            field: "temperature",
            from: hub.now - 400 * DAY,
            to: hub.now,
            points: 2_000,
          })
            .points.reduce((sum, point) => sum + Number(point[4]), 0);
        expect(hours(GONE)).toBe(HOURS * DAY / MINUTE);
        const rows = () => [...hub.meter.take().values()].reduce((sum, count) => sum + count, 0);
        rows();
        hub.ask("delete_device", { device: GONE });
        const turns = [rows()];
        hub.ask("create_device", { id: GONE, kind: "env-sensor" });
        rows();
        const events = () => hub.ask("list_events", { device: GONE }).total;
        const left = () =>
          hub.store.heads("hourly", { from: `${GONE} `, below: `${GONE}!` }).length + hub.store.count("event");
        for (let steps = 0; steps < 50 && left() > 0; steps++) {
          expect([events(), hours(GONE), hours(FIRST)]).toEqual([0, 0, HOURS * DAY / MINUTE]);
          hub.until(hub.alarmAt!);
          turns.push(rows());
          // As after a sleep.
          if (steps % 2 === 0) await hub.wake();
        }
        console.log(`rows written a turn for a device with a year of history that is deleted: ${turns.join(", ")}`);
        expect(left()).toBe(0);
        expect([hours(GONE), hours(FIRST)]).toEqual([0, HOURS * DAY / MINUTE]);
        const pages = hub.store.heads("page").flatMap(({ entries }) => entries.map(([device]) => device));
        expect(pages.filter((device) => device === GONE)).toEqual([]);
        // With the row that says how far it came, and the alarm.
        expect(Math.max(...turns)).toBeLessThanOrEqual(192 + 3);
        expect(turns.length).toBeGreaterThan(2);
      })),
  120_000,
);
