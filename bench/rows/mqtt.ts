/** CPU of the server per sample that comes by MQTT over WebSocket, and memory per connection, beside brokers. */
import { beside, each, expectAll, type Line, type Plan, rest } from "../harness.ts";
import { type Fleet, fleetOf, type Hub, hubWith } from "../hub.ts";
import { connectMqtt, type Credential, type Qos } from "../mqtt.ts";
import { type Server, yardstick } from "../server.ts";
import { expectOpen } from "../socket.ts";
import { throughHub } from "../ways/hub.ts";
import { throughBroker, throughDoor } from "../ways/mqtt.ts";
import { runOver, type Way } from "../ways/way.ts";
import { mosquitto, NO_MOSQUITTO } from "../yardsticks/mosquitto.ts";

const DEVICES = 200;
const PER_SECOND = 20;
/** All rows together have to end. */
const FEW = { runs: 3, seconds: 5 };

export async function mqtt(plan: Plan): Promise<Line[]> {
  return [...await samples(0, plan), ...await samples(1, plan), ...await memory(plan)];
}

interface Beside {
  what: string;
  /** Null where there is no such program. */
  start(): Promise<Server | null>;
  way(server: Server): Promise<Way>;
}

async function samples(qos: Qos, plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("env-sensor", DEVICES);
  const broker = (server: Server) => throughBroker(server, DEVICES, qos);
  const others: Beside[] = [
    { what: `Mosquitto, QoS ${qos}`, start: mosquitto, way: broker },
    { what: `aedes, QoS ${qos}`, start: () => yardstick("aedes"), way: broker },
    {
      what: "the hub's own socket",
      start: () => hubWith(fleet, plan),
      way: (hub) => throughHub(hub as Hub, fleet, "all"),
    },
  ];
  const runs = Math.min(plan.runs, FEW.runs);
  const seconds = Math.min(plan.seconds, FEW.seconds);
  const total = DEVICES * PER_SECOND;
  const servers: Server[] = [];
  const ways: Way[] = [];
  const warm = async (server: Server, way: Way) => {
    ways.push(way);
    await runOver(server, way, total, plan.warmUp)();
    return runOver(server, way, total, seconds);
  };
  try {
    const hub = await hubWith(fleet, plan);
    servers.push(hub);
    const ours = await warm(hub, await throughDoor(hub, fleet, "all", qos));
    const sides: Record<string, { side: typeof ours; runs: number }> = {};
    for (const { what, start, way } of others) {
      const server = await start();
      if (server === null) continue;
      servers.push(server);
      sides[what] = { side: await warm(server, await way(server)), runs };
    }
    const compared = await beside(ours, sides);
    for (const way of ways) await way.check();
    return others.map(({ what }): Line => {
      const line = {
        row: "mqtt",
        what: `CPU per sample by MQTT, QoS ${qos}, ${DEVICES} devices at ${PER_SECOND}/s, one watches; ${what}`,
        unit: "µs",
        reach: "none set",
      };
      return compared[what] ? { ...line, ...compared[what].cost } : { ...line, leftOut: NO_MOSQUITTO };
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

const IDLE = 2_000;
/** Connections before the first measurement: they bring in code, and room that the later ones find. */
const FIRST = 200;
const SETTLE = 3;
const AT_ONCE = 32;

async function memory(plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("env-sensor", IDLE);
  const hub = await hubWith(fleet, plan);
  const ours = await perConnection(hub, "/mqtt", credentialsOf(fleet))
    .then(async (seen) => {
      expectAll("devices online", await hub.metric("signalbox_devices", `presence="online"`), IDLE);
      return seen;
    }).finally(hub.stop);
  const lines: Line[] = [];
  const brokers = [["Mosquitto", mosquitto], ["aedes", () => yardstick("aedes")]] as const;
  for (const [what, start] of brokers) {
    const line = {
      row: "mqtt",
      what: `memory per idle connection by MQTT, ${IDLE} devices; ${what}`,
      reach: "none set",
    };
    const broker = await start();
    if (broker === null) {
      lines.push({ ...line, leftOut: NO_MOSQUITTO });
      continue;
    }
    const theirs = await perConnection(broker, "", credentialsOf(fleet)).finally(broker.stop);
    lines.push({ ...line, unit: "KB", ours, yardstick: theirs, ratio: ours / theirs });
  }
  return lines;
}

const credentialsOf = ({ devices }: Fleet): Credential[] =>
  devices.map(({ id, token }) => ({ user: id, password: token }));

async function perConnection(server: Server, path: string, credentials: Credential[]): Promise<number> {
  const come = (some: Credential[]) =>
    each(some, AT_ONCE, (credential) => connectMqtt(server.url + path, credential.user, () => {}, credential));
  const lines = await come(credentials.slice(0, FIRST));
  await rest(SETTLE);
  const before = server.rss();
  lines.push(...await come(credentials.slice(FIRST)));
  await rest(SETTLE);
  const perSocket = (server.rss() - before) / (credentials.length - FIRST) / 1024;
  expectOpen(lines);
  return perSocket;
}
