/** An answer of the hub's history against the truth of the record [Q2]: all that it says, or what is wrong with it. */
import { expect } from "vitest";
import type { ValueOf } from "../../src/hub/call.ts";
import type { Retention } from "../../src/kind/kind.ts";
import type { Signalbox } from "../hub/signalbox.ts";
import { bySteps, cut, growthOf, type Known, levelOf, type Stay, staysOf, timesOf, type Value } from "./truth.ts";

export type History = ValueOf<"get_history">;

export interface Asked {
  device: string;
  field: string;
  from: number;
  to: number;
  points: number;
}

const MOST_POINTS = 2_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Asks, compares, and says how many points there were. */
export function compare(box: Signalbox, asked: Asked, series: readonly Known[], retention: Retention): number {
  const answer = box.ask("get_history", asked);
  const said = `${asked.device}.${asked.field} of ${new Date(asked.from).toISOString()} to ${
    new Date(asked.to).toISOString()
  } in ${asked.points} points, at ${new Date(box.now).toISOString()}`;
  const points = Math.min(asked.points, MOST_POINTS);
  expect(answer.points.length, said).toBeLessThanOrEqual(points);
  const to = Math.min(asked.to, box.now);
  // A device's clock may be a little ahead of the hub's.
  const until = Math.min(asked.to, box.now + MINUTE);
  const widths = widthsFor(asked, until, box.now, retention)
    .filter((width) => isMadeOf(answer, asked, to, width, points));
  expect(widths, `${said} at ${answer.resolution} s of ${answer.from} to ${answer.to}`).not.toEqual([]);
  const compareAs = (width: number) =>
    compareMadeOf(width, { box, answer, until, to, points, series, retention, said });
  // An answer may look like one of steps and be one of samples: then it has what was told at the range's very end.
  if (widths.length === 1 || !isTrue(() => compareAs(widths[0]))) compareAs(widths.at(-1)!);
  return answer.points.length;
}

function isTrue(compare: () => void): boolean {
  try {
    compare();
    return true;
  } catch {
    return false;
  }
}

interface Comparing {
  box: Signalbox;
  answer: History;
  until: number;
  to: number;
  points: number;
  series: readonly Known[];
  retention: Retention;
  said: string;
}

function compareMadeOf(width: number, { box, answer, until, to, points, series, retention, said }: Comparing): void {
  const { from } = answer;
  // Of whole steps the last one ends before the range does, but for what is newer than the range's end.
  const end = width === RAW ? to : Math.max(answer.to, until) - 1;
  const known = series.filter(({ at }) => at >= from && at <= end);
  const covered = { from, to: answer.to, step: answer.resolution * 1_000 };
  // Of the others a late sample of a minute that was told is not told apart from it [Q4].
  const isExact = width === RAW || answer.to <= settledBefore(box.now, retention);
  if (answer.class === "state") {
    const last = series.at(-1);
    // Nothing came since: it still is what it was.
    const before = last && last.at < from ? [{ at: from, value: last.value }] : [];
    const stays = staysOf([...before, ...known], Math.max(answer.from, Math.min(answer.to, box.now)));
    const lasted = stays.reduce((sum, { seconds }) => sum + seconds, 0);
    if (isExact) compareState(answer, stays, points, covered, width === RAW, said);
    else compareTotals(answer, stays, LATE_SECONDS + LATE_SHARE * lasted, said);
  } else {
    const expected = answer.class === "gauge" ? gauge(known, covered) : counter(known, covered);
    const greatest = Math.max(...known.map(({ value }) => Math.abs(Number(value))));
    const near = answer.class === "gauge" ? 0 : greatest * (isExact ? NEAR : LATE_TOTAL);
    const areTrue = answer.points.length === expected.length &&
      expected.every((point, at) => isNear(answer.points[at] as number[], point, near));
    // Only where they are not: to draw the difference takes long.
    if (!areTrue) expect(answer.points, said).toEqual(expected);
    expect(areTrue, said).toBe(true);
  }
}

/** Values as they came. */
const RAW = 0;

/** Are the range and the resolution as they have to be for an answer that is made of these? */
function isMadeOf(answer: History, asked: Asked, end: number, width: number, points: number): boolean {
  const unit = width || 1_000;
  const { from, to } = width === RAW
    ? { from: asked.from, to: end }
    : { from: Math.floor(asked.from / width) * width, to: Math.ceil(end / width) * width };
  return answer.from === from && answer.to === to &&
    answer.resolution * 1_000 === Math.max(1, Math.ceil((to - from) / points / unit)) * unit;
}

const LONGEST_RAW = 6 * HOUR;
const LONGEST_MINUTES = 14 * DAY;

/** Of what it may be made: the finest that is kept, or a finer one that is still there. */
function widthsFor({ from }: Asked, to: number, now: number, { raw, minute }: Retention): number[] {
  const isKept = (seconds: number | null) => seconds === null || from >= now - seconds * 1_000;
  const coarse = to - from <= LONGEST_MINUTES && isKept(minute) ? MINUTE : HOUR;
  if (to - from > LONGEST_RAW) return [coarse];
  return isKept(raw) ? [RAW] : [coarse, RAW];
}

interface Covered {
  from: number;
  to: number;
  step: number;
}

const gauge = (known: readonly Known[], { from, to, step }: Covered): number[][] =>
  [...bySteps(known, from, to, step)].map(([start, some]) => [start, ...levelOf(some)]);

const counter = (known: readonly Known[], { from, to, step }: Covered): number[][] =>
  [...bySteps(growthOf(known), from, to, step)]
    .map(([start, some]) => [start, some.reduce((sum, { grown }) => sum + grown, 0), some.length]);

/** How far answers may be off by what is late: of a state in all, and as a share; of a total that begins anew. */
const LATE_SECONDS = 60;
const LATE_SHARE = 0.02;
const LATE_TOTAL = 0.5;

/** Days before this one are made of all that was told. */
const settledBefore = (now: number, { raw }: Retention): number =>
  Math.floor((now - raw * 1_000 - 2 * HOUR - MINUTE) / DAY) * DAY;

/** How long it was what in all. */
function compareTotals({ totals }: History, stays: readonly Stay[], within: number, said: string): Map<Value, number> {
  const expected = timesOf(stays);
  const told = new Map((totals as [Value, number][]).map(([value, seconds]) => [value, seconds]));
  for (const value of new Set([...told.keys(), ...expected.keys()])) {
    const difference = Math.abs((told.get(value) ?? 0) - (expected.get(value) ?? 0));
    expect(difference, `${said}: ${value} in all`).toBeLessThanOrEqual(within);
  }
  return expected;
}

/** Each stay; where there are too many, what it was the longest in each step, or one of those. */
function compareState(
  answer: History,
  stays: readonly Stay[],
  points: number,
  { from, to, step }: Covered,
  isRaw: boolean,
  said: string,
): void {
  const told = answer.points as [number, Value, number][];
  const totals = compareTotals(answer, stays, 1e-3, said);
  const lasting = [...totals.keys()].filter((value) => totals.get(value)! > 0);
  if (isRaw) {
    // How often it became that.
    const times = Map.groupBy(stays, ({ value }) => value);
    for (const [value, , count] of answer.totals as [Value, number, number][]) {
      expect(count, `${said}: ${value}`).toBe(times.get(value)?.length);
    }
  }
  if (isRaw && stays.length <= points) {
    expect(told, said).toEqual(stays.map(({ at, value, seconds }) => [at, value, expect.closeTo(seconds, 6)]));
    return;
  }
  const isByStep = told.every(([start]) => (start - from) % step === 0);
  const sum = (value: Value) => told.reduce((sum, [, one, seconds]) => sum + (one === value ? seconds : 0), 0);
  if (lasting.every((value) => Math.abs(sum(value) - totals.get(value)!) < 1e-3) && !isRaw) return;
  expect(isByStep, said).toBe(true);
  const steps = cut(stays, from, to, step);
  expect(told.map(([start]) => start), said).toEqual([...steps.keys()]);
  for (const [start, value, seconds] of told) {
    const times = timesOf(steps.get(start)!);
    if (!isLong(seconds, times.get(value)) || !isLong(seconds, Math.max(...times.values()))) {
      expect([start, value, seconds], said).toEqual([...times]);
    }
  }
}

const isLong = (seconds: number, expected = 0): boolean => Math.abs(seconds - expected) < 1e-3;

/** A sum in another order differs in its last digits, as measured by what was summed. */
const NEAR = 1e-9;

/** Times and counts are exact; numbers are as near as the greatest of them allows, or so much. */
function isNear(point: readonly number[], expected: readonly number[], near: number): boolean {
  const numbers = expected.slice(1, -1);
  const most = Math.max(near, NEAR * Math.max(...numbers.map(Math.abs)));
  return point.length === expected.length && point[0] === expected[0] && point.at(-1) === expected.at(-1) &&
    numbers.every((number, at) => Math.abs(point[at + 1] - number) <= most);
}
