/** Through the bare relay, which passes each text on. */
import { until } from "../harness.ts";
import type { Server } from "../server.ts";
import { dial, dialAll, expectOpen } from "../socket.ts";
import { Delays } from "./delays.ts";
import { sampleOf, Turns, type Way } from "./way.ts";

export async function throughRelay(relay: Server, devices: number): Promise<Way> {
  let passed = 0;
  // The texts do not say whose they are: they are taken to arrive in the order in which they were sent.
  const delays = new Delays(1);
  const hear = () => {
    passed += 1;
    delays.arrived(0);
  };
  const watcher = await dial(`${relay.url}/operator`, { hear });
  const lines = await dialAll(`${relay.url}/device`, Array(devices).fill({}));
  const turns = new Turns(devices);
  return {
    delays,
    send() {
      const { device, n } = turns.next();
      delays.sent(0);
      lines[device].send(sampleOf(n));
    },
    arrived: () => until("the watcher has all that was sent", () => passed === turns.sent),
    check: () => Promise.resolve(expectOpen([...lines, watcher])),
  };
}
