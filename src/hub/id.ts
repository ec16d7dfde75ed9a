/** Ids: a time, a counter and randomness, in letters that sort like numbers and are hard to mistake. */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME = 10;
const COUNTER = 4;
/** Bytes of randomness in an id. */
export const ID_RANDOM = 8;

export const ID_LENGTH = TIME + COUNTER + ID_RANDOM;

/** Later ids sort after earlier ones, also within a millisecond and when the clock was set back. */
export const idOf = ({ at, counter }: { at: number; counter: number }, random: Uint8Array): string =>
  base32(at, TIME) + base32(counter, COUNTER) + letters(random);

/** Not above any id of this time or later, and above all earlier ones. */
export const lowestId = (at: number): string => base32(Math.min(at, 32 ** TIME - 1), TIME);

/** Where an id stands in time. */
export const timeOfId = (id: string): { at: number; counter: number } => ({
  at: valueOf(id.slice(0, TIME)),
  counter: valueOf(id.slice(TIME, TIME + COUNTER)),
});

/** Five bits of each byte, as a letter. */
export function letters(random: Uint8Array): string {
  let text = "";
  for (const byte of random) text += ALPHABET[byte & 31];
  return text;
}

function base32(value: number, width: number): string {
  let text = "";
  for (let rest = value; text.length < width; rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  return text;
}

const valueOf = (text: string): number => [...text].reduce((value, letter) => value * 32 + ALPHABET.indexOf(letter), 0);
