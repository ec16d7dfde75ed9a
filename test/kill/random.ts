/** Numbers that come again with their seed. */
export interface Random {
  /** From 0 on, and below 1. */
  number(): number;
  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number;
  /** True in this share of the cases. */
  chance(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** Another stream of numbers, which draws nothing of this one from now on. */
  fork(): Random;
}

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    number,
    whole: (least, most) => least + Math.floor(number() * (most - least + 1)),
    chance: (share) => number() < share,
    pick: (of) => of[Math.floor(number() * of.length)],
    fork: () => random(Math.floor(number() * 2 ** 32)),
  };
}
