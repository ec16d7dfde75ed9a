/** What one watcher of ten thousand devices costs the hub per sample, beside the same load with nobody watching. */
import { expectOnline, TEN_THOUSAND as DEVICES } from "../by_side.ts";
import { alternate, type Line, type Plan } from "../harness.ts";
import { fleetOf, hubWith } from "../hub.ts";
import { throughHub } from "../ways/hub.ts";
import type { Watching } from "../ways/watch.ts";
import { runOver, sampleOf } from "../ways/way.ts";

/** Samples a second of all devices together. */
const TOTAL = 2_000;
/** So long that each device has its turn once, also in a short try; fewer runs than of other rows, which all have to end. */
const SECONDS = DEVICES / TOTAL;
const MOST_RUNS = 3;

const WATCHED: [Watching, string][] = [
  ["list", "one watches a list of 50"],
  ["all", "one watches all of them in 20 lists"],
];

export async function watcher(plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("env-sensor", DEVICES);
  const hub = await hubWith(fleet, plan);
  const runs = Math.min(plan.runs, MOST_RUNS);
  try {
    const way = await throughHub(hub, fleet, "none");
    /** The watch begins before the run: its snapshot is no part of it. */
    const watched = (watching: Watching) => async () => {
      await way.watch(watching);
      const { cost } = await runOver(hub, way, TOTAL, SECONDS)();
      return { cost, rate: way.bytes() / SECONDS / 1024 };
    };
    await runOver(hub, way, TOTAL, plan.warmUp)();
    const lines: Line[] = [];
    for (const [watching, said] of WATCHED) {
      const { cost, rate } = await alternate(runs, watched(watching), watched("none"));
      const load = `${DEVICES} devices with ${TOTAL}/s together, ${said}`;
      const sent = TOTAL * sampleOf(0).length / 1024;
      lines.push(
        { row: "watcher", what: `CPU per sample, ${load}; nobody`, unit: "µs", ...cost, reach: "none set" },
        {
          row: "watcher",
          what: `sent to the watcher, ${load}; what the devices sent`,
          unit: "KB/s",
          ours: rate.ours,
          yardstick: sent,
          ratio: rate.ours / sent,
          reach: "none set",
        },
      );
    }
    await expectOnline(hub, DEVICES);
    await way.check();
    return lines;
  } finally {
    await hub.stop();
  }
}
