/** What watching costs: CPU of the core per sample, with so many who watch, beside fewer or none. */
import { type Case, drive } from "../driven.ts";
import { alternate, type Line, type Plan } from "../harness.ts";

const ALL: Case = { devices: 200, watchers: 1, samples: 1_000, watch: { window: [0, 500] } };
const LARGE: Case = { devices: 10_000, watchers: 0, samples: 100, watch: {} };
const LISTS = {
  "by name": { window: [0, 50], sort: "name" },
  "by a value that changes": { window: [0, 50], sort: "-temperature" },
  "by a query on a value": { window: [0, 50], query: "temperature>20" },
};

const COMPARED: [what: string, ours: Case, beside: Case][] = [
  ["200 devices, one watches them all; nobody does", ALL, { ...ALL, watchers: 0 }],
  ["200 devices, 50 watch them all; one does", { ...ALL, watchers: 50 }, ALL],
  ...Object.entries(LISTS).map(([name, watch]): [string, Case, Case] => [
    `10,000 devices, one watches 50 of them ${name}; nobody does`,
    { ...LARGE, watch, watchers: 1 },
    LARGE,
  ]),
];

/** Nothing is waited for: a fifth of the time is as good, and three runs are enough. */
const SHORTER = 5;
const MOST_RUNS = 3;

export async function views({ runs, seconds, warmUp }: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [what, ours, beside] of COMPARED) {
    const [mine, theirs] = [drive(ours), drive(beside)];
    const run = ({ run }: typeof mine) => () => Promise.resolve({ sample: run(seconds / SHORTER) });
    for (const { run } of [mine, theirs]) run(warmUp / SHORTER);
    const { sample } = await alternate(Math.min(runs, MOST_RUNS), run(mine), run(theirs));
    for (const { check } of [mine, theirs]) check();
    lines.push({
      row: "views",
      what: `CPU per sample without sockets, ${what}`,
      unit: "µs",
      ...sample,
      reach: "none set",
    });
  }
  return lines;
}
