/** The term that asks how long ago a device was last heard of [O13]: `seen:>5m,never`. */
import { ok, type Outcome, refuse } from "./fault.ts";
import type { Test } from "./queried.ts";

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What holds for this silence in ms, null where there was never a word. */
type Silence = (silent: number | null) => boolean;

export function readSeen(values: readonly string[]): Outcome<Test> {
  const tests: Silence[] = [];
  for (const value of values) {
    const test = silenceOf(value);
    if (!test) return refuse("bad_request", "seen: is >5m, <1h or never, in s, m, h or d");
    tests.push(test);
  }
  return ok({
    ages: true,
    holds: ({ seen }, now) => {
      const silent = seen === null ? null : now - seen;
      return tests.some((test) => test(silent));
    },
  });
}

function silenceOf(value: string): Silence | null {
  if (value === "never") return (silent) => silent === null;
  const [, sign, number, unit] = /^([<>])(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(value) ?? [];
  if (sign === undefined) return null;
  const limit = Number(number) * UNITS[unit as keyof typeof UNITS];
  return sign === ">" ? (silent) => silent !== null && silent > limit : (silent) => silent !== null && silent < limit;
}
