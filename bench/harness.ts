/** What every row of the bench stands on: server processes, what they cost, and alternating runs. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { freePort } from "../test/support/port.ts";
import { DENO, start } from "../test/support/process.ts";

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
export interface Line {
  row: string;
  what: string;
  unit: string;
  ours: number;
  yardstick: number;
  ratio: number;
  /** What is to be reached, in words. */
  reach: string;
}

/** What was sent and is not counted, stored or shown: such a run is no result. */
export class Lost extends Error {}

export function expectAll(what: string, seen: number, sent: number): void {
  if (seen !== sent) throw new Lost(`${what}: ${seen} of ${sent}`);
}

export interface Server {
  url: string;
  /** Milliseconds of CPU that all of its threads used since it began. */
  cpu(): number;
  /** Bytes of memory that it holds now. */
  rss(): number;
  /** Asks it to end, and ends it where it does not. */
  stop(): Promise<void>;
}

/** Ticks of `/proc/<pid>/stat` are hundredths of a second on every Linux, whatever its kernel counts in. */
const TICK_MS = 10;
const LAST_WORDS_MS = 10_000;

/** A Deno program that listens on `PORT`. */
export async function serve(program: string, env: Record<string, string> = {}, flags: string[] = []): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = start(DENO, ["run", "-A", ...flags, program], { cwd: ROOT, env: { PORT: String(port), ...env } });
  await child.answers(`${url}/healthz`);
  const read = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, "utf8");
  return {
    url,
    cpu() {
      // After the name, which may hold blanks and brackets: the 14th and 15th of all fields.
      const fields = read("stat").split(") ").at(-1)!.split(" ");
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    rss: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(read("status"))![1]) * 1024,
    async stop() {
      child.signal("SIGTERM");
      const overdue = setTimeout(() => void child.kill(), LAST_WORDS_MS);
      await child.ended;
      clearTimeout(overdue);
    },
  };
}

/** A program of `yardsticks/`. */
export const yardstick = (name: string, env?: Record<string, string>): Promise<Server> =>
  serve(`bench/yardsticks/${name}.ts`, env);

export type Figures<N extends string> = Record<N, number>;
type Compared = Pick<Line, "ours" | "yardstick" | "ratio">;

/** Alternating runs: the median of each side, and the median of the ratios of those that ran side by side. */
export async function alternate<N extends string>(
  runs: number,
  ours: () => Promise<Figures<N>>,
  theirs: () => Promise<Figures<N>>,
): Promise<Record<N, Compared>> {
  const pairs: { ours: Figures<N>; theirs: Figures<N> }[] = [];
  for (let run = 0; run < runs; run++) {
    // Each goes first in turn: what a machine does meanwhile favours neither.
    if (run % 2 === 0) pairs.push({ ours: await ours(), theirs: await theirs() });
    else {
      const first = await theirs();
      pairs.push({ ours: await ours(), theirs: first });
    }
  }
  const names = Object.keys(pairs[0].ours) as N[];
  const compared = (name: N): Compared => ({
    ours: median(pairs.map(({ ours }) => ours[name])),
    yardstick: median(pairs.map(({ theirs }) => theirs[name])),
    ratio: median(pairs.map(({ ours, theirs }) => ours[name] / theirs[name])),
  });
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
