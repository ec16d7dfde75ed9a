/** Through the bare relay, which passes each text on. */
import { expectAll, until } from "../harness.ts";
import type { Server } from "../server.ts";
import { dial, dialAll, expectOpen } from "../socket.ts";
import { Delays } from "./delays.ts";
import { sampleOf, Turns, type Way } from "./way.ts";

export async function throughRelay(relay: Server, devices: number, watching: "all" | "none" = "all"): Promise<Way> {
  let passed = 0;
  // The texts do not say whose they are: they are taken to arrive in the order in which they were sent.
  const delays = new Delays(1);
  const hear = () => {
    passed += 1;
    delays.arrived(0);
  };
  const watchers = watching === "none" ? [] : [await dial(`${relay.url}/operator`, { hear })];
  const lines = await dialAll(`${relay.url}/device`, Array(devices).fill({}));
  const turns = new Turns(devices);
  return {
    delays,
    send() {
      const { device, n } = turns.next();
      if (watchers.length > 0) delays.sent(0, n);
      lines[device].send(sampleOf(n));
    },
    arrived: () => until("the watcher has all that was sent", () => watchers.length === 0 || passed === turns.sent),
    async check() {
      expectOpen([...lines, ...watchers]);
      expectAll("texts of the relay", Number(await (await fetch(relay.url)).text()), turns.sent);
    },
  };
}
