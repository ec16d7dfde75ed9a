/** By MQTT over WebSocket: through a broker, with a topic for each device and one subscriber; through the hub's own door. */
import { each, expectAll, until } from "../harness.ts";
import type { Fleet, Hub } from "../hub.ts";
import { connectMqtt, type MqttLine, type Publish, publishOf, type Qos, subscribe } from "../mqtt.ts";
import type { Server } from "../server.ts";
import { expectOpen } from "../socket.ts";
import { Delays } from "./delays.ts";
import { type ThroughHub, throughHub } from "./hub.ts";
import { sampleOf, Turns, type Way } from "./way.ts";
import type { Watching } from "./watch.ts";

const AT_ONCE = 32;

export async function throughBroker(broker: Server, devices: number, qos: Qos): Promise<Way> {
  let passed = 0;
  const delays = new Delays(devices);
  const watcher = await connectMqtt(broker.url, "watcher", ({ topic }) => {
    passed += 1;
    delays.arrived(Number(topic.slice(topic.lastIndexOf("/") + 1)));
  });
  await subscribe(watcher, "devices/#", qos);
  const names = Array.from({ length: devices }, (_, device) => `devices/${device}`);
  const lines = await each(names, AT_ONCE, (name) => connectMqtt(broker.url, name.replace("/", "-")));
  const publish: Publish[] = names.map((name, device) => publishOf(lines[device], name, qos));
  const turns = new Turns(devices);
  return {
    delays,
    send() {
      const { device, n } = turns.next();
      delays.sent(device, n);
      publish[device](sampleOf(n));
    },
    arrived: () => until("the subscriber has all that was sent", () => passed === turns.sent),
    check() {
      expectOpen([...lines, watcher]);
      expectAll("samples that the subscriber got", passed, turns.sent);
      const acknowledged = lines.reduce((sum, line) => sum + line.acknowledged, 0);
      expectAll("samples acknowledged", acknowledged, qos === 1 ? turns.sent : 0);
      return Promise.resolve();
    },
  };
}

/** Each device publishes to its own topic at the hub, and hears of errors. */
export async function throughDoor(hub: Hub, fleet: Fleet, watching: Watching, qos: Qos): Promise<ThroughHub> {
  let lines: MqttLine[] = [];
  const way = await throughHub(hub, fleet, watching, async (_hub, devices, wrong) => {
    lines = await each(devices, AT_ONCE, async ({ id, token }) => {
      const credential = { user: id, password: token };
      const line = await connectMqtt(`${hub.url}/mqtt`, id, ({ topic }) => wrong(topic), credential);
      await subscribe(line, `devices/${id}/error`, 0);
      return line;
    });
    return lines.map((line, device) => {
      const publish = publishOf(line, `devices/${devices[device].id}/telemetry`, qos);
      return { send: (n) => publish(sampleOf(n)), isOpen: line.isOpen };
    });
  });
  return {
    ...way,
    async check() {
      await way.check();
      const acknowledged = lines.reduce((sum, line) => sum + line.acknowledged, 0);
      expectAll("samples acknowledged", acknowledged, qos === 1 ? way.sent() : 0);
    },
  };
}
