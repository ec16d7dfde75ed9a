import { describe, expect, it } from "vitest";
import { pointsOf, resolutionOf, type Value } from "../../src/hub/history.ts";

const at = (...values: [number, unknown][]): Value[] => values.map(([at, value]) => ({ at, value }));
const minute = { from: 0, to: 60_000, points: 6 };

describe("history [R]", () => {
  it("a gauge has min, mean, max and count of each step, and leaves empty steps out", () => {
    expect(pointsOf(at([0, 1], [5_000, 3], [30_000, 7], [60_000, 9]), "gauge", minute)).toEqual([[0, 1, 2, 3, 2], [
      30_000,
      7,
      7,
      7,
      1,
    ], [50_000, 9, 9, 9, 1]]);
  });

  it("a counter has the increase, over a reset too", () => {
    expect(pointsOf(at([0, 10], [5_000, 14], [15_000, 2], [20_000, 3]), "counter", minute)).toEqual([[0, 4, 2], [
      10_000,
      2,
      1,
    ], [20_000, 1, 1]]);
  });

  it("a state has how long each value lasted, the last one until the end", () => {
    expect(pointsOf(at([0, "off"], [10_000, "on"], [20_000, "on"], [45_000, "off"]), "state", minute)).toEqual([
      [0, "off", 10],
      [10_000, "on", 35],
      [45_000, "off", 15],
    ]);
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
});
