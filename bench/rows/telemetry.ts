/** CPU of the server per telemetry sample, with whoever watches all of them, beside a relay and MQTT brokers. */
import { beside, type Line, type Plan } from "../harness.ts";
import { fleetOf, hubWith } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { throughHub } from "../ways/hub.ts";
import { throughBroker } from "../ways/mqtt.ts";
import { throughRelay } from "../ways/relay.ts";
import type { Watching } from "../ways/watch.ts";
import { runOver, type Way } from "../ways/way.ts";
import { mosquitto, NO_MOSQUITTO } from "../yardsticks/mosquitto.ts";

interface Load {
  devices: number;
  perSecond: number;
  watching: Watching;
}

/** The first is the usual one; the second has many devices that speak seldom. */
const MERGED: Load[] = [
  { devices: 200, perSecond: 20, watching: "all" },
  { devices: 1_000, perSecond: 1, watching: "all" },
];
/** As many samples as the first. A watch is told every 50 ms at most, so a device that speaks every 100 ms is not merged. */
const UNMERGED: Load = { devices: 400, perSecond: 10, watching: "each" };

/** So many times the usual: by then the hub has done what it does now and then, and V8 has compiled it. */
const LONG_WARM_UP = 8;

/** Of all but the relay fewer and shorter runs will do: all rows together have to end. */
const FEW = { runs: 3, seconds: 5 };

export async function telemetry(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const load of MERGED) lines.push(...await merged(load, plan));
  lines.push(...await unmerged(UNMERGED, plan));
  return lines;
}

type Side = ReturnType<typeof runOver>;
interface Beside {
  what: string;
  reach: string;
  /** No more and no longer runs than these. */
  most: { runs: number; seconds: number };
  /** So many times the usual warm-up. */
  warmUp: number;
  /** Null where there is no such program. */
  start(): Promise<Server | null>;
  way(server: Server, devices: number): Promise<Way>;
}

const RELAY: Beside = {
  what: "a bare relay",
  reach: "≤ 1.0",
  most: { runs: Infinity, seconds: Infinity },
  warmUp: LONG_WARM_UP,
  start: () => yardstick("relay"),
  way: throughRelay,
};
/** What Deno takes for a text that nothing is done with: the floor under whatever receives it. */
const RECEIVER: Beside = {
  what: "a bare server that only receives",
  reach: "none set",
  most: FEW,
  warmUp: 1,
  start: () => yardstick("relay"),
  way: (server, devices) => throughRelay(server, devices, "none"),
};
const BROKERS: Beside[] = ([
  ["Mosquitto, QoS 0", mosquitto, 0, "none set"],
  ["Mosquitto, QoS 1", mosquitto, 1, "< 0.5"],
  ["aedes, QoS 0", () => yardstick("aedes"), 0, "none set"],
] as const).map(([what, start, qos, reach]) => ({
  what,
  start,
  reach,
  most: FEW,
  warmUp: 1,
  way: (server, devices) => throughBroker(server, devices, qos),
}));

async function merged(load: Load, plan: Plan): Promise<Line[]> {
  const isUsual = load === MERGED[0];
  const sides = isUsual ? [RELAY, RECEIVER, ...BROKERS] : [RELAY, ...BROKERS];
  const { compared } = await compare(load, sides, plan);
  const said = `${load.devices} devices at ${load.perSecond}/s, one watches`;
  const lines = sides.map(({ what, reach }): Line => {
    const line = {
      row: "telemetry",
      what: `CPU per sample, ${said}; ${what}`,
      unit: "µs",
      reach: isUsual ? reach : "none set",
    };
    return compared[what] ? { ...line, ...compared[what].cost } : { ...line, leftOut: NO_MOSQUITTO };
  });
  // The frames go out at the same times whatever the load: one of them shows it.
  if (!isUsual) return lines;
  const delays = (["p50", "p99"] as const).map((name): Line => ({
    row: "telemetry",
    what: `${name} from a sample to the frame that shows it, ${said}, 4 frames/s; a bare relay`,
    unit: "ms",
    ...compared[RELAY.what][name],
    reach: "none set",
  }));
  return [...lines, ...delays];
}

async function unmerged(load: Load, plan: Plan): Promise<Line[]> {
  const few = { ...plan, runs: Math.min(plan.runs, FEW.runs), seconds: Math.min(plan.seconds, FEW.seconds) };
  const { compared, alone } = await compare(load, [RELAY], few);
  const part = (100 * alone).toFixed(1);
  const what = `CPU per sample without merging, ${load.devices} devices at ${load.perSecond}/s, a watch for each ` +
    `(${part} % in a frame of their own); a bare relay`;
  return [{ row: "telemetry", what, unit: "µs", ...compared[RELAY.what].cost, reach: "none set" }];
}

async function compare({ devices, perSecond, watching }: Load, others: Beside[], plan: Plan) {
  const fleet = await fleetOf("env-sensor", devices);
  const total = devices * perSecond;
  const servers: Server[] = [];
  const ways: Way[] = [];
  const warm = async (server: Server, way: Way, warmUp: number, most = Infinity): Promise<Side> => {
    ways.push(way);
    await runOver(server, way, total, warmUp * plan.warmUp)();
    return runOver(server, way, total, Math.min(plan.seconds, most));
  };
  try {
    const hub = await hubWith(fleet, plan);
    servers.push(hub);
    const through = await throughHub(hub, fleet, watching);
    const ours = await warm(hub, through, LONG_WARM_UP);
    const sides: Record<string, { side: Side; runs: number }> = {};
    for (const { what, most, warmUp, start, way } of others) {
      const server = await start();
      if (server === null) continue;
      servers.push(server);
      const side = await warm(server, await way(server, devices), warmUp, most.seconds);
      sides[what] = { side, runs: Math.min(most.runs, plan.runs) };
    }
    const compared = await beside(ours, sides);
    for (const way of ways) await way.check();
    return { compared, alone: through.alone() / through.sent() };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
