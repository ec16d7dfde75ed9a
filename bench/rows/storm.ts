/** Ten thousand devices whose server is killed: what it costs to have all of them back, beside a bare server. */
import { dialsOf, expectOnline, TEN_THOUSAND as DEVICES } from "../by_side.ts";
import {
  each,
  expectAll,
  type Figures,
  type Line,
  Lost,
  median,
  pace,
  type Plan,
  quantile,
  rest,
  until,
} from "../harness.ts";
import { fleetOf, hubWith, samplesIn } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { type Dial, dial, dialAll, expectOpen, type Line as Socket } from "../socket.ts";
import { sampleOf } from "../ways/way.ts";

/** All of them begin to come back within so many seconds, evenly. */
const WITHIN = 3;
/** Fewer than of other rows, which all together have to end. */
const MOST_STORMS = 2;
/** How long a device goes on trying, in ms. */
const PATIENCE = 30_000;
/** Longer than the hub gathers samples. */
const SETTLE = 1.5;
/** Histories that are read at the end are those of every so many devices. */
const READ_EVERY = 10;

type Name = "cost" | "online" | "p50" | "p99" | "tries";
const NAMES: [Name, string, string][] = [
  ["cost", "CPU per reconnection", "µs"],
  ["online", "from the new start until all are online again", "s"],
  ["p50", "p50 of a reconnection", "ms"],
  ["p99", "p99 of a reconnection", "ms"],
  ["tries", "tries of a device", ""],
];

export async function storm(plan: Plan): Promise<Line[]> {
  const begun = Date.now();
  const storms = Math.min(plan.runs, MOST_STORMS);
  const fleet = await fleetOf("env-sensor", DEVICES);
  const hub = await hubWith(fleet, plan);
  const checked = async () => {
    await expectOnline(hub, DEVICES);
    let counted = 0;
    for (let tries = 0; tries < 20 && counted < DEVICES; tries++) {
      await rest(SETTLE);
      counted = await hub.metric("signalbox_samples_total");
    }
    expectAll("samples after a storm", counted, DEVICES);
    await rest(SETTLE);
  };
  const ours = await (async () => {
    const seen = await stormsOn(hub, dialsOf(fleet), storms, checked);
    await each(fleet.devices.filter((_, device) => device % READ_EVERY === 0), 4, async ({ id }) => {
      expectAll(`samples in the history of ${id}`, await samplesIn(hub, id, "temperature", begun), storms);
    });
    return seen;
  })().finally(hub.stop);

  const bare = await yardstick("bare");
  let pongs = 0, expected = 0;
  const answered = () => until("every text is answered", () => pongs === expected);
  const dials = fleet.devices.map((): Dial => ({ hear: () => void (pongs += 1) }));
  const theirs = await stormsOn(bare, dials, storms, () => (expected += DEVICES, answered())).finally(bare.stop);

  return NAMES.map(([name, said, unit]): Line => ({
    row: "storm",
    what: `${said}, ${DEVICES} devices within ${WITHIN} s after the server was killed; a bare server`,
    unit,
    ours: ours[name],
    yardstick: theirs[name],
    ratio: ours[name] / theirs[name],
    reach: "none set",
  }));
}

/** The medians of so many storms; after each of them every device says something. */
async function stormsOn(
  server: Server,
  dials: readonly Dial[],
  storms: number,
  check: () => Promise<void>,
): Promise<Figures<Name>> {
  let lines = await dialAll(`${server.url}/device`, dials);
  const seen: Figures<Name>[] = [];
  for (let count = 0; count < storms; count++) {
    await server.restart();
    await until("everybody knows that the server is gone", () => lines.every((line) => !line.isOpen()));
    const { figures, back } = await comeBack(server, dials);
    seen.push(figures);
    lines = back;
    for (const line of lines) line.send(sampleOf(count));
    await check();
    expectOpen(lines);
  }
  const names = NAMES.map(([name]) => [name, median(seen.map((figures) => figures[name]))]);
  return Object.fromEntries(names);
}

async function comeBack(server: Server, dials: readonly Dial[]): Promise<{ figures: Figures<Name>; back: Socket[] }> {
  const took: number[] = [];
  const coming: Promise<Socket>[] = [];
  let tries = 0;
  const come = async (one: Dial) => {
    const asked = performance.now();
    for (;;) {
      tries += 1;
      const line = await dial(`${server.url}/device`, one).catch(() => null);
      if (line !== null) {
        took.push(performance.now() - asked);
        return line;
      }
      // The system turns away whoever comes while too many wait to be let in; devices try again, each at a time of its own.
      if (performance.now() - asked > PATIENCE) throw new Lost(`a device was not let in within ${PATIENCE} ms`);
      await rest(0.5 + Math.random());
    }
  };
  const [cpu, begun] = [server.cpu(), performance.now()];
  await pace(dials.length / WITHIN, WITHIN, (device) => coming.push(come(dials[device])));
  const back = await Promise.all(coming);
  const online = (performance.now() - begun) / 1000;
  const cost = (server.cpu() - cpu) * 1000 / dials.length;
  return {
    figures: { cost, online, p50: quantile(took, 0.5), p99: quantile(took, 0.99), tries: tries / dials.length },
    back,
  };
}
