/** CPU of the server per telemetry sample, with one operator who watches all of them, beside a bare relay. */
import { alternate, each, expectAll, type Line, pace, type Plan, rest, until } from "../harness.ts";
import { adminToken, type Fleet, fleetOf, type Hub, hubWith } from "../hub.ts";
import { type Server, yardstick } from "../server.ts";
import { dial, dialAll, expectOpen, type Line as Socket } from "../socket.ts";

interface Load {
  devices: number;
  perSecond: number;
}

/** The second form of the same row: many devices that speak seldom. */
const LOADS: Load[] = [{ devices: 200, perSecond: 20 }, { devices: 1_000, perSecond: 1 }];

/** What a hub gathers for at most a second is paid for by the run that sent it. */
const SETTLE = 1.5;
const MOST_IN_A_WINDOW = 500;

export async function telemetry(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const load of LOADS) lines.push(await compare(load, plan));
  return lines;
}

async function compare({ devices, perSecond }: Load, plan: Plan): Promise<Line> {
  const fleet = await fleetOf("env-sensor", devices);
  const hub = await hubWith(fleet, plan);
  const relay = await yardstick("relay");
  try {
    const ours = await throughHub(hub, fleet);
    const theirs = await throughRelay(relay, devices);
    const total = devices * perSecond;
    const run = (server: Server, { send, arrived }: Through, seconds = plan.seconds) => async () => {
      const before = server.cpu();
      const sent = await pace(total, seconds, send);
      await arrived();
      await rest(SETTLE);
      return { sample: (server.cpu() - before) * 1000 / sent };
    };
    await run(hub, ours, plan.warmUp)();
    await run(relay, theirs, plan.warmUp)();
    const { sample } = await alternate(plan.runs, run(hub, ours), run(relay, theirs));
    await ours.check();
    await theirs.check();
    const what = `CPU per sample, ${devices} devices at ${perSecond}/s, one watches; a bare relay`;
    return { row: "telemetry", what, unit: "µs", ...sample, reach: "≤ 1.0" };
  } finally {
    await Promise.all([hub.stop(), relay.stop()]);
  }
}

/** A way for samples to whoever watches. */
interface Through {
  /** The next sample of all devices in turn. */
  send(): void;
  /** Goes on when the watcher has what was sent last. */
  arrived(): Promise<void>;
  /** Was all of it counted, kept and shown? */
  check(): Promise<void>;
}

const valueOf = (n: number) => 10 + (n % 1_000) / 100;
const sampleOf = (n: number) =>
  `{"type":"telemetry","data":{"temperature":${valueOf(n)},"humidity":48,"pressure":1013.2}}`;

/** Devices in turn, each with a value of its own at each turn. */
function inTurn(lines: readonly Socket[]) {
  const state = { sent: 0 };
  return {
    state,
    send() {
      const device = state.sent % lines.length;
      lines[device].send(sampleOf(Math.floor(state.sent / lines.length) + device));
      state.sent += 1;
    },
    /** How many a device sent. */
    by: (device: number) => Math.floor((state.sent + lines.length - 1 - device) / lines.length),
  };
}

async function throughHub(hub: Hub, { devices }: Fleet): Promise<Through> {
  const begun = Date.now();
  const shown = new Map<string, number>();
  const errors: string[] = [];
  const show = (id: string, patch: Shown) => {
    const value = patch.telemetry?.temperature?.value;
    if (value !== undefined) shown.set(id, value);
  };
  const watcher = await dial(`${hub.url}/operator`, {
    token: adminToken,
    isGreeted: true,
    hear(text) {
      const frame = JSON.parse(text);
      if (frame.type === "changes") { for (const id in frame.devices) show(id, frame.devices[id]); }
      else if (frame.type === "reply" && !frame.ok) errors.push(text);
    },
  });
  for (let from = 0; from < devices.length; from += MOST_IN_A_WINDOW) {
    watcher.send(JSON.stringify({ type: "watch", id: `from-${from}`, window: [from, MOST_IN_A_WINDOW], sort: "id" }));
  }
  // A device is told nothing here but what is wrong.
  const hear = (text: string) => void errors.push(text);
  const dials = devices.map(({ token }) => ({ token, isGreeted: true, hear }));
  const lines = await dialAll(`${hub.url}/device`, dials);
  const { state, send, by } = inTurn(lines);
  const isShown = () => devices.every(({ id }, device) => shown.get(id) === valueOf(by(device) - 1 + device));
  return {
    send,
    arrived: () => until("the watcher has the last values", isShown),
    async check() {
      expectOpen([...lines, watcher]);
      expectAll(`samples without an error (${errors[0]})`, state.sent - errors.length, state.sent);
      expectAll("samples counted", await hub.metric("signalbox_samples_total"), state.sent);
      const to = Date.now();
      await each(devices, 4, async ({ id }, device) => {
        const query = `field=temperature&from=${begun}&to=${to}&points=2000`;
        const { points } = await hub.get<{ points: number[][] }>(`/api/v1/devices/${id}/telemetry?${query}`);
        expectAll(`samples in the history of ${id}`, points.reduce((sum, point) => sum + point[4], 0), by(device));
      });
    },
  };
}

interface Shown {
  telemetry?: { temperature?: { value?: number } };
}

async function throughRelay(relay: Server, devices: number): Promise<Through> {
  let passed = 0;
  const watcher = await dial(`${relay.url}/operator`, { hear: () => passed++ });
  const lines = await dialAll(`${relay.url}/device`, Array(devices).fill({}));
  const { state, send } = inTurn(lines);
  return {
    send,
    arrived: () => until("the watcher has all that was sent", () => passed === state.sent),
    check: () => Promise.resolve(expectOpen([...lines, watcher])),
  };
}
