/** What instruments on boats say to each other, NMEA 0183: one sentence of text, held against its checksum. */

export interface Sentence {
  /** What it tells, without who says it: `VTG` of `$IIVTG`. */
  type: string;
  /** As they came, after the name: empty where the instrument knows nothing. */
  fields: string[];
}

/** The sentence of a line; null where it is none, or where its checksum is another. */
export function sentenceOf(line: string): Sentence | null {
  const [, body, checksum] = /^\$([A-Z]{5}(?:,[^*$]*)?)\*([0-9A-F]{2})\r?$/.exec(line) ?? [];
  if (body === undefined || checksumOf(body) !== Number.parseInt(checksum, 16)) return null;
  const [name, ...fields] = body.split(",");
  return { type: name.slice(2), fields };
}

/** Every character between `$` and `*`, one after the other exclusively or'ed. */
function checksumOf(body: string): number {
  let sum = 0;
  for (let at = 0; at < body.length; at++) sum ^= body.charCodeAt(at);
  return sum;
}

/** A field's number; none where the instrument left it empty. */
export const numberOf = (field: string | undefined): number | undefined =>
  field === undefined || field.trim() === "" || !Number.isFinite(Number(field)) ? undefined : Number(field);

/** `6005.071,N`: degrees, and minutes with their decimals, as degrees. */
export function degreesOf(field: string, side: string): number | undefined {
  const [, degrees, minutes] = /^(\d{2,3})(\d{2}\.\d+)$/.exec(field) ?? [];
  if (degrees === undefined || !/^[NSEW]$/.test(side)) return undefined;
  const value = Number(degrees) + Number(minutes) / 60;
  return rounded(side === "S" || side === "W" ? -value : value, 6);
}

/** `095559`, or with decimals: ms since midnight. */
export function timeOfDay(field: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{2})(\d{2})(\d{2}(?:\.\d+)?)$/.exec(field) ?? [];
  if (hours === undefined) return undefined;
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

const METRES_PER_SECOND_PER_KNOT = 1852 / 3600;

export const fromKnots = (knots: number | undefined): number | undefined =>
  knots === undefined ? undefined : rounded(knots * METRES_PER_SECOND_PER_KNOT, 3);

export const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
