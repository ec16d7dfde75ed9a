/** Measured numbers are decimals: 21.53 is 2153 hundredths, and whole numbers take few bytes. */

/** Powers of ten that are exact, and beyond which a measurement has no digits. */
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
export const MOST_DECIMALS = POWERS.length - 1;
/** Differences of such numbers are exact too. */
const LARGEST = 2 ** 51;

/** The least decimals from `least` on in which the number is exact, or -1 where there are none. */
export function decimalsOf(value: number, least = 0): number {
  for (let decimals = least; decimals <= MOST_DECIMALS; decimals++) {
    if (isExact(value, decimals)) return decimals;
  }
  return -1;
}

/** Does it come back as it is? Zero of the other sign would not. */
export function isExact(value: number, decimals: number): boolean {
  const whole = toWhole(value, decimals);
  return Math.abs(whole) <= LARGEST && whole / POWERS[decimals] === value && !(whole === 0 && Object.is(value, -0));
}

export const toWhole = (value: number, decimals: number): number => Math.round(value * POWERS[decimals]);
export const fromWhole = (whole: number, decimals: number): number => whole / POWERS[decimals];
