/** Lengths on the ground, in words. */
import { inWords } from "../../words/format.ts";

export const metresInWords = (metres: number): string =>
  metres >= 1000
    ? inWords(metres / 1000, { unit: "km", precision: metres % 1000 === 0 ? 0 : 1 })
    : inWords(metres, { unit: "m", precision: 0 });
