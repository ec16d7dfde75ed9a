/** What a sample costs in a fleet that grows, while all of it together says as much as before; beside a relay's growth. */
import { type Line, median, type Plan } from "../harness.ts";
import { fleetOf, hubWith } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { throughHub } from "../ways/hub.ts";
import { throughRelay } from "../ways/relay.ts";
import { runOver, type Way } from "../ways/way.ts";

const SIZES = [100, 1_000, 10_000];
/** Samples a second of all devices together. */
const TOTAL = 2_000;
/** Fewer and shorter than those of other rows, which all together have to end. */
const MOST = { runs: 2, seconds: 5 };

/** One side after the other: the load holds one fleet of ten thousand at a time. */
export async function growth(plan: Plan): Promise<Line[]> {
  const costs: { ours: number; bare: number }[] = [];
  for (const size of SIZES) {
    const fleet = await fleetOf("env-sensor", size);
    const hub = await hubWith(fleet, plan);
    const ours = await costOf(hub, () => throughHub(hub, fleet, "none"), plan);
    const relay = await yardstick("relay");
    costs.push({ ours, bare: await costOf(relay, () => throughRelay(relay, size, "none"), plan) });
  }
  const lines = SIZES.map((size, index): Line => {
    const { ours, bare } = costs[index];
    const what = `CPU per sample, ${size} devices with ${TOTAL}/s together, nobody watches; a relay to nobody`;
    return { row: "growth", what, unit: "µs", ours, yardstick: bare, ratio: ours / bare, reach: "none set" };
  });
  const [first, last] = [costs[0], costs.at(-1)!];
  const [ours, bare] = [last.ours / first.ours, last.bare / first.bare];
  const what = `CPU per sample of ${SIZES.at(-1)} devices by that of ${SIZES[0]}; the relay's`;
  // What sockets cost the runtime grows under both.
  const reach = "no growth beyond the relay's: ≤ 1.0";
  return [...lines, { row: "growth", what, unit: "times", ours, yardstick: bare, ratio: ours / bare, reach }];
}

async function costOf(server: Server, through: () => Promise<Way>, plan: Plan): Promise<number> {
  try {
    const way = await through();
    await runOver(server, way, TOTAL, plan.warmUp)();
    const costs: number[] = [];
    for (let run = 0; run < Math.min(plan.runs, MOST.runs); run++) {
      costs.push((await runOver(server, way, TOTAL, Math.min(plan.seconds, MOST.seconds))()).cost);
    }
    await way.check();
    return median(costs);
  } finally {
    await server.stop();
  }
}
