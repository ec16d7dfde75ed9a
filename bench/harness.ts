/** What every row of the bench stands on: alternating runs, an even pace, and what counts as lost. */
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How long and how often, and what to look at besides. */
export interface Plan {
  runs: number;
  seconds: number;
  warmUp: number;
  /** Where the hub's own profile goes, or null for none. */
  profiles: string | null;
}

/** One line of the table. */
export type Line = Cells & (Measured | { leftOut: string });

interface Cells {
  row: string;
  what: string;
  /** What is to be reached, in words. */
  reach: string;
}

interface Measured {
  unit: string;
  ours: number;
  yardstick: number;
  ratio: number;
}

/** What was sent and is not counted, stored or shown: such a run is no result. */
export class Lost extends Error {}

export function expectAll(what: string, seen: number, sent: number): void {
  if (seen !== sent) throw new Lost(`${what}: ${seen} of ${sent}`);
}

export type Figures<N extends string> = Record<N, number>;
type Compared = Omit<Measured, "unit">;
type Side<N extends string> = () => Promise<Figures<N>>;

/** Alternating runs: the median of each side, and the median of the ratios of those that ran side by side. */
export async function alternate<N extends string>(
  runs: number,
  ours: Side<N>,
  theirs: Side<N>,
): Promise<Record<N, Compared>> {
  return (await beside(ours, { theirs: { side: theirs, runs } })).theirs;
}

/** The same with several yardsticks, of which each runs in so many of the first rounds. */
export async function beside<N extends string, Y extends string>(
  ours: Side<N>,
  yardsticks: Record<Y, { side: Side<N>; runs: number }>,
): Promise<Record<Y, Record<N, Compared>>> {
  const names = Object.keys(yardsticks) as Y[];
  const rounds = Math.max(...names.map((name) => yardsticks[name].runs));
  const seen: { ours: Figures<N>; theirs: Partial<Record<Y, Figures<N>>> }[] = [];
  for (let round = 0; round < rounds; round++) {
    const theirs: Partial<Record<Y, Figures<N>>> = {};
    let own: Figures<N>;
    const acts = names.filter((name) => round < yardsticks[name].runs)
      .map((name) => async () => void (theirs[name] = await yardsticks[name].side()));
    acts.unshift(async () => void (own = await ours()));
    // Each goes first in turn: what a machine does meanwhile favours neither.
    for (const act of round % 2 === 0 ? acts : acts.reverse()) await act();
    seen.push({ ours: own!, theirs });
  }
  return Object.fromEntries(names.map((name) => {
    const pairs = seen.flatMap(({ ours, theirs }) => theirs[name] ? [{ ours, theirs: theirs[name] }] : []);
    return [name, comparedAll(pairs)];
  })) as Record<Y, Record<N, Compared>>;
}

function comparedAll<N extends string>(pairs: { ours: Figures<N>; theirs: Figures<N> }[]): Record<N, Compared> {
  const compared = (name: N): Compared => ({
    ours: median(pairs.map(({ ours }) => ours[name])),
    yardstick: median(pairs.map(({ theirs }) => theirs[name])),
    ratio: median(pairs.map(({ ours, theirs }) => ours[name] / theirs[name])),
  });
  const names = Object.keys(pairs[0].ours) as N[];
  return Object.fromEntries(names.map((name) => [name, compared(name)])) as Record<N, Compared>;
}

/** The value below which this part of them lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const rest = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** So many at once, until all are done. */
export async function each<T, R>(items: readonly T[], width: number, act: (item: T, index: number) => Promise<R>) {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await act(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

const BEAT_MS = 5;

/** Calls `act` so many times a second, evenly; says how often it did. What came late is made up for. */
export function pace(perSecond: number, seconds: number, act: (index: number) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const total = Math.round(perSecond * seconds);
    let done = 0;
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor((performance.now() - begun) / 1000 * perSecond));
      try {
        while (done < due) act(done++);
      } catch (error) {
        clearInterval(timer);
        return reject(error);
      }
      if (done < total) return;
      clearInterval(timer);
      resolve(done);
    }, BEAT_MS);
  });
}

/** Until it holds, or a `Lost` that says what was waited for. */
export async function until(what: string, holds: () => boolean, seconds = 30): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Lost(`${what}: not within ${seconds} s`);
    await rest(0.01);
  }
}
