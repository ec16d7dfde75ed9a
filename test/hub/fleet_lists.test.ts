/** What happened in the whole fleet: its events and its commands, newest first, whatever there is of them [R15, R16]. */
import { describe, expect, it } from "vitest";
import type { CallName, ValueOf } from "../../src/hub/call.ts";
import type { EventView, Stretch } from "../../src/protocol/record.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

type Listing = Extract<CallName, "list_fleet_events">;

/** Every item, page by page, and how many pages that took. */
function all(box: Signalbox, name: Listing, args: Parameters<typeof box.ask<Listing>>[1]) {
  const items: ValueOf<Listing>["items"] = [];
  let pages = 0;
  for (let cursor: string | null = null; pages === 0 || cursor !== null; pages++) {
    const page: ValueOf<Listing> = box.ask(name, cursor === null ? args : { ...args, cursor });
    items.push(...page.items);
    cursor = page.next;
  }
  return { items, pages };
}

describe.each(LIVES)("the fleet's events, $life", ({ isForgetful }) => {
  function happened() {
    const box = signalbox({ isForgetful });
    const cameras = ["gate", "porch"].map((id) => box.device(id, "camera"));
    const door = box.device("door", "lock");
    for (let level = 1; level <= 3; level++) {
      for (const peer of [...cameras, door]) {
        peer.send(
          peer === door
            ? { type: "event", name: "tamper", data: { sort: "forced" } }
            : { type: "event", name: "motion", data: { level } },
        );
        // A hub that lost its memory knows no order within a millisecond.
        box.advance(1);
      }
    }
    return box;
  }

  it("[R15] are listed newest first, in pages, without a count", () => {
    const box = happened();
    const { items, next, ...rest } = box.ask("list_fleet_events", { limit: 4 });
    expect(items.map(({ device, data }) => [device, data.level])).toEqual([
      ["door", undefined],
      ["porch", 3],
      ["gate", 3],
      ["door", undefined],
    ]);
    expect(next).toBe(items[3].id);
    expect(rest).toEqual({});
    for (const limit of [1, 2, 3, 4, 9, 10]) {
      const { items, pages } = all(box, "list_fleet_events", { limit });
      expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted().reverse());
      expect([items.length, pages]).toEqual([9, Math.ceil(9 / limit)]);
    }
  });

  it("[R15] of the devices that a query finds, and of some names only", () => {
    const box = happened();
    const found = (args: Parameters<typeof box.ask<Listing>>[1]) => {
      const { items } = all(box, "list_fleet_events", args);
      return items.map(({ device, data, name }) => `${device} ${data.level ?? name}`);
    };
    expect(found({ q: "id:gate" })).toEqual(["gate 3", "gate 2", "gate 1"]);
    expect(found({ q: "kind:camera", limit: 2 })).toEqual([
      "porch 3",
      "gate 3",
      "porch 2",
      "gate 2",
      "porch 1",
      "gate 1",
    ]);
    expect(found({ q: "kind:lock,camera", name: ["tamper"], limit: 1 })).toEqual([
      "door tamper",
      "door tamper",
      "door tamper",
    ]);
    expect(found({ name: ["tamper", "motion"] })).toHaveLength(9);
    expect(found({ name: [] })).toHaveLength(9);
    expect(found({ name: ["tamper"], q: "kind:camera" })).toEqual([]);
    expect(box.ask("list_fleet_events", { q: "kind:relay" })).toEqual({ items: [], next: null });
    expect(box.call("list_fleet_events", { q: "colour:red" })).toMatchObject({
      ok: false,
      fault: { code: "bad_request", pointer: "#/q" },
    });
  });

  it("[R15] of a device that is deleted there are none", () => {
    const box = happened();
    box.ask("delete_device", { device: "porch" });
    expect(all(box, "list_fleet_events", {}).items.map(({ device }) => device)).not.toContain("porch");
  });
});

describe("however much happened", () => {
  it("[R15] an answer looks at 2,000 events at most, and its next leads on to the rest", () => {
    const store = openMemory();
    const box = signalbox({ store });
    for (const id of ["gate", "door"]) box.enroll(id, id === "gate" ? "camera" : "lock");
    const rows: EventView[] = Array.from({ length: 4_500 }, (_, at) => ({
      id: `0${String(at).padStart(8, "0")}`,
      device: at % 4_499 === 0 ? "door" : "gate",
      name: at % 4_499 === 0 ? "tamper" : "motion",
      data: {},
      at,
    }));
    store.commit(rows.map((row) => ({ put: "event", row })), "normal");
    let reads = 0;
    const { list } = store;
    store.list = (table, page) => {
      const read = list(table, page);
      reads += read.length;
      return read;
    };
    for (const args of [{ q: "id:door" }, { name: ["tamper"] }]) {
      const pages = [];
      for (let cursor: string | null = null; pages.length === 0 || cursor !== null;) {
        reads = 0;
        const page: Stretch<EventView> = box.ask("list_fleet_events", cursor === null ? args : { ...args, cursor });
        pages.push(page.items.map(({ at }) => at));
        expect(reads).toBeLessThanOrEqual(2_000);
        cursor = page.next;
      }
      expect(pages).toEqual([[4_499], [], [0]]);
    }
    reads = 0;
    expect(box.ask("list_fleet_events", { limit: 20 }).items).toHaveLength(20);
    expect(reads).toBe(21);
  });
});
