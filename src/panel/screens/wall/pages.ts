/** Which devices stand on which page of a wall: those that want a look first, each part of the list watched by itself. Pure. */

/** In their order; together they are all that the query finds, each device in one of them. */
export const PARTS = [
  "is:stopped",
  "-is:stopped status:suspect",
  "-is:stopped status:offline",
  "-is:stopped -status:suspect,offline",
] as const;

export type Window = [from: number, count: number];

/** What is watched of each part for this page; where it has nothing of it, one device for the total. */
export function windowsOf(page: number, size: number, totals: readonly number[]): Window[] {
  let before = 0;
  return PARTS.map((_, part) => {
    const from = Math.max(0, page * size - before);
    const to = (page + 1) * size - before;
    before += totals[part];
    // What is not there yet may come: up to the page's end it is asked for.
    return to > 0 && from <= totals[part] ? [from, Math.min(500, to - from)] : [0, 1];
  });
}

interface Part {
  from: number;
  order: readonly string[];
  total: number;
}

/** Who stands on the page. Who goes from one part to another is in both for a moment, and shown once. */
export function idsOn(page: number, size: number, parts: readonly Part[]): string[] {
  let before = 0;
  const ids = new Set<string>();
  for (const { from, order, total } of parts) {
    order.forEach((id, index) => {
      const at = before + from + index;
      if (at >= page * size && at < (page + 1) * size) ids.add(id);
    });
    before += total;
  }
  return [...ids].slice(0, size);
}

/** As large as they can be and all be seen; where that is too small to read, there are pages. */
const SCALES = [2, 1.8, 1.6, 1.4, 1.25, 1.1, 1];
/** The least that a tile wants, in em. */
const TILE = { width: 17, height: 9.5 };

export interface Fit {
  columns: number;
  rows: number;
  scale: number;
}

export function fitOf(width: number, height: number, em: number, count: number): Fit {
  const fits = SCALES.map((scale): Fit => ({
    columns: Math.max(1, Math.floor(width / (TILE.width * em * scale))),
    rows: Math.max(1, Math.floor(height / (TILE.height * em * scale))),
    scale,
  }));
  return fits.find(({ columns, rows }) => columns * rows >= count) ?? fits.at(-1)!;
}
