/** Through an MQTT broker over WebSocket: a topic for each device, and one subscriber that gets everything. */
import { expectAll, until } from "../harness.ts";
import type { Server } from "../server.ts";
import { connectMqtt, type Publish, publishOf, type Qos, subscribe } from "../mqtt.ts";
import { each } from "../harness.ts";
import { expectOpen } from "../socket.ts";
import { Delays } from "./delays.ts";
import { sampleOf, Turns, type Way } from "./way.ts";

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
