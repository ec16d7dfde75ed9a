/** How long to wait before the next try, in seconds [Z]. */

const MOST = 60;
/** What nobody changes within minutes: a revoked token, a second device with the same name. */
const LASTING = 15 * 60;
/** A hub that asks for more than this is not believed. */
const MOST_ASKED = 60 * 60;

type Random = () => number;

/**
 * Full jitter from 1 s up to twice as much after each failure in a row, at most a minute.
 * The floor is added, not clamped to: clamping would send half of a fleet back in the same instant.
 */
export function retryDelay(failures: number, random: Random): number {
  const ceiling = Math.min(MOST, 2 ** Math.max(1, failures));
  return 1 + random() * (ceiling - 1);
}

/** After a refusal that only a person can change, on a device that has none before it. */
export const lastingDelay = (random: Random): number => LASTING + random() * (LASTING / 3);

/** The hub named a time: not before it, and not all at once after it. */
export const askedDelay = (retryAfter: number, failures: number, random: Random): number =>
  Math.min(retryAfter, MOST_ASKED) + retryDelay(failures, random) - 1;
