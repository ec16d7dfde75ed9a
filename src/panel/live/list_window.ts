/** Which part of a long list to watch: what is visible, with a margin, and at rest [O2]. */

export type Window = [from: number, count: number];

const MARGIN = 30;
/** Windows begin and end on this grid, so that a nudge of the wheel asks for nothing. */
const GRID = 20;
const MOST = 500;

export function windowAround(first: number, last: number): Window {
  const from = Math.max(0, Math.floor((first - MARGIN) / GRID) * GRID);
  const to = Math.ceil((last + 1 + MARGIN) / GRID) * GRID;
  return [from, Math.min(MOST, to - from)];
}

/** Does it still hold everything that is seen? */
export const holds = ([from, count]: Window, first: number, last: number): boolean =>
  first >= from && last < from + count;
