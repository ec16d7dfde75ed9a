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
    const stays = staysOf([...before(series, from), ...within(series, from, to)], to);
    if (stays.length <= points) return stays.map(({ at, value, seconds }) => [at, value, seconds]);
    // Where there are too many, what it was the longest in each step.
    const steps = new Map<number, Map<unknown, number>>();
    for (const { at, value, seconds } of stays) {
      const end = at + Math.round(seconds * 1000);
      for (let begun = at; begun < end;) {
        const start = from + Math.floor((begun - from) / step) * step;
        const until = Math.min(end, start + step);
        const totals = steps.get(start) ?? new Map<unknown, number>();
        steps.set(start, totals.set(value, (totals.get(value) ?? 0) + until - begun));
        begun = until;
      }
    }
    return [...steps].map(([start, totals]) => {
      const most = Math.max(...totals.values());
      return [start, [...totals].find(([, ms]) => ms === most)![0], most / 1000];
    });
  },
};

/** It still is what it was told to be last, where that was before. */
function before(series: readonly Known[], from: number): Known[] {
  const last = series.reduce<Known | undefined>((one, other) => one && one.at > other.at ? one : other, undefined);
  return last && last.at < from ? [{ ...last, at: from }] : [];
}
