/** The last minutes of a value as a row of the list saw them come: outside React, and only of rows that were seen. */

interface Ring {
  ats: number[];
  values: number[];
  path: string;
}

const POINTS = 48;
/** So many rows were looked at lately; whose was drawn longest ago is forgotten. */
const RINGS = 400;
/** What the line shows, in ms. */
const SPAN = 5 * 60_000;
export const RING_SIZE = { width: 44, height: 14 };

const rings = new Map<string, Ring>();

/** The line with this value in it; empty until there are two. Noting the same again changes nothing. */
export function lineWith(id: string, field: string, value: number, at: number, gap: number): string {
  const key = `${id} ${field}`;
  const ring = rings.get(key) ?? { ats: [], values: [], path: "" };
  const newest = ring.ats.at(-1);
  if (newest !== undefined && at <= newest) return ring.path;
  ring.ats.push(at);
  ring.values.push(value);
  while (ring.ats.length > POINTS || ring.ats[0] < at - SPAN) {
    ring.ats.shift();
    ring.values.shift();
  }
  ring.path = pathOf(ring, gap);
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
  let path = "";
  for (const [index, at] of ats.entries()) {
    const x = (at - first) / (last - first) * width;
    const y = height / 2 - (values[index] - middle) / span * (height - 2);
    path += `${index === 0 || at - ats[index - 1] > gap ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}
