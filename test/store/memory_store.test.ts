/** The store of the simulator: the contract, and what a power cut and a full disk do to it. */
import { describe, expect, it } from "vitest";
import type { Write } from "../../src/hub/ports.ts";
import type { Rows } from "../../src/hub/rows.ts";
import { storeContract } from "../contract/store.ts";
import { MemoryStore } from "../support/memory_store.ts";

storeContract("in memory", () => {
  const store = new MemoryStore();
  return Promise.resolve({
    open: (act) => Promise.try(act, store),
    dispose: () => Promise.resolve(),
  });
}, { hasVersions: false });

const event = (id: string): Rows["event"] => ({ id, device: "hall", name: "motion", data: {}, at: 0 });
const put = (id: string): Write[] => [{ put: "event", row: event(id) }];
const ids = (store: MemoryStore) => store.list("event").map(({ id }) => id);

describe("a power cut", () => {
  it("leaves what was synced, and what came before a sync", () => {
    const store = new MemoryStore();
    store.commit(put("a"), "normal");
    store.commit(put("b"), "full");
    store.cutPower(0);
    expect(ids(store)).toEqual(["a", "b"]);
  });

  it("takes the newest of what was not synced, whole commits only, however they changed a row", () => {
    const store = new MemoryStore();
    store.commit([...put("a"), ...put("b")], "full");
    store.commit([{ drop: "event", id: "a" }, ...put("c")], "normal");
    store.commit([...put("a"), { erase: "event", owner: "hall" }, ...put("d")], "normal");
    expect([store.unsynced, ids(store)]).toEqual([2, ["d"]]);
    store.cutPower(1);
    expect(ids(store)).toEqual(["b", "c"]);
    store.cutPower(0);
    expect(ids(store)).toEqual(["b", "c"]);
    expect([store.count("event", "hall"), store.unsynced]).toEqual([2, 0]);
  });

  it("undoes a prune too", () => {
    const store = new MemoryStore();
    store.commit(put("a"), "full");
    store.commit([{ prune: 365 * 86_400_000 }], "normal");
    expect(ids(store)).toEqual([]);
    store.cutPower(0);
    store.commit([{ prune: 1 }], "normal");
    expect(ids(store)).toEqual(["a"]);
    store.commit([{ prune: 365 * 86_400_000 }], "full");
    expect(ids(store)).toEqual([]);
  });
});

describe("whoever watches the commits", () => {
  it("makes one fail before anything of it is written, or sees it written", () => {
    const store = new MemoryStore();
    store.watcher = (when) => {
      if (when === "before") throw new Error("The disk is full");
    };
    expect(() => store.commit(put("a"), "full")).toThrow("The disk is full");
    expect(ids(store)).toEqual([]);
    const seen: [string, string[]][] = [];
    store.watcher = (when) => void seen.push([when, ids(store)]);
    store.commit(put("b"), "full");
    expect(seen).toEqual([["before", []], ["after", ["b"]]]);
  });
});
