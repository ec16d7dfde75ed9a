import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { openMemory, storeIn } from "../../src/store/node_sqlite.ts";
import { signalbox } from "./signalbox.ts";

/** A store that can be told to refuse writes, as a full disk does. */
function fragile() {
  const store = openMemory();
  const state = { isFull: false };
  return {
    state,
    store: {
      ...store,
      commit(...given: Parameters<typeof store.commit>) {
        if (state.isFull) throw new Error("database or disk is full");
        store.commit(...given);
      },
    },
  };
}

describe("a store that does not take writes", () => {
  it("[C2, X] nothing is accepted, sent or shown; who asked hears of it; afterwards all goes on", () => {
    const { state, store } = fragile();
    const box = signalbox({ store });
    const relay = box.device("lamp");
    const ann = box.operator();
    state.isFull = true;
    const set = { name: "set", params: { on: true } };
    expect(box.call("send_command", { device: "lamp", ...set })).toMatchObject({
      ok: false,
      fault: { code: "storage_unavailable" },
    });
    expect(ann.ask({ type: "command", device: "lamp", ...set }).error).toMatchObject({
      code: "storage_unavailable",
      retryable: true,
    });
    relay.send({ type: "state", seq: 3, reported: { on: true } });
    expect(relay.take("error")).toMatchObject({ code: "storage_unavailable", of: "state", seq: 3 });
    expect(relay.frames).toEqual([]);
    expect([relay.closed, ann.closed]).toEqual([null, null]);
    state.isFull = false;
    expect(box.view("lamp")).toMatchObject({ presence: "online", reported: {}, pending: 0 });
    const { id } = box.ask("send_command", { device: "lamp", ...set });
    expect(relay.take("command").id).toBe(id);
    relay.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
  });

  it("[X1] a fleet that goes on talking does not cost a memory for each frame: what would need a write is refused unheard", () => {
    const { state, store } = fragile();
    let loads = 0;
    const counting: typeof store = {
      ...store,
      list: (table, page) => (loads += table === "device" ? 1 : 0, store.list(table, page)),
    };
    const box = signalbox({ store: counting });
    const peers = Array.from({ length: 20 }, (_, at) => box.device(`d${at}`));
    const talk = (seq: number) => {
      for (const peer of peers) peer.send({ type: "state", seq, reported: { on: true } });
      return peers.map((peer) => peer.take("error")).every(({ code }) => code === "storage_unavailable");
    };
    state.isFull = true;
    loads = 0;
    for (let seq = 1; seq <= 20; seq++) expect(talk(seq)).toBe(true);
    expect(loads).toBeLessThanOrEqual(11);
    expect(box.logs.filter(({ event }) => event === "store_refused").length).toBeLessThanOrEqual(11);
    // Once a second one is tried; what only reads is answered; and with room all goes on within a second.
    box.advance(1_000);
    expect(talk(21)).toBe(true);
    expect(loads).toBeLessThanOrEqual(13);
    expect(box.view("d7")).toMatchObject({ presence: "online", reported: {} });
    state.isFull = false;
    box.advance(1_000);
    peers[7].send({ type: "state", seq: 22, reported: { on: true } });
    peers[8].send({ type: "state", seq: 22, reported: { on: true } });
    box.advance(1_000);
    expect([peers[7], peers[8]].map((peer) => peer.take("stored").seq)).toEqual([22, 22]);
  });

  it("[T7] samples that wait are not lost by a flush that fails", () => {
    const { state, store } = fragile();
    const box = signalbox({ store });
    const roof = box.device("roof", "env-sensor");
    roof.send({ type: "telemetry", data: { temperature: 1 }, seq: 1 });
    state.isFull = true;
    box.advance(3_000);
    expect(roof.frames).toEqual([]);
    state.isFull = false;
    box.advance(3_000);
    expect(roof.take("stored")).toEqual({ type: "stored", seq: 1 });
    expect(store.count("journal")).toBe(1);
  });

  it("[T5, X1] what was refused comes again under its seq, though later ones were accepted: it is no repeat", () => {
    const { state, store } = fragile();
    const box = signalbox({ store });
    const first = box.device("door", "lock");
    first.send({ type: "hello", boot: "b1" });
    const tamper = { type: "event", name: "tamper", data: { sort: "forced" }, seq: 1 };
    state.isFull = true;
    first.send(tamper);
    first.send({ type: "telemetry", seq: 2, data: { door: "open" } });
    state.isFull = false;
    box.advance(3_000);
    first.drop();
    for (let times = 0; times < 2; times++) {
      const again = box.device("door");
      again.send({ type: "hello", boot: "b1" });
      again.send(tamper);
      again.send({ type: "telemetry", seq: 2, data: { door: "open" } });
      box.advance(3_000);
      expect(again.take("stored")).toEqual({ type: "stored", seq: 2 });
      expect(box.ask("list_events", { device: "door" }).total).toBe(1);
      box.crash();
    }
  });

  it("[C7] a once whose end could not be written is unknown as soon as it can", () => {
    const { state, store } = fragile();
    const box = signalbox({ store });
    const relay = box.device("lamp");
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    state.isFull = true;
    relay.drop();
    state.isFull = false;
    expect(box.record(id).status).toBe("unknown");
    expect(box.view("lamp").presence).toBe("offline");
  });
});

describe("a row that cannot be read", () => {
  it("[X] fails what asks for it, guesses nothing, and leaves everything else as it was", () => {
    const database = new DatabaseSync(":memory:");
    const box = signalbox({ store: storeIn(database, "memory", 0), survivesBugs: true });
    const [lamp, door] = [box.device("lamp"), box.device("door", "lock")];
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    lamp.send({ type: "result", id, ok: true });
    const flying = box.ask("send_command", { device: "door", name: "lock", params: {} }).id;
    database.exec(`UPDATE command SET row = substr(row, 1, 30) WHERE id = '${id}'`);
    for (
      const asked of [
        box.call("get_command", { command: id }),
        box.call("list_commands", { device: "lamp", limit: 10 }),
      ]
    ) expect(asked).toMatchObject({ ok: false, fault: { code: "internal" } });
    expect([lamp.closed, door.closed]).toEqual([null, null]);
    expect(box.view("lamp").presence).toBe("online");
    door.send({ type: "result", id: flying, ok: true });
    expect([door.take("stored").id, box.record(flying).status]).toEqual([flying, "succeeded"]);
    expect(box.logs.filter(({ event }) => event === "event_failed").length).toBe(2);
  });
});
