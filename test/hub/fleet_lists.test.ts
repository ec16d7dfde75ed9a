/** What happened in the whole fleet: its events and its commands, newest first, whatever there is of them [R15, R16]. */
import { describe, expect, it } from "vitest";
import type { ArgsOf, CallName, ValueOf } from "../../src/hub/call.ts";
import type { CommandRecord, EventView, Stretch } from "../../src/protocol/record.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

type Listing = Extract<CallName, "list_fleet_events" | "list_fleet_commands">;

/** Every item, page by page, and how many pages that took. */
function all<N extends Listing>(box: Signalbox, name: N, args: ArgsOf<N>) {
  const items: ValueOf<N>["items"][number][] = [];
  let pages = 0;
  for (let cursor: string | null = null; pages === 0 || cursor !== null; pages++) {
    const page: ValueOf<N> = box.ask(name, cursor === null ? args : { ...args, cursor });
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
    const found = (args: ArgsOf<"list_fleet_events">) => {
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

describe.each(LIVES)("the fleet's commands, $life", ({ isForgetful }) => {
  /** Newest first: open at the lamp, refused by the door, offline at the attic, done at the lamp. */
  function commanded() {
    const box = signalbox({ isForgetful });
    const [lamp, door] = [box.device("lamp"), box.device("door", "lock")];
    box.enroll("attic", "relay");
    const send = (device: string, name: string) => {
      box.call("send_command", { device, name, params: {} });
      box.advance(1);
    };
    const answer = (peer: typeof lamp, ok: boolean) => {
      const { id } = peer.take("command");
      peer.send({ type: "result", id, ok, ...!ok && { error: { code: "jammed", message: "It is stuck." } } });
    };
    send("lamp", "toggle");
    answer(lamp, true);
    send("attic", "toggle");
    send("door", "unlock");
    answer(door, false);
    send("lamp", "identify");
    return box;
  }

  it("[R16] are listed newest first, of what a query finds, of some names and of some statuses only", () => {
    const box = commanded();
    const found = (args: ArgsOf<"list_fleet_commands">) =>
      all(box, "list_fleet_commands", args).items.map(({ device, name, status }) => `${device} ${name} ${status}`);
    const [identify, unlock, refused, toggled] = [
      "lamp identify sent",
      "door unlock failed",
      "attic toggle rejected",
      "lamp toggle succeeded",
    ];
    for (const limit of [1, 2, 3, 4, 5]) expect(found({ limit })).toEqual([identify, unlock, refused, toggled]);
    expect(found({ q: "kind:relay", limit: 1 })).toEqual([identify, refused, toggled]);
    expect(found({ status: ["failed", "rejected"], limit: 1 })).toEqual([unlock, refused]);
    expect(found({ name: ["toggle"], q: "id:lamp" })).toEqual([toggled]);
    expect(found({ status: ["accepted", "sent", "received"] })).toEqual([identify]);
    expect(found({ status: ["sent"], q: "-id:lamp" })).toEqual([]);
    expect(found({ status: ["sent", "succeeded"] })).toEqual([identify, toggled]);
    expect(all(box, "list_fleet_commands", { q: "id:door" }).items)
      .toEqual(box.ask("list_commands", { device: "door" }).items);
  });

  it("[R16] those that are not final come in pages too", () => {
    const box = signalbox({ isForgetful });
    for (let at = 0; at < 5; at++) {
      box.device(`r${at}`);
      box.ask("send_command", { device: `r${at}`, name: "toggle", params: {} });
      box.advance(1);
    }
    const { items, pages } = all(box, "list_fleet_commands", { status: ["sent", "received"], limit: 2 });
    expect([items.map(({ device }) => device), pages]).toEqual([["r4", "r3", "r2", "r1", "r0"], 3]);
  });

  it("[R16, C19] show no secret", () => {
    const box = signalbox({ isForgetful });
    box.device("door", "lock");
    box.ask("send_command", { device: "door", name: "unlock", params: { pin: "4711" } });
    for (const status of [[], ["sent" as const]]) {
      const { items } = box.ask("list_fleet_commands", { status });
      expect([items.length, JSON.stringify(items).includes("4711")]).toEqual([1, false]);
    }
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

  it("[R15, R16, R17] to ask is written nowhere", () => {
    const store = openMemory();
    let commits = 0;
    const commit: typeof store.commit = (...given) => (commits += 1, store.commit(...given));
    const box = signalbox({ store: { ...store, commit } });
    box.device("door", "lock").send({ type: "event", name: "tamper", data: { sort: "forced" } });
    box.ask("send_command", { device: "door", name: "identify", params: {} });
    const before = commits;
    expect(box.ask("list_fleet_events", { q: "created:<1d" }).items).toHaveLength(1);
    expect(box.ask("list_fleet_commands", { status: ["sent"] }).items).toHaveLength(1);
    expect(box.ask("get_facets", {}).total).toBe(1);
    expect(commits).toBe(before);
  });

  it("[R16] what is not final is found at once, below any number of commands", () => {
    const store = openMemory();
    const box = signalbox({ store });
    box.device("lamp");
    const { id, ...record } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    const rows: CommandRecord[] = Array.from({ length: 3_000 }, (_, at) => ({
      ...record,
      id: `~${String(at).padStart(8, "0")}`,
      status: "succeeded",
      finishedAt: box.now,
    }));
    store.commit(rows.map((row) => ({ put: "command", row })), "normal");
    const open = box.ask("list_fleet_commands", { status: ["sent"] });
    expect([open.items.map((command) => command.id), open.next]).toEqual([[id], null]);
    const sought = box.ask("list_fleet_commands", { status: ["sent", "failed"] });
    expect([sought.items, sought.next]).toEqual([[], rows[1_000].id]);
  });
});
