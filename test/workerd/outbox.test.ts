/** What a bridge costs an object in rows, and what an eviction leaves of what is owed [N21, N24, N27]. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { DrivenHub } from "./driven.ts";
import { shard } from "./world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ROOFS = Array.from({ length: 200 }, (_, at) => `roof-${at}`);

/** Rows by what they were for, of ten minutes in which each device tells something every ten seconds. */
function tellFor(hub: DrivenHub, minutes: number): Map<string, number> {
  hub.meter.take();
  for (const end = hub.now + minutes * MINUTE; hub.now < end;) {
    for (const roof of ROOFS) hub.tell(roof, `{"type":"telemetry","data":{"co2":${400 + hub.now % 90}}}`);
    hub.until(hub.now + 10 * SECOND);
  }
  return hub.meter.take();
}

it(
  "[N21, N24, T7] telemetry forces no row of the outbox, and no alarm that it did not force anyway",
  () =>
    runInDurableObject(shard("telemetry"), (_, state) =>
      DrivenHub.over(state, ROOFS, async (hub) => {
        const without = tellFor(hub, 10);
        await hub.bridge();
        hub.taken = 0;
        const beside = tellFor(hub, 10);
        expect(hub.taken).toBeGreaterThan(ROOFS.length * 50);
        expect([beside.get("outbox"), beside.get("outbox dropped")]).toEqual([undefined, undefined]);
        const rows = (of: Map<string, number>) => [...of.values()].reduce((sum, count) => sum + count, 0);
        console.log(`rows of 12,000 samples: ${rows(without)} without a bridge, ${rows(beside)} beside one`);
        // A look a minute, where the flush's alarm does not come at the same moment.
        expect(rows(beside)).toBeLessThanOrEqual(rows(without) + 11);
      })),
  60_000,
);

it(
  "[N21] an event costs one row more, and one when it is done; where nobody is bridged it does not",
  () =>
    runInDurableObject(shard("events"), (_, state) =>
      DrivenHub.over(state, ["porch"], async (hub) => {
        const happen = () => {
          hub.meter.take();
          for (let level = 0; level < 20; level++) {
            hub.tell("porch", `{"type":"event","name":"motion","data":{"level":${level}}}`);
            hub.until(hub.now + SECOND);
          }
          hub.until(hub.now + SECOND);
          return hub.meter.take();
        };
        expect(happen().get("outbox")).toBeUndefined();
        await hub.bridge();
        const beside = happen();
        expect([beside.get("outbox"), beside.get("outbox dropped")]).toEqual([20, 20]);
        // That there was a bridge [N28].
        expect(hub.store.count("outbox")).toBe(1);
      }, "camera")),
  60_000,
);

it(
  "[N28] a device that is deleted without a bridge costs one row, where there was one, and the next bridge is told",
  () =>
    runInDurableObject(shard("unbridged"), (_, state) =>
      DrivenHub.over(state, ["new", "old", "porch"], async (hub) => {
        hub.ask("delete_device", { device: "new" });
        expect(hub.meter.take().get("outbox")).toBeUndefined();
        await hub.bridge();
        expect(hub.taken).toBe(2);
        hub.leaveBridge();
        await hub.wake();
        hub.meter.take();
        hub.ask("delete_device", { device: "old" });
        expect(hub.ask("get_hub", {}).bridge).toBeNull();
        expect(hub.meter.take().get("outbox")).toBe(1);
        await hub.bridge({ isDeaf: true });
        hub.heardByBridge();
        hub.sayAsBridge({ type: "take", id: "1" });
        const { value } = hub.heardByBridge().find(({ type }) => type === "reply");
        expect(value.rows).toMatchObject([{ what: "gone", device: "old" }]);
      })),
  60_000,
);

it(
  "[N21, N27] what is owed and how the bridge is outlive the hub's memory, and it is rung for anew",
  () =>
    runInDurableObject(shard("evicted"), (_, state) =>
      DrivenHub.over(state, ["porch"], async (hub) => {
        await hub.bridge({ isDeaf: true });
        hub.tell("porch", '{"type":"event","name":"motion","data":{"level":7}}');
        const health = { state: "connected", since: 5, published: 3, received: 2, refused: 1 };
        hub.sayAsBridge({ type: "bridge", id: "1", ...health });
        hub.heardByBridge();
        await hub.wake();
        hub.ask("get_hub", {});
        expect(hub.heardByBridge()).toEqual([{ type: "outbox" }]);
        expect(hub.ask("get_hub", {}).bridge).toEqual({ ...health, waiting: 1, dropped: 0 });
        hub.sayAsBridge({ type: "take", id: "2" });
        const [{ value }] = hub.heardByBridge();
        expect(value.rows).toMatchObject([{ what: "event", event: { data: { level: 7 } } }]);
        expect(value.states).toMatchObject([{ id: "porch", presence: "online" }]);
      }, "camera")),
  60_000,
);
