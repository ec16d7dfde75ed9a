/** Ways of writing a value that many firmwares share. */
import type { ReadingSpec } from "../mapping.ts";

export const NUMBER = { as: "number" } as const satisfies ReadingSpec;
export const ON_OFF = { words: { ON: true, OFF: false } } satisfies ReadingSpec;

/** 153 mired, where their scale begins, is a little more than our 6,500 K. */
export const MIRED = { convert: "mired", clamp: [2000, 6500], round: 0, digits: 0 } satisfies ReadingSpec;
/** A bulb rounds to whole mireds: at 6,500 K two of them are 42 K apart. */
export const MIRED_OFF = 25;

/** A brightness of nothing is a lamp that is off, and no brightness that it could have when it is on. */
export const brightnessOf = (full: number) =>
  ({ range: { theirs: [0, full], ours: [0, 100] }, round: 0, digits: 0, bounds: [1, 100] }) satisfies ReadingSpec;

export const FAHRENHEIT = { range: { theirs: [32, 212], ours: [0, 100] }, round: 2 } satisfies ReadingSpec;
export const WATT_HOURS = { range: { theirs: [0, 1000], ours: [0, 1] }, round: 6 } satisfies ReadingSpec;
