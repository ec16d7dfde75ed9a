/** Is a curve flat? Decided from medians and a robust slope, since memory is a saw and a shared machine has hiccups. */
import { median } from "../harness.ts";

export interface Point {
  at: number;
  value: number;
}

export interface Flatness {
  isFlat: boolean;
  /** A second, by the slope of the median pair. */
  slope: number;
  /** Over what was looked at, by that slope or from quarter to quarter, and what is let pass. */
  growth: number;
  room: number;
}

/** The first quarter of a run fills caches and compiles code. */
export const WARM_UP = 0.25;
/** Of the whole: of nearer points only the noise is seen. */
const APART = 0.25;
/** A slope is believed where all but so many of the pairs of points rise. */
const DOUBT = 0.1;

export function afterWarmUp<T extends { at: number }>(points: readonly T[]): T[] {
  const end = points.at(-1)?.at ?? 0;
  return points.filter(({ at }) => at >= end * WARM_UP);
}

/** The slope of every pair that is far enough apart to have one, the lowest first: of them Theil and Sen take the middle. */
export function slopes(points: readonly Point[]): number[] {
  const found: number[] = [];
  const apart = (points.at(-1)!.at - points[0].at) * APART;
  for (const [index, { at, value }] of points.entries()) {
    for (const later of points.slice(index + 1)) {
      if (later.at - at >= apart) found.push((later.value - value) / (later.at - at));
    }
  }
  return found.sort((one, other) => one - other);
}

/**
 * For a curve with little noise, as the live heap: leaks where it surely rises, and by more than `room` over the run.
 */
export function steadiness(points: readonly Point[], room: number): Flatness {
  const found = slopes(points);
  const span = points.at(-1)!.at - points[0].at;
  const slope = found[Math.floor(found.length / 2)];
  const surely = found[Math.floor(found.length * DOUBT)];
  return { isFlat: surely <= 0 || slope * span <= room, slope, growth: slope * span, room };
}

/** For a saw, as resident memory: the last quarter's median against the second's. */
export function levels(points: readonly Point[], room: number): Flatness {
  const end = points.at(-1)!.at;
  const quarter = (number: number) =>
    points.filter(({ at }) => at >= end * (number - 1) / 4 && at <= end * number / 4).map(({ value }) => value);
  const [second, last] = [median(quarter(2)), median(quarter(4))];
  const growth = last - second;
  return { isFlat: growth <= room, slope: growth / (end / 2), growth, room };
}
