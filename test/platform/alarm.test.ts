/** A timer that is set often: it rings once, at the time that was asked for last. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Alarm } from "../../src/platform/alarm.ts";

const NOON = Date.UTC(2026, 10, 26, 12);
const MONTH = 30 * 86_400_000;

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

function alarm() {
  const rung: number[] = [];
  return { rung, alarm: new Alarm(() => void rung.push(Date.now() - NOON)) };
}

it("rings once, at the time that was asked for last, sooner or later than before", () => {
  const { rung, alarm: one } = alarm();
  one.set(NOON + 100);
  one.set(NOON + 300);
  vi.advanceTimersByTime(250);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(rung).toEqual([300]);
  one.set(NOON + 1_000);
  one.set(NOON + 500);
  vi.advanceTimersByTime(2_000);
  expect(rung).toEqual([300, 500]);
});

it("does not ring where nothing is asked for any more, and does once something is again", () => {
  const { rung, alarm: one } = alarm();
  one.set(NOON + 100);
  one.set(null);
  vi.advanceTimersByTime(50);
  one.set(NOON + 200);
  vi.advanceTimersByTime(100);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(rung).toEqual([200]);
  one.set(NOON + 400);
  one.end();
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual([200]);
});

it("`by` brings it forward and never puts it off", () => {
  const { rung, alarm: one } = alarm();
  one.by(NOON + 300);
  one.by(NOON + 100);
  one.by(NOON + 200);
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual([100]);
});

it("waits longer than a timer of the runtime can, and rings at once for what is past", () => {
  const { rung, alarm: one } = alarm();
  one.set(NOON + MONTH);
  vi.advanceTimersByTime(MONTH - 1);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([MONTH]);
  one.set(NOON);
  vi.advanceTimersByTime(0);
  expect(rung).toHaveLength(2);
});

it("sets no timer anew while one will ring anyway", () => {
  const { alarm: one } = alarm();
  const set = vi.spyOn(globalThis, "setTimeout");
  for (let ms = 100; ms < 200; ms++) one.set(NOON + ms);
  expect(set).toHaveBeenCalledTimes(1);
  set.mockRestore();
});
