/** The terms of a query that ask how long ago: last heard of [O13], `seen:>5m,never`; made [O15], `created:<1d`. */
import { ok, type Outcome, refuse } from "./fault.ts";
import type { Queried, Test } from "./queried.ts";

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** When that was; null where it never was. */
export const MOMENTS = new Map<string, (device: Queried) => number | null>([
  ["seen", ({ seen }) => seen],
  ["created", ({ createdAt }) => createdAt],
]);

/** What holds for this age in ms, null where it never was. */
type Age = (age: number | null) => boolean;

export function readAge(name: string, values: readonly string[]): Outcome<Test> {
  const momentOf = MOMENTS.get(name)!;
  // Whatever there is was made at some time.
  const hasNever = name === "seen";
  const tests: Age[] = [];
  for (const value of values) {
    const test = hasNever && value === "never" ? isNever : ageOf(value);
    if (!test) {
      return refuse("bad_request", `${name}: is ${hasNever ? ">5m, <1h or never" : ">5m or <1h"}, in s, m, h or d`);
    }
    tests.push(test);
  }
  return ok({
    ages: true,
    holds: (device, now) => {
      const at = momentOf(device);
      const age = at === null ? null : now - at;
      return tests.some((test) => test(age));
    },
  });
}

const isNever: Age = (age) => age === null;

function ageOf(value: string): Age | null {
  const [, sign, number, unit] = /^([<>])(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(value) ?? [];
  if (sign === undefined) return null;
  const limit = Number(number) * UNITS[unit as keyof typeof UNITS];
  return sign === ">" ? (age) => age !== null && age > limit : (age) => age !== null && age < limit;
}
