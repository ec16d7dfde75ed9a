/** CPU of the server per connection that comes in with a token of its own and leaves again, beside a bare server. */
import { alternate, expectAll, type Line, pace, type Plan, rest } from "../harness.ts";
import { fleetOf, hubWith } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { type Dial, dial } from "../socket.ts";

const DEVICES = 1_000;
/** Far below what would use up the machine's ports: each is kept for a minute after its connection. */
const PER_SECOND = 200;
const SETTLE = 1;

export async function connect(plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("env-sensor", DEVICES);
  const hub = await hubWith(fleet, plan);
  const bare = await yardstick("bare");
  const greeted = fleet.devices.map(({ token }): Dial => ({ token, isGreeted: true }));
  try {
    const [ours, theirs] = [visitsTo(hub, greeted), visitsTo(bare, [{}])];
    await ours.run(plan.warmUp)();
    await theirs.run(plan.warmUp)();
    const { connect } = await alternate(plan.runs, ours.run(plan.seconds), theirs.run(plan.seconds));
    const came = Math.min(DEVICES, ours.made());
    expectAll("sockets left", await hub.metric("signalbox_connections", `sort="device"`), 0);
    const { items, total } = await hub.get<Devices>("/api/v1/devices?limit=500");
    expectAll("devices", total, DEVICES);
    const seen = items.filter(({ presence, seen }) => presence === "offline" && seen !== null).length;
    expectAll("devices that were there and left", seen, Math.min(items.length, came));
    const what = `CPU per authenticated connect and close, ${PER_SECOND}/s; a bare server`;
    return [{ row: "connect", what, unit: "µs", ...connect, reach: "≤ 2" }];
  } finally {
    await Promise.all([hub.stop(), bare.stop()]);
  }
}

/** Devices come in and leave in turn, over all runs: one that is back too soon would take over from itself. */
function visitsTo(server: Server, dials: readonly Dial[]) {
  let made = 0;
  const failed: unknown[] = [];
  const visit = () =>
    dial(`${server.url}/device`, dials[made++ % dials.length]).then((line) => line.close())
      .catch((error) => void failed.push(error));
  const run = (seconds: number) => async () => {
    const visits: Promise<void>[] = [];
    const before = server.cpu();
    const count = await pace(PER_SECOND, seconds, () => visits.push(visit()));
    await Promise.all(visits);
    await rest(SETTLE);
    expectAll(`visits without a fault (${failed[0]})`, count - failed.length, count);
    return { connect: (server.cpu() - before) * 1000 / count };
  };
  return { run, made: () => made };
}

interface Devices {
  items: { presence: string; seen: number | null }[];
  total: number;
}
