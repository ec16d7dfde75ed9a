/** A command from the operator to the device and back, beside two relayed hops with two durable commits. */
import { alternate, expectAll, type Line, type Plan, quantile, rest } from "../harness.ts";
import { folder } from "../folders.ts";
import { adminToken, fleetOf, hubWith } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { dial, expectOpen, type Line as Socket } from "../socket.ts";

/** From the beginning of one to that of the next, in ms: half of what an operator may ask. */
const EVERY = 20;
/** The same while it warms up, which takes so many times the usual: V8 compiles what was called often, not what is called seldom. */
const EVERY_WARMING = 10, LONG_WARM_UP = 6;

export async function command(plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("relay", 1);
  const hub = await hubWith(fleet, plan);
  const commits = await yardstick("commits", { YARDSTICK_DATA: await folder() });
  try {
    const ours = await overHub(hub, fleet.devices[0]);
    const theirs = await overCommits(commits);
    for (const way of [ours, theirs]) await trips(LONG_WARM_UP * plan.warmUp, way, EVERY_WARMING)();
    const { p50, p99 } = await alternate(plan.runs, trips(plan.seconds, ours), trips(plan.seconds, theirs));
    expectOpen([...ours.lines, ...theirs.lines]);
    const done = await hub.metric("signalbox_commands_total", `status="succeeded"`);
    expectAll("commands that succeeded", done, ours.made());
    const ledger = await hub.get<{ total: number }>(`/api/v1/devices/${fleet.devices[0].id}/commands?limit=1`);
    expectAll("commands in the ledger", ledger.total, ours.made());
    expectAll("rows of the yardstick", await theirs.kept(), 2 * theirs.made());
    const what = "command, operator to device and back; two hops and two durable commits";
    return [
      { row: "command", what: `p50 of a ${what}`, unit: "ms", ...p50, reach: "≤ 1.5" },
      { row: "command", what: `p99 of a ${what}`, unit: "ms", ...p99, reach: "≤ 2" },
    ];
  } finally {
    await Promise.all([hub.stop(), commits.stop()]);
  }
}

interface Way {
  lines: Socket[];
  /** There and back; how many were made is counted. */
  trip(): Promise<void>;
  made(): number;
}

/** One after the other, for so long. */
const trips = (seconds: number, { trip }: Way, every = EVERY) => async () => {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const begun = performance.now();
    await trip();
    times.push(performance.now() - begun);
    await rest(Math.max(0, begun + every - performance.now()) / 1000);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
};

async function overHub(hub: Server, { id, token }: { id: string; token: string }): Promise<Way> {
  let made = 0;
  let back = Promise.withResolvers<void>();
  const device = await dial(`${hub.url}/device`, {
    token,
    isGreeted: true,
    hear(text) {
      const frame = JSON.parse(text);
      if (frame.type === "command") device.send(JSON.stringify({ type: "result", id: frame.id, ok: true }));
    },
  });
  const operator = await dial(`${hub.url}/operator`, {
    token: adminToken,
    isGreeted: true,
    hear(text) {
      const frame = JSON.parse(text);
      if (frame.type === "reply" && !frame.ok) back.reject(new Error(text));
      if (frame.type === "command" && frame.command.status === "succeeded") back.resolve();
    },
  });
  return {
    lines: [device, operator],
    made: () => made,
    trip() {
      back = Promise.withResolvers();
      const params = { on: made++ % 2 === 0 };
      operator.send(JSON.stringify({ type: "command", id: String(made), device: id, name: "set", params }));
      return back.promise;
    },
  };
}

async function overCommits(commits: Server): Promise<Way & { kept(): Promise<number> }> {
  let made = 0;
  let back = Promise.withResolvers<string>();
  const device = await dial(`${commits.url}/device`, {
    hear(text) {
      device.send(JSON.stringify({ type: "result", id: JSON.parse(text).id, ok: true }));
    },
  });
  const operator = await dial(`${commits.url}/operator`, { hear: (text) => back.resolve(text) });
  const say = (text: string) => {
    back = Promise.withResolvers();
    operator.send(text);
    return back.promise;
  };
  return {
    lines: [device, operator],
    made: () => made,
    async trip() {
      const params = { on: made++ % 2 === 0 };
      await say(JSON.stringify({ type: "command", id: String(made), device: "relay", name: "set", params }));
    },
    kept: async () => Number(await say("count")),
  };
}
