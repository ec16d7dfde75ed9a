/** Nothing wakes an object while nothing happens that anybody could be told of, and nothing is written. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { DrivenHub } from "./driven.ts";
import { connect, evict, newDevice, newOperator, shard } from "./world.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const FLEET = Array.from({ length: 100 }, (_, at) => `sensor-${at}`);
const alarmAt = (): Promise<number | null> => runInDurableObject(shard(), (_, { storage }) => storage.getAlarm());

it("[P5] a fleet that is silent, or only pings, sets no alarm and wakes nobody", async () => {
  const peers = [];
  for (let at = 0; at < 20; at++) peers.push(await connect("device", await newDevice(`idle-${at}`, "relay")));
  // An operator who looks at nothing changes nothing of that.
  const ann = await connect("operator", await newOperator("viewer"));
  expect(await alarmAt()).toBeNull();
  await evict();
  for (let round = 0; round < 3; round++) {
    for (const peer of [...peers.slice(0, 10), ann]) {
      peer.send("ping");
      expect(await peer.take("pong")).toBe("pong");
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Evicting what sleeps is refused: the proof that nothing woke it.
    await expect(evict()).rejects.toThrow(/not currently running/);
  }
  expect(await alarmAt()).toBeNull();
  for (const peer of [...peers, ann]) peer.close();
});

it(
  "[P5, T7, Q4] a connected fleet that has told everything: at last no alarm but its retention's, and not a row in weeks",
  () =>
    runInDurableObject(shard("told"), (_, state) =>
      DrivenHub.over(state, ["roof", "cellar"], (hub) => {
        const ping = () => hub.sockets.forEach((socket) => socket.pingedAt = hub.now);
        for (let at = 0; at < 10; at++) {
          hub.until(hub.now + 10_000);
          for (const device of ["roof", "cellar"]) hub.tell(device, `{"type":"telemetry","data":{"co2":${400 + at}}}`);
        }
        const told = hub.now;
        for (let left = 3 * DAY / MINUTE; left > 0; left--) {
          ping();
          hub.until(hub.now + MINUTE);
        }
        // Two windows and one for nothing, the repacking, and the day's settling.
        expect(hub.meter.rows("alarm")).toBeLessThanOrEqual(8);
        expect([hub.store.count("journal"), hub.store.count("hourly"), hub.alarmAt! > hub.now + 20 * DAY]).toEqual([
          0,
          2,
          true,
        ]);
        hub.meter.take();
        for (let day = 0; day < 20; day++) {
          ping();
          hub.until(hub.now + DAY);
        }
        expect(hub.meter.take()).toEqual(new Map());
        const history = (from: number, to: number) =>
          hub.ask("get_history", { device: "roof", field: "co2", from, to, points: 5 });
        expect(history(told - DAY, told).points.reduce((sum, point) => sum + Number(point[4]), 0)).toBe(10);
        expect(hub.meter.take()).toEqual(new Map());
      })),
  60_000,
);

it("[P3, P5] whose silence nobody noticed is gone since then, and closed by what wakes the hub next", () =>
  runInDurableObject(shard("silent"), (_, state) =>
    DrivenHub.over(state, ["roof", "cellar"], (hub) => {
      const roof = hub.sockets.get("roof")!;
      const begun = hub.now;
      roof.pingedAt = begun;
      hub.until(begun + 10 * MINUTE);
      const gone = { presence: "offline", since: begun + 45_000, reason: "heartbeat_lost", seen: begun };
      expect(hub.ask("get_device", { device: "roof" })).toMatchObject(gone);
      expect([roof.closed, hub.meter.rows("alarm")]).toEqual([null, 0]);
      hub.tell("cellar", '{"type":"telemetry","data":{"co2":400}}');
      hub.until(hub.now + 2 * MINUTE);
      expect(roof.closed).toBe(4003);
      expect(hub.ask("get_device", { device: "roof" })).toMatchObject(gone);
    })));

it(
  "[N51, N24] beside a bridge a fleet that only pings costs an alarm a minute, not a row more, and nothing is told anew",
  () =>
    runInDurableObject(shard("bridged"), (_, state) =>
      DrivenHub.over(state, FLEET, async (hub) => {
        const pass = (minutes: number) => {
          for (let third = 0; third < 3 * minutes; third++) {
            hub.sockets.forEach((socket) => socket.pingedAt = hub.now);
            hub.until(hub.now + MINUTE / 3);
          }
        };
        pass(1);
        await hub.bridge();
        pass(3);
        expect(hub.taken).toBeGreaterThanOrEqual(FLEET.length);
        const taken = hub.taken;
        hub.meter.take();
        pass(120);
        expect([[...hub.meter.take()], hub.taken]).toEqual([[["alarm", 120]], taken]);
        // Nor is anybody looked after once the bridge is gone.
        hub.leaveBridge();
        pass(2);
        hub.meter.take();
        pass(20);
        expect([...hub.meter.take()]).toEqual([]);
      })),
  60_000,
);
