/** Devices that are there and say nothing but `ping`: the memory that each takes, and the CPU of all. */
import { expectAll, type Line, median, pace, type Plan, rest, until } from "../harness.ts";
import { bySide, TEN_THOUSAND as DEVICES } from "../by_side.ts";
import { dialAll, expectOpen } from "../socket.ts";

const SIZES = [2_000, DEVICES];
/** Connections before the first measurement: they bring in code, and room that the later ones find. */
const FIRST = 200;
/** Seconds between two pings of a device. */
const HEARTBEAT = 30;
const SETTLE = 3;
/** Fewer than of other rows, which all together have to end. */
const MOST_RUNS = 3;

export async function memory(plan: Plan): Promise<Line[]> {
  const { ours, theirs } = await bySide(plan, async (server, dials) => {
    const lines = await dialAll(`${server.url}/device`, dials.slice(0, FIRST));
    await rest(SETTLE);
    const before = server.rss();
    const perSocket: number[] = [];
    for (const size of SIZES) {
      lines.push(...await dialAll(`${server.url}/device`, dials.slice(lines.length, size)));
      await rest(SETTLE);
      perSocket.push((server.rss() - before) / (size - FIRST) / 1024);
    }
    expectOpen(lines);
    return perSocket;
  });
  return SIZES.map((size, index) => ({
    row: "memory",
    what: `memory per idle device socket, ${size} devices; a bare server`,
    unit: "KB",
    ours: ours[index],
    yardstick: theirs[index],
    ratio: ours[index] / theirs[index],
    reach: "≤ 1.3",
  }));
}

export async function idle(plan: Plan): Promise<Line[]> {
  const { ours, theirs } = await bySide(plan, async (server, dials) => {
    let pongs = 0;
    const others: string[] = [];
    const hear = (text: string) => void (text === "pong" ? pongs += 1 : others.push(text));
    const lines = await dialAll(`${server.url}/device`, dials.map((one) => ({ ...one, hear })));
    await rest(SETTLE);
    let pings = 0;
    const perSecond = await runs(plan, async (seconds) => {
      const [cpu, begun] = [server.cpu(), performance.now()];
      await pace(DEVICES / HEARTBEAT, seconds, () => lines[pings++ % lines.length].send("ping"));
      return (server.cpu() - cpu) / (performance.now() - begun) * 1000;
    });
    await until("every ping is answered", () => pongs === pings);
    expectAll(`frames but pongs (${others[0]})`, others.length, 0);
    expectOpen(lines);
    return perSecond;
  });
  const what = `CPU in a second while ${DEVICES} devices idle, a ping of each every ${HEARTBEAT} s; a bare server`;
  return [{ row: "idle", what, unit: "ms", ours, yardstick: theirs, ratio: ours / theirs, reach: "none set" }];
}

async function runs(plan: Plan, run: (seconds: number) => Promise<number>): Promise<number> {
  await run(plan.warmUp);
  const figures: number[] = [];
  for (let done = 0; done < Math.min(plan.runs, MOST_RUNS); done++) figures.push(await run(plan.seconds));
  return median(figures);
}
