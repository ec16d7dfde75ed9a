import { describe, expect, it } from "vitest";
import { appended, gapOf, type Series } from "../../src/panel/live/series.ts";
import { runsOf } from "../../src/panel/chart/state_strip.tsx";

/** Ten minutes, in steps of two seconds. */
const series = (kept: Series["class"], ...points: unknown[][]): Series => ({
  class: kept,
  resolution: 2,
  points,
  from: 1_000_000,
  to: 1_600_000,
});

describe("[T8] a history that goes on with the live values", () => {
  it("a gauge gets a point of one sample", () => {
    const before = series("gauge", [1_590_000, 20, 20.5, 21, 5]);
    expect(appended(before, { value: 21.5, at: 1_605_000 }).points).toEqual([
      [1_590_000, 20, 20.5, 21, 5],
      [1_605_000, 21.5, 21.5, 21.5, 1],
    ]);
    expect(before.points).toHaveLength(1);
    expect(appended(series("gauge"), { value: 3, at: 1_605_000 }).points).toEqual([[1_605_000, 3, 3, 3, 1]]);
  });

  it("a state lasts on while its value is the same, and begins another run when it is not", () => {
    const heating = series("state", [1_500_000, "idle", 60], [1_560_000, "heating", 40]);
    expect(appended(heating, { value: "heating", at: 1_610_000 }).points).toEqual([
      [1_500_000, "idle", 60],
      [1_560_000, "heating", 50],
    ]);
    expect(appended(heating, { value: "idle", at: 1_610_500 }).points).toEqual([
      [1_500_000, "idle", 60],
      [1_560_000, "heating", 50.5],
      [1_610_500, "idle", 0],
    ]);
    expect(appended(series("state"), { value: "idle", at: 1_610_000 }).points).toEqual([[1_610_000, "idle", 0]]);
  });

  it("a counter waits for its next reading: one total is no increase", () => {
    const before = series("counter", [1_590_000, 0.2, 3]);
    expect(appended(before, { value: 12.4, at: 1_610_000 })).toEqual({ ...before, from: 1_010_000, to: 1_610_000 });
  });

  it("what is not newer than the reading is in it already", () => {
    for (const before of [series("gauge", [1_590_000, 20, 20, 20, 1]), series("state"), series("counter")]) {
      for (const at of [1_580_000, 1_595_000, 1_600_000]) expect(appended(before, { value: 5, at })).toBe(before);
    }
  });

  it("the window moves on with what came, and keeps its width", () => {
    expect(appended(series("gauge"), { value: 1, at: 1_600_500 })).toMatchObject({ from: 1_000_500, to: 1_600_500 });
  });
});

describe("gaps stay gaps", () => {
  const every = (ms: number, ...more: number[]) => [...Array.from({ length: 10 }, (_, index) => index * ms), ...more];

  it("a step that is much longer than the others is one", () => {
    const gap = gapOf(every(10_000, 300_000), 2);
    expect(gap).toBeGreaterThan(10_000 * 2);
    expect(gap).toBeLessThan(210_000);
  });

  it("a sample that was lost is none, nor is a step of the history's own grid", () => {
    expect(gapOf(every(10_000), 2)).toBeGreaterThan(20_000);
    expect(gapOf([0, 1_000, 2_000], 60)).toBeGreaterThan(60_000);
  });

  it("is never below what a slow network does", () => {
    expect(gapOf(every(100), 0)).toBe(2500);
    expect(gapOf([], 1)).toBe(2500);
    expect(gapOf([5], 1)).toBe(2500);
  });
});

describe("a strip of states", () => {
  it("is runs of one value, the last one until now", () => {
    const runs = runsOf(series("state", [1_100_000, "idle", 300], [1_400_000, "heating", 10]));
    expect(runs).toEqual([
      { value: "idle", from: 1_100_000, to: 1_400_000 },
      { value: "heating", from: 1_400_000, to: 1_600_000 },
    ]);
  });

  it("begins where the window does", () => {
    expect(runsOf(series("state", [900_000, "idle", 700]))).toEqual([{
      value: "idle",
      from: 1_000_000,
      to: 1_600_000,
    }]);
  });

  it("leaves out what the window has moved past, and no run is negative", () => {
    let moved = series("state", [1_000_000, "idle", 1], [1_001_000, "heating", 1], [1_002_000, "idle", 598]);
    moved = appended(moved, { value: "idle", at: 1_605_000 });
    expect(moved.from).toBe(1_005_000);
    expect(runsOf(moved)).toEqual([{ value: "idle", from: 1_005_000, to: 1_605_000 }]);
  });

  it("keeps the value that only just came", () => {
    const moved = appended(series("state", [1_500_000, "idle", 100]), { value: "heating", at: 1_610_000 });
    expect(runsOf(moved)).toEqual([
      { value: "idle", from: 1_500_000, to: 1_610_000 },
      { value: "heating", from: 1_610_000, to: 1_610_000 },
    ]);
  });

  it("is empty without a value", () => expect(runsOf(series("state"))).toEqual([]));
});
