/**
 * Whatever happens between a hub, the bridge and a broker, in any order: at rest the broker has what the hub has, and was
 * told all that happened, in order. `RUNS=2000 SEED=7 deno task vitest run test/bridge/any` tries others.
 */
import process from "node:process";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { Bridge } from "../../src/bridge/bridge.ts";
import { FakeBroker } from "./support/fake_broker.ts";
import { FakeHub, values } from "./support/fake_hub.ts";

const RUNS = Number(process.env.RUNS ?? 400);
const SEED = process.env.SEED === undefined ? undefined : Number(process.env.SEED);

beforeEach(() => void vi.useFakeTimers({ now: 1_786_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const device = fc.constantFrom("a", "b", "c");
const step = fc.oneof(
  fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(0, 1, 20, 300, 1_200, 5_000, 25_000) }),
  fc.record({ do: fc.constant("happens" as const), count: fc.integer({ min: 1, max: 260 }) }),
  fc.record({ do: fc.constant("shows" as const), device, power: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant("reports" as const), device, on: fc.boolean() }),
  fc.record({ do: fc.constant("deletes" as const), device }),
  fc.record({ do: fc.constantFrom("acknowledges" as const, "loses" as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constantFrom("dies" as const, "hangs" as const, "recovers" as const, "away" as const) }),
  fc.record({ do: fc.constantFrom("hub gone" as const, "full disk" as const, "room again" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class World {
  readonly hub = new FakeHub();
  readonly broker = new FakeBroker();
  readonly bridge: Bridge;
  happened = 0;
  most = 0;

  constructor() {
    this.bridge = new Bridge({
      settings: { url: "mqtt://x", username: null, password: null, prefix: "signalbox", discovery: "homeassistant" },
      about: { build: "test" },
      kinds: KINDS,
      channels: this.hub,
      log: () => {},
      connect: this.broker.connect,
      random: () => 0,
    });
    this.bridge.start();
  }

  act(step: Step): void {
    const { hub, broker } = this;
    switch (step.do) {
      case "happens":
        for (let n = 0; n < step.count; n++) {
          const data = { n: this.happened };
          hub.owes({ what: "event", event: { id: `e${this.happened++}`, device: "x", name: "motion", data, at: 1 } });
        }
        return;
      case "shows":
        return hub.shows({ id: step.device, telemetry: values({ power: step.power }) });
      case "reports":
        return hub.shows({ id: step.device, reported: { on: step.on } });
      case "deletes":
        return hub.devices.has(step.device) ? hub.deletes(step.device) : undefined;
      case "acknowledges":
        return broker.acknowledge(step.count);
      case "loses":
        return broker.loses(step.count);
      case "dies":
        return broker.dies();
      case "hangs":
        return void (broker.acknowledges = false);
      case "recovers":
        broker.refuses = null;
        broker.acknowledges = true;
        return broker.acknowledge();
      case "away":
        broker.refuses = "away";
        return broker.dies();
      case "hub gone":
        return hub.hangsUp();
      case "full disk":
        return void (hub.stores = false);
      case "room again":
        return void (hub.stores = true);
    }
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.act(step);
      await vi.advanceTimersByTimeAsync(step.do === "pass" ? step.ms : 0);
      this.most = Math.max(this.most, this.broker.inFlight);
    }
    this.act({ do: "room again" });
    this.act({ do: "recovers" });
    await vi.advanceTimersByTimeAsync(120_000);
  }
}

it("[N1-N8] at rest the broker has what the hub has, and was told all that happened, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      vi.clearAllTimers();
      const world = new World();
      const { hub, broker } = world;
      await world.run(steps);
      const expected = new Map([["signalbox/status", "online"]]);
      for (const [id, { presence, telemetry, reported, desired }] of hub.devices) {
        const power = Object.fromEntries(Object.entries(telemetry).map(([field, { value }]) => [field, value]));
        expected.set(`signalbox/${id}/presence`, presence);
        expected.set(`signalbox/${id}/telemetry`, JSON.stringify(power));
        expected.set(`signalbox/${id}/reported`, JSON.stringify(reported));
        expected.set(`signalbox/${id}/desired`, JSON.stringify(desired.state));
        expected.set(`homeassistant/device/${id}/config`, expect.stringContaining('"model":"Relay"'));
      }
      expect(Object.fromEntries(broker.retained)).toEqual(Object.fromEntries(expected));
      expect(hub.rows).toEqual([]);
      // What was said and never arrived is not told.
      const had = broker.had.filter(({ topic }) => topic === "signalbox/x/event/motion");
      const told = had.map(({ payload }) => JSON.parse(payload).data.n);
      expect([...new Set(told)]).toEqual(Array.from({ length: world.happened }, (_, n) => n));
      expect(world.most).toBeLessThanOrEqual(32);
      expect(hub.health.at(-1)!.state).toBe("connected");
      const stopped = world.bridge.stop();
      await vi.advanceTimersByTimeAsync(2_000);
      await stopped;
      expect(broker.retained.get("signalbox/status")).toBe("offline");
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: RUNS, ...(SEED !== undefined && { seed: SEED }) },
  );
});
