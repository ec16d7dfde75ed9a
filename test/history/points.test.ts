import { describe, expect, it } from "vitest";
import {
  bucketsOf,
  counterPoints,
  gaugePoints,
  type Range,
  resolutionOf,
  runsOf,
  statePoints,
  totalsOf,
} from "../../src/history/points.ts";
import type { Value } from "../../src/history/series.ts";
import { counter, gauge, stepsOf } from "../../src/history/step.ts";

const at = (...values: [number, unknown][]): Value[] => values.map(([at, value]) => ({ at, value }));
const minute = { from: 0, to: 60_000, points: 6 };

function pointsOf(values: Value[], kept: "gauge" | "counter" | "state", range: Range): unknown[][] {
  const resolution = resolutionOf(range);
  const column = { times: values.map(({ at }) => at), values: values.map(({ value }) => value) };
  if (kept === "state") return statePoints(runsOf(values, range.to), range, resolution);
  return kept === "gauge"
    ? gaugePoints(stepsOf(gauge, column, bucketsOf(range, resolution)), range, resolution)
    : counterPoints(stepsOf(counter, column, bucketsOf(range, resolution)), range, resolution);
}

describe("points [Q1]", () => {
  it("a gauge has min, mean, max and count of each step, and leaves empty steps out", () => {
    expect(pointsOf(at([0, 1], [5_000, 3], [30_000, 7], [60_000, 9]), "gauge", minute)).toEqual([
      [0, 1, 2, 3, 2],
      [30_000, 7, 7, 7, 1],
      [50_000, 9, 9, 9, 1],
    ]);
  });

  it("a counter has the increase, over a reset too", () => {
    expect(pointsOf(at([0, 10], [5_000, 14], [15_000, 2], [20_000, 3]), "counter", minute)).toEqual([
      [0, 4, 2],
      [10_000, 2, 1],
      [20_000, 1, 1],
    ]);
  });

  it("a state has how long each value lasted, the last one until the end", () => {
    const values = at([0, "off"], [10_000, "on"], [20_000, "on"], [45_000, "off"]);
    expect(pointsOf(values, "state", minute)).toEqual([[0, "off", 10], [10_000, "on", 35], [45_000, "off", 15]]);
    expect(totalsOf(runsOf(values, minute.to))).toEqual([["off", 25, 2], ["on", 35, 1]]);
  });

  it("of a state that changed too often each step has what it was the longest, and for how long within it", () => {
    const values = at(...Array.from({ length: 60 }, (_, second): [number, unknown] => [
      second * 1_000,
      second % 10 < 7 ? "on" : "off",
    ]));
    const flapping = values.map(({ at }, index) => ({ at, value: index % 2 === 0 ? "a" : index % 4 }));
    expect(pointsOf(values, "state", { ...minute, points: 3 })).toEqual([[0, "on", 14], [20_000, "on", 14], [
      40_000,
      "on",
      14,
    ]]);
    expect(pointsOf(flapping, "state", { ...minute, points: 2 })).toEqual([[0, "a", 15], [30_000, "a", 15]]);
  });

  it("never gives more points than asked", () => {
    const many = Array.from(
      { length: 1_000 },
      (_, index): [number, unknown] => [index * 60, index % 2 === 0 ? "a" : "b"],
    );
    const numbers = many.map(([time], index): [number, unknown] => [time, index]);
    for (const points of [1, 2, 7, 60, 300]) {
      const range = { ...minute, points };
      expect(pointsOf(at(...many), "state", range).length).toBeLessThanOrEqual(points);
      expect(pointsOf(at(...numbers), "gauge", range).length).toBeLessThanOrEqual(points);
      expect(pointsOf(at(...numbers), "counter", range).length).toBeLessThanOrEqual(points);
      expect(resolutionOf(range)).toBeGreaterThanOrEqual(1);
    }
  });

  it("a resolution is whole steps of what it is made of, as few as do", () => {
    const day = { from: 0, to: 86_400_000, points: 300 };
    expect(resolutionOf(day)).toBe(288);
    expect(resolutionOf(day, 60)).toBe(300);
    expect(resolutionOf({ ...day, points: 2_000 }, 60)).toBe(60);
    expect(resolutionOf({ ...day, points: 1 }, 3_600)).toBe(86_400);
  });
});
