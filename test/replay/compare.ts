/** An answer of the hub's history against the truth of the record [R]: every point of it, or what is wrong with it. */
import { expect } from "vitest";
import type { ValueOf } from "../../src/hub/call.ts";
import type { Signalbox } from "../hub/signalbox.ts";
import { bySteps, growthOf, type Known, staysOf, within } from "./truth.ts";

export type History = ValueOf<"get_history">;

export interface Asked {
  device: string;
  field: string;
  from: number;
  to: number;
  points: number;
}

const MOST_POINTS = 2_000;

/** Asks, compares, and says how many points there were. */
export function compare(box: Signalbox, asked: Asked, series: readonly Known[]): number {
  const answer = box.ask("get_history", asked);
  const said = `${asked.device}.${asked.field} of ${new Date(asked.from).toISOString()} to ${
    new Date(asked.to).toISOString()
  } in ${asked.points} points, at ${new Date(box.now).toISOString()}`;
  const points = Math.min(asked.points, MOST_POINTS);
  expect(answer.points.length, said).toBeLessThanOrEqual(points);
  const to = Math.min(asked.to, box.now);
  expect(answer.resolution, said).toBe(Math.max(1, Math.ceil((to - asked.from) / 1000 / points)));
  const expected = TRUTHS[answer.class]({ from: asked.from, to, points, step: answer.resolution * 1000 }, series);
  const isTrue = answer.points.length === expected.length &&
    expected.every((point, at) => isNear(answer.points[at], point));
  // Only where it is not: to draw the difference takes long.
  if (!isTrue) expect(answer.points, said).toEqual(expected);
  expect(isTrue, said).toBe(true);
  return answer.points.length;
}

/** A sum in another order differs in its last digits, as measured by the greatest number in it. */
const NEAR = 1e-9;

const isNear = (point: readonly unknown[], expected: readonly unknown[]): boolean =>
  point.length === expected.length && expected.every((value, at) => {
    const other = point[at];
    if (typeof value !== "number" || typeof other !== "number" || at === 0) return value === other;
    return value === other || Math.abs(value - other) <= NEAR * scaleOf(expected);
  });

/** The start of a point is a time, and none of its numbers. */
const scaleOf = ([, ...numbers]: readonly unknown[]): number =>
  Math.max(...numbers.map((value) => typeof value === "number" ? Math.abs(value) : 0));

interface Covered {
  from: number;
  to: number;
  points: number;
  step: number;
}

const TRUTHS: Record<History["class"], (covered: Covered, series: readonly Known[]) => unknown[][]> = {
  gauge: ({ from, to, step }, series) =>
    [...bySteps(within(series, from, to), from, to, step)].map(([start, known]) => {
      const numbers = known.map(({ value }) => Number(value));
      const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
      return [start, Math.min(...numbers), mean, Math.max(...numbers), numbers.length];
    }),
  counter: ({ from, to, step }, series) =>
    [...bySteps(growthOf(within(series, from, to)), from, to, step)]
      .map(([start, growths]) => [start, growths.reduce((sum, { grown }) => sum + grown, 0), growths.length]),
  state({ from, to, step, points }, series) {
    const stays = staysOf(within(series, from, to), to);
    const told = stays.length <= points
      ? stays
      : [...bySteps(stays, from, to, step).values()].map((some) =>
        some.find(({ seconds }) => seconds === Math.max(...some.map(({ seconds }) => seconds)))!
      );
    return told.map(({ at, value, seconds }) => [at, value, seconds]);
  },
};
