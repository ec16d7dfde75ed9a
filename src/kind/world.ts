/** What simulated devices of several kinds have of the world: things that move, and totals of what flows. */

/** One step nearer, and there exactly at the end: a sum of steps would miss it by a hair and go on for ever. */
export const towards = (to: number, at: number, step: number): number =>
  Math.abs(to - at) <= step ? to : at + Math.sign(to - at) * step;

export interface Integral {
  /** From now on so much flows. */
  flow(rate: number): void;
  /** What flowed until now. */
  readonly total: number;
  reset(): void;
}

/** Watts into kilowatt-hours, litres a minute into litres. */
export const WATT_SECONDS_PER_KWH = 3.6e6;
export const SECONDS_PER_MINUTE = 60;

/**
 * Each stretch counts with the rate that was told at its beginning, so that whoever adds up what the device told comes
 * to the same. It begins at nothing: a total that begins elsewhere would count as used at each new life.
 */
export function integral(self: { readonly time: number }, per: number): Integral {
  let total = 0;
  let rate = 0;
  let since = self.time;
  const settle = () => {
    total += rate * (self.time - since) / per;
    since = self.time;
  };
  return {
    flow(next) {
      settle();
      rate = next;
    },
    get total() {
      settle();
      return total;
    },
    reset() {
      settle();
      total = 0;
    },
  };
}
