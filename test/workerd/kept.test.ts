/** What a device told is there after a sleep and after a restart, whether it was carried, flushed or repacked by then. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { DrivenHub } from "./driven.ts";
import { shard } from "./world.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const values = (hub: DrivenHub) => hub.ask("get_device", { device: "roof" }).telemetry;
const count = (hub: DrivenHub) =>
  hub.ask("get_history", { device: "roof", field: "co2", from: hub.now - 5 * HOUR, to: hub.now, points: 1 }).points
    .reduce((sum, point) => sum + Number(point[4]), 0);
const stored = (hub: DrivenHub) =>
  hub.sockets.get("roof")!.sent.splice(0).map((text) => JSON.parse(text)).filter(({ type }) => type === "stored");

it("[T6] what has a seq is flushed for all of them within five seconds, in one row", () =>
  runInDurableObject(shard("sequenced"), (_, state) => {
    const ids = Array.from({ length: 100 }, (_, at) => `roof-${at}`);
    return DrivenHub.over(state, ids, (hub) => {
      const begun = hub.now;
      for (const [at, id] of ids.entries()) {
        hub.until(begun + at * 10);
        hub.tell(id, `{"type":"telemetry","seq":1,"data":{"co2":${at}}}`);
      }
      hub.until(begun + 5 * SECOND);
      for (const id of ids) expect(hub.sockets.get(id)!.sent).toEqual(['{"type":"stored","seq":1}']);
      // The one that flushes, and the one that the next are expected by.
      expect([hub.meter.rows("journal"), hub.meter.rows("alarm")]).toEqual([1, 2]);
    });
  }));

it("[T6, T7] in each of its stages, through sleeps and restarts", () =>
  runInDurableObject(shard("stages"), (_, state) =>
    DrivenHub.over(state, ["roof"], async (hub) => {
      const hello = () => hub.tell("roof", '{"type":"hello","boot":"b1"}');
      const tell = (co2: number, seq?: number) =>
        hub.tell("roof", JSON.stringify({ type: "telemetry", seq, data: { co2 } }));
      const isThere = async (last: number, told: number) => {
        expect([values(hub).co2.value, count(hub)]).toEqual([last, told]);
        await hub.wake();
        expect([values(hub).co2.value, count(hub)]).toEqual([last, told]);
      };
      hello();
      tell(401);
      // Carried by its socket, of which a sleep takes nothing.
      await isThere(401, 1);
      tell(402, 7);
      hub.until(hub.now + 5 * SECOND);
      expect(stored(hub)).toEqual([{ type: "stored", seq: 7 }]);
      // Flushed: a restart, of which no socket is left, replays it.
      hub.cutAll();
      await hub.wake();
      await isThere(402, 2);
      hub.connectAnew("roof");
      await hub.wake();
      hello();
      tell(999, 7);
      hub.until(hub.now + 5 * SECOND);
      expect(stored(hub)).toEqual([{ type: "stored", seq: 7 }]);
      await isThere(402, 2);
      // Repacked: the journal is empty, and the checkpoint has what it had.
      hub.until(hub.now + 2 * HOUR);
      expect(hub.store.count("journal")).toBe(0);
      hub.cutAll();
      await hub.wake();
      await isThere(402, 2);
      hub.connectAnew("roof");
      await hub.wake();
      hello();
      tell(999, 7);
      tell(403, 8);
      hub.until(hub.now + 5 * SECOND);
      expect(stored(hub).at(-1)).toEqual({ type: "stored", seq: 8 });
      await isThere(403, 3);
    })));
