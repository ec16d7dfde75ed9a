/** CPU of the hub per sample while its bridge tells a broker what each device shows, beside the same hub without. */
import { beside, type Line, type Plan, until } from "../harness.ts";
import { fleetOf, type Hub, hubWith } from "../hub.ts";
import { connectMqtt, subscribe } from "../mqtt.ts";
import type { Server } from "../server.ts";
import { type ThroughHub, throughHub } from "../ways/hub.ts";
import { runOver } from "../ways/way.ts";
import { mosquitto, NO_MOSQUITTO } from "../yardsticks/mosquitto.ts";

interface Load {
  devices: number;
  perSecond: number;
}

/** The bridge tells of a device once a second: in the first, of every twentieth sample; in the second, of each. */
const LOADS: Load[] = [{ devices: 200, perSecond: 20 }, { devices: 1_000, perSecond: 1 }];
/** All rows together have to end. */
const FEW = { runs: 3, seconds: 5 };
const PREFIX = "signalbox";
const decoder = new TextDecoder();

export async function bridge(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const load of LOADS) lines.push(await bridged(load, plan));
  return lines;
}

async function bridged({ devices, perSecond }: Load, plan: Plan): Promise<Line> {
  const line = {
    row: "bridge",
    what:
      `CPU per sample with a bridge to Mosquitto, ${devices} devices at ${perSecond}/s, one watches; without a bridge`,
    reach: "none set",
  };
  const servers: Server[] = [];
  const broker = await mosquitto();
  if (broker === null) return { ...line, leftOut: NO_MOSQUITTO };
  servers.push(broker);
  try {
    const fleet = await fleetOf("env-sensor", devices);
    const shown = new Map<string, number>();
    const subscriber = await connectMqtt(broker.url, "subscriber", ({ topic, payload }) => {
      shown.set(topic, JSON.parse(decoder.decode(payload)).temperature);
    });
    await subscribe(subscriber, `${PREFIX}/+/telemetry`, 0);
    const start = async (settings: Record<string, string>) => {
      const hub = await hubWith(fleet, plan, settings);
      servers.push(hub);
      return { hub, way: await throughHub(hub, fleet, "all") };
    };
    const ours = await start({ SIGNALBOX_MQTT_URL: broker.plain, SIGNALBOX_MQTT_PREFIX: PREFIX });
    const theirs = await start({});
    const side = async ({ hub, way }: { hub: Hub; way: ThroughHub }) => {
      await runOver(hub, way, devices * perSecond, plan.warmUp)();
      return runOver(hub, way, devices * perSecond, Math.min(plan.seconds, FEW.seconds));
    };
    const [one, other] = [await side(ours), await side(theirs)];
    const { without } = await beside(one, { without: { side: other, runs: Math.min(plan.runs, FEW.runs) } });
    for (const { way } of [ours, theirs]) await way.check();
    await until(
      "the broker has each device's last value",
      () => fleet.devices.every(({ id }, device) => shown.get(`${PREFIX}/${id}/telemetry`) === ours.way.last(device)),
    );
    return { ...line, unit: "µs", ...without.cost };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
