/** What is owed to a broker [N21-N23]: rows that are there with their cause, go in order, and come again until they are done. */
import { describe, expect, it } from "vitest";
import { ID_RANDOM, idOf } from "../../src/hub/id.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Frame, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const set = (device: string, on = true) => ({ device, name: "set", params: { on }, ttl: 60 });
const take = (bridge: Peer, more: Frame = {}): Frame => {
  const { ok, value, error } = bridge.ask({ type: "take", ...more });
  if (!ok) throw new Error(error.message);
  return value;
};
const idsOf = (rows: Frame[]): string[] => rows.map(({ id }) => id);
const moves = (porch: Peer, ...levels: number[]) =>
  levels.forEach((level) => porch.send({ type: "event", name: "motion", data: { level } }));
const levelsOf = (rows: Frame[]) => rows.map(({ event }) => event.data.level);
/** Everything that is taken page by page, as a bridge does that waits for no answer. */
function drain(bridge: Peer, most?: number): Frame[] {
  const rows: Frame[] = [];
  for (let more = true; more;) {
    const taken = take(bridge, { most, ...(rows.length > 0 && { after: rows.at(-1).id }) });
    rows.push(...taken.rows);
    more = taken.more;
  }
  return rows;
}
const waiting = (box: Signalbox) => box.ask("get_hub", {}).bridge?.waiting;

describe.each(LIVES)("the outbox, with a hub that is $life", ({ isForgetful }) => {
  it("[N21] owes events, outcomes and deleted devices, each with what is told of it", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const porch = box.device("porch", "camera");
    const lamp = box.device("lamp");
    moves(porch, 7);
    const { id } = box.ask("send_command", set("lamp"));
    lamp.send({ type: "received", id });
    lamp.send({ type: "result", id, ok: true });
    const refused = box.call("send_command", { device: "lamp", name: "set", params: { on: 3 } });
    expect(refused.ok).toBe(false);
    box.ask("delete_device", { device: "lamp" });
    const { rows, dropped } = take(box.bridge());
    expect(dropped).toBe(0);
    expect(rows).toMatchObject([
      { what: "event", at: box.now, event: { device: "porch", name: "motion", data: { level: 7 } } },
      { what: "outcome", command: { id, status: "succeeded" } },
      { what: "gone", device: "lamp" },
    ]);
    // R4's own event is the one that is listed, id and all.
    expect(rows[0].event).toEqual(box.ask("list_events", { device: "porch" }).items[0]);
    expect(idsOf(rows)).toEqual(idsOf(rows).toSorted());
  });

  it("[N21] a late result is told once, as unknown; every way to end is told", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    box.advance(60_000);
    lamp.send({ type: "result", id, ok: true });
    expect(box.record(id)).toMatchObject({ status: "unknown", late: { ok: true } });
    const first = box.ask("send_command", set("lamp", true));
    lamp.send({ type: "result", id: first.id, ok: false, error: { code: "jammed" } });
    const { id: open } = box.ask("send_command", set("lamp", false));
    box.ask("delete_device", { device: "lamp" });
    const { rows } = take(box.bridge());
    expect(rows.map(({ what, command }: Frame) => command ? [what, command.id, command.status] : [what])).toEqual([
      ["outcome", id, "unknown"],
      ["outcome", first.id, "failed"],
      ["outcome", open, "unknown"],
      ["gone"],
    ]);
  });

  it("[N21] without a bridge there is not a row, and nothing to wake up for", () => {
    const box = signalbox({ isForgetful });
    const porch = box.device("porch", "camera");
    moves(porch, 1, 2, 3);
    const { id } = box.ask("send_command", { device: "porch", name: "identify", params: {} });
    porch.send({ type: "result", id, ok: true });
    box.ask("delete_device", { device: "porch" });
    expect([box.store.count("outbox"), waiting(box)]).toEqual([0, undefined]);
  });

  it("[N23] rows come again until they are done, and above a key only what lies there", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const porch = box.device("porch", "camera");
    const bridge = box.bridge();
    moves(porch, 1, 2, 3, 4, 5);
    const { rows } = take(bridge, { most: 2 });
    expect(levelsOf(rows)).toEqual([1, 2]);
    expect(take(bridge, { most: 2 }).rows).toEqual(rows);
    const [, second] = idsOf(rows);
    const above = take(bridge, { most: 2, after: second });
    expect([levelsOf(above.rows), above.more]).toEqual([[3, 4], true]);
    // In another order than they went, and one that is done already, or was never there.
    const done = [above.rows[0].id, second, second, "no-such-row", "dropped", "bridged"];
    expect(levelsOf(take(bridge, { done }).rows)).toEqual([1, 4, 5]);
    // One row more says that there was a bridge [N28].
    expect([waiting(box), box.store.count("outbox")]).toEqual([3, 4]);
    const rest = take(bridge, { done: [...done, idsOf(rows)[0]], after: above.rows[1].id });
    expect([levelsOf(rest.rows), rest.more, waiting(box)]).toEqual([[5], false, 2]);
    box.crash();
    expect([levelsOf(take(box.bridge()).rows), waiting(box)]).toEqual([[4, 5], 2]);
  });

  it("[N23] what happens after all was done has a key above it, though the clock was set back and the hub forgot", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const porch = box.device("porch", "camera");
    const bridge = box.bridge();
    moves(porch, 1);
    const [{ id }] = take(bridge).rows;
    take(bridge, { done: [id] });
    box.now -= 60_000;
    box.evict();
    moves(porch, 2);
    const { rows } = take(bridge, { after: id });
    expect(levelsOf(rows)).toEqual([2]);
    expect(rows[0].id > id).toBe(true);
  });

  it("[N23] a device that is made anew is not told of as deleted, and those that are come last", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const bridge = box.bridge();
    for (const id of ["a", "lamp", "z"]) box.enroll(id, "relay");
    for (const device of ["lamp", "a", "z"]) box.ask("delete_device", { device });
    box.enroll("lamp", "cover");
    moves(box.device("porch", "camera"), 1);
    expect(drain(bridge, 2).map(({ what, device }) => device ?? what)).toEqual(["event", "a", "z"]);
    box.ask("delete_device", { device: "lamp" });
    const rows = drain(bridge, 2);
    expect(rows.map(({ what, device }) => device ?? what)).toEqual(["event", "a", "lamp", "z"]);
    expect(take(bridge, { done: idsOf(rows) }).rows).toEqual([]);
    expect([waiting(box), box.store.count("outbox")]).toEqual([0, 1]);
  });

  it("[N28] a device that is deleted while no bridge is set up is owed to the next one, and nothing else is", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const porch = box.device("porch", "camera");
    for (const id of ["lamp", "old"]) box.enroll(id, "relay");
    const bridge = box.bridge();
    expect(take(bridge).states.length).toBe(3);
    bridge.drop();
    box.become({ bridge: false });
    moves(porch, 1);
    for (const device of ["lamp", "old"]) box.ask("delete_device", { device });
    box.enroll("lamp", "cover");
    box.advance(60_000);
    expect(box.ask("get_hub", {}).bridge).toBeNull();
    expect(() => box.bridge()).toThrow();
    box.crash();
    box.become({ bridge: true });
    expect(waiting(box)).toBe(1);
    const next = box.bridge();
    const { rows } = take(next);
    expect(rows).toMatchObject([{ what: "gone", device: "old" }]);
    expect(take(next, { done: idsOf(rows) }).rows).toEqual([]);
    expect([waiting(box), box.store.count("outbox")]).toEqual([0, 1]);
  });

  it("[N28] who was never given a state had nothing for a broker: nothing is owed, nor rung for", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.bridge().drop();
    box.become({ bridge: false });
    box.enroll("lamp", "relay");
    box.ask("delete_device", { device: "lamp" });
    expect(box.store.count("outbox")).toBe(0);
  });

  it("[N28, N20] a bridge that is still connected when its setting goes is told nothing more", () => {
    const box = signalbox({ isForgetful, bridge: true });
    box.enroll("lamp", "relay");
    const bridge = box.bridge();
    take(bridge);
    box.become({ bridge: false });
    bridge.all("outbox");
    box.ask("delete_device", { device: "lamp" });
    box.advance(60_000);
    expect(bridge.all("outbox")).toEqual([]);
    bridge.send({ type: "take", id: "1" });
    expect(bridge.closed?.code).toBe(4501);
  });

  it("[N23] an answer has at most 256 Ki letters of rows, and one row at least", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    lamp.send({ type: "hello", maxFrame: 65_536 });
    const value = { note: "x".repeat(60_000) };
    for (let count = 0; count < 9; count++) {
      const { id } = box.ask("send_command", { device: "lamp", name: "identify", params: {} });
      lamp.send({ type: "result", id, ok: true, value });
    }
    const bridge = box.bridge();
    const first = take(bridge);
    expect([first.rows.length, first.more]).toEqual([4, true]);
    expect(drain(bridge).length).toBe(9);
  });

  it("[N21, C20] what was asked again under its key is owed once", () => {
    const box = signalbox({ isForgetful, bridge: true });
    const lamp = box.device("lamp");
    const bridge = box.bridge();
    const asked = { type: "command", ...set("lamp"), key: "k1", reply: { topic: "answers" } };
    const { id } = bridge.ask(asked).value;
    expect(bridge.ask(asked).value.id).toBe(id);
    lamp.send({ type: "result", id, ok: true });
    lamp.send({ type: "result", id, ok: true });
    expect(take(bridge).rows.map(({ what }: Frame) => what)).toEqual(["outcome", "reply"]);
  });
});

describe("an outbox that is full", () => {
  const FULL = 10_000;

  /** A hub that finds so many rows, of events long ago. */
  function filled(rows: number): Signalbox {
    const store = openMemory();
    const row = (level: number) => {
      const id = idOf({ at: 1_000 + level, counter: 0 }, new Uint8Array(ID_RANDOM));
      const event = { id, device: "porch", name: "motion", data: { level }, at: 1_000 + level };
      return { put: "outbox", row: { id, at: event.at, what: "event", event } } as const;
    };
    store.commit(Array.from({ length: rows }, (_, level) => row(level)), "full");
    return signalbox({ store, bridge: true });
  }
  const fullnesses = (box: Signalbox) =>
    box.logs.filter(({ event }) => event === "outbox_full").map(({ fields }) => fields);

  it("[N22] lets the oldest hundred go, counts them for good, and says so in the log", () => {
    const box = filled(FULL - 1);
    const porch = box.device("porch", "camera");
    moves(porch, 1);
    expect([waiting(box), box.store.count("outbox"), fullnesses(box)]).toEqual([FULL, FULL, []]);
    for (let more = 0; more < 101; more++) moves(porch, more % 50);
    // The count has a row of its own.
    expect([waiting(box), box.store.count("outbox")]).toEqual([FULL - 99, FULL - 98]);
    expect(fullnesses(box)).toEqual([{ dropped: 100 }, { dropped: 200 }]);
    box.crash();
    const { rows, dropped } = take(box.bridge(), { most: 1 });
    expect([dropped, levelsOf(rows)]).toEqual([200, [200]]);
    expect(box.ask("get_hub", {}).bridge).toMatchObject({ waiting: FULL - 99, dropped: 200 });
    // What is deleted has a place of its own.
    box.enroll("lamp", "relay");
    box.ask("delete_device", { device: "lamp" });
    expect([waiting(box), fullnesses(box).length]).toEqual([FULL - 98, 2]);
  });

  it("[N22] holds when more comes in one turn than goes at once", () => {
    const box = filled(FULL - 10);
    const ids = Array.from({ length: 5 }, (_, at) => `lamp-${at}`);
    for (const id of ids) box.device(id);
    for (const device of ids) {
      for (let count = 0; count < 49; count++) {
        box.ask("send_command", { device, name: "toggle", params: {}, ttl: 60 });
      }
    }
    const before = waiting(box)!;
    expect(before).toBeLessThan(FULL);
    // Each latch ends what waits for its device, and all of them are one turn.
    box.ask("estop_many", { query: "kind:relay", action: "set" });
    const ended = ids.length * 48;
    const { waiting: left, dropped } = box.ask("get_hub", {}).bridge!;
    expect(left + dropped).toBe(before + ended);
    expect(dropped).toBe(300);
    expect([box.store.count("outbox"), left]).toEqual([left + 1, FULL - 10 + ended - dropped]);
    expect(levelsOf(take(box.bridge(), { most: 1 }).rows)).toEqual([300]);
  });
});
