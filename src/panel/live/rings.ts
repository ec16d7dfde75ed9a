/** The last minutes of a value as a row of the list saw them come: outside React, and only of rows that were seen. */

interface Ring {
  ats: number[];
  values: number[];
  path: string;
  /** Of which moment it is. */
  drawn: number;
}

const POINTS = 48;
/** So many rows were looked at lately; whose was drawn longest ago is forgotten. */
const RINGS = 400;
/** What the line shows, in ms. */
const SPAN = 5 * 60_000;
export const RING_SIZE = { width: 44, height: 14 };
/** So far apart are the points of it, in ms: a fast device has the same minutes as a slow one. */
const STEP = SPAN / POINTS;
/** Within that nobody sees such a line move, in ms. */
const REDRAW = 1_000;

const rings = new Map<string, Ring>();

/** The line that this value belongs to; empty until there are two. Noting the same again changes nothing. */
export function lineWith(id: string, field: string, value: number, at: number, gap: number): string {
  const key = `${id} ${field}`;
  const ring = rings.get(key) ?? { ats: [], values: [], path: "", drawn: 0 };
  const { ats, values } = ring;
  if (ats.length > 0 && at <= ats.at(-1)!) return ring.path;
  // The newest stands for its step until the next one begins; a step longer than a gap would be one.
  const isOnItsWay = ats.length > 1 && ats.at(-1)! - ats.at(-2)! < Math.min(STEP, gap / 2);
  const place = isOnItsWay ? ats.length - 1 : ats.length;
  ats[place] = at;
  values[place] = value;
  while (ats.length > POINTS || ats[0] < at - SPAN) {
    ats.shift();
    values.shift();
  }
  if (!isOnItsWay || at >= ring.drawn + REDRAW) {
    ring.path = pathOf(ring, gap);
    ring.drawn = at;
  }
  // The last one in a Map is the newest.
  rings.delete(key);
  rings.set(key, ring);
  if (rings.size > RINGS) rings.delete(rings.keys().next().value!);
  return ring.path;
}

/** Where nothing was seen for longer than `gap`, in ms, the line breaks. */
function pathOf({ ats, values }: Ring, gap: number): string {
  if (ats.length < 2) return "";
  const { width, height } = RING_SIZE;
  const [first, last] = [ats[0], ats[ats.length - 1]];
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // A flat line stands in the middle; a wobble below a hundredth of the value is flat to the eye.
  const span = Math.max(most - least, Math.abs(most) * 0.01, 1e-9);
  const middle = (most + least) / 2;
  const [perMs, perUnit] = [width / (last - first), (height - 2) / span];
  let path = "";
  for (let index = 0; index < ats.length; index++) {
    const x = tenths((ats[index] - first) * perMs);
    const y = tenths(height / 2 - (values[index] - middle) * perUnit);
    path += `${index === 0 || ats[index] - ats[index - 1] > gap ? "M" : "L"}${x} ${y}`;
  }
  return path;
}

const tenths = (one: number): number => Math.round(one * 10) / 10;
