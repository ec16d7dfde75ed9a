/** What one shard in workerd takes in a second, beside a bare object that sends every text back and may sleep too. */
import { join } from "node:path";
import { alternate, each, expectAll, type Line, type Plan, rest, ROOT } from "../harness.ts";
import { adminToken, type Asked, asked, type Enrolled, enrollIn, lastOf, samplesIn } from "../hub.ts";
import type { Server } from "../server.ts";
import { type Dial, dial, expectOpen } from "../socket.ts";
import { sampleOf, valueOf } from "../ways/way.ts";
import { builtHub, workerd as start } from "../workerd.ts";

const DEVICES = 200;
/** Samples of a device, and behind them a text that says, answered, that all of them were taken. */
const BURST = 9;
/** With white space, since the bare `ping` is answered by the runtime. */
const FENCE = " ping ";
/** Shorter and fewer than those of other rows: all of them in one minute, in which the hub writes once, and pays for it. */
const MOST = { runs: 3, seconds: 7 };
const WINDOW = 61;

export async function workerd(plan: Plan): Promise<Line[]> {
  const hub = asked(
    await start({
      script: await builtHub(),
      className: "Shard",
      binding: "SHARD",
      vars: { SIGNALBOX_ADMIN_TOKEN: adminToken },
    }),
  );
  const echo = await start({
    script: join(ROOT, "bench/yardsticks/echo.js"),
    className: "Echo",
    binding: "OBJECT",
    vars: {},
  });
  try {
    const devices = await enrollIn(hub, "env-sensor", DEVICES);
    const begun = Date.now();
    const ours = await flood(hub, devices.map(({ token }) => ({ token, isGreeted: true })), {
      fence: "pong",
      echoes: 0,
    });
    const theirs = await flood(echo, devices.map(() => ({})), { fence: FENCE, echoes: BURST });
    const counted = countedRuns(hub, ours);
    await counted(plan.warmUp)();
    await theirs.run(plan.warmUp)();
    const costs = [costOf(hub, ours), costOf(echo, theirs)];
    const { runs, seconds } = { runs: Math.min(plan.runs, MOST.runs), seconds: Math.min(plan.seconds, MOST.seconds) };
    const { rate } = await alternate(runs, counted(seconds), theirs.run(seconds));
    // In a short try not even that, since nobody quotes it.
    if (seconds === MOST.seconds) await rest(WINDOW - (Date.now() - begun) / 1000);
    const [cost, bare] = costs.map((read) => read());
    theirs.check();
    ours.check();
    await expectKept(hub, devices, ours.by, begun);
    const what = `one shard of workerd, ${DEVICES} devices as fast as it answers; a bare echo object`;
    return [
      { row: "workerd", what: `messages a second, ${what}`, unit: "/s", ...rate, reach: "≥ 0.7" },
      {
        row: "workerd",
        what: `CPU per message, ${what}`,
        unit: "µs",
        ours: cost,
        yardstick: bare,
        ratio: cost / bare,
        reach: "none set",
      },
    ];
  } finally {
    await Promise.all([hub.stop(), echo.stop()]);
  }
}

/** What comes back in a round: the answer to the fence, and so many other texts. */
interface Answers {
  fence: string;
  echoes: number;
}

interface Flood {
  run(seconds: number): () => Promise<{ rate: number }>;
  /** Messages so far. */
  sent(): number;
  /** Samples so far of a device. */
  by(device: number): number;
  check(): void;
}

/** Rounds of every device, one behind the other: as fast as the server takes them, and no faster. */
async function flood(server: Server, dials: Dial[], { fence, echoes }: Answers): Promise<Flood> {
  const rounds = dials.map(() => 0);
  const ends = dials.map(() => () => {});
  let others = 0, example: string | undefined;
  let deadline = 0;
  const begin = (device: number) => {
    const first = rounds[device] * BURST + device;
    for (let n = first; n < first + BURST; n++) lines[device].send(sampleOf(n));
    lines[device].send(FENCE);
    rounds[device] += 1;
  };
  const hear = (device: number) => (text: string) => {
    if (text !== fence) return void (others += 1, example = text);
    if (performance.now() < deadline) begin(device);
    else ends[device]();
  };
  const lines = await each(dials, 32, (one, device) => dial(`${server.url}/device`, { ...one, hear: hear(device) }));
  const total = () => rounds.reduce((sum, count) => sum + count, 0);
  const sent = () => total() * (BURST + 1);
  return {
    sent,
    by: (device) => rounds[device] * BURST,
    run: (seconds) => async () => {
      const [before, begun] = [sent(), performance.now()];
      deadline = begun + seconds * 1000;
      await Promise.all(lines.map((_, device) =>
        new Promise<void>((resolve) => {
          ends[device] = resolve;
          begin(device);
        })
      ));
      return { rate: (sent() - before) / (performance.now() - begun) * 1000 };
    },
    check() {
      expectOpen(lines);
      expectAll(`texts but the fence's answer (${example})`, others, total() * echoes);
    },
  };
}

/** The hub counts in its memory, and an object that sleeps between two runs forgets: so each run is looked at by itself. */
const countedRuns = (hub: Asked, { run, sent }: Flood) => (seconds: number) => async () => {
  const samples = async () => [await hub.metric("signalbox_samples_total"), sent() / (BURST + 1) * BURST];
  const before = await samples();
  const figures = await run(seconds)();
  const after = await samples();
  expectAll("samples counted in a run", after[0] - before[0], after[1] - before[1]);
  return figures;
};

/** From now on, in µs of CPU a message: over all runs, because what is gathered for a minute is in few of them. */
function costOf(server: Server, { sent }: Flood): () => number {
  const [cpu, messages] = [server.cpu(), sent()];
  return () => (server.cpu() - cpu) * 1000 / (sent() - messages);
}

async function expectKept(
  hub: Asked,
  devices: Enrolled[],
  by: (device: number) => number,
  from: number,
): Promise<void> {
  await each(devices, 4, async ({ id }, device) => {
    expectAll(`samples in the history of ${id}`, await samplesIn(hub, id, "temperature", from), by(device));
    expectAll(`${id} shows its last value`, await lastOf(hub, id), valueOf(by(device) - 1 + device));
  });
}
