import { describe, expect, it } from "vitest";
import type { Counts } from "../../src/protocol/to_operator.ts";
import { WatchStore } from "../../src/panel/live/watch.ts";
import { counts } from "./fake.ts";

type Changes = { gone?: string[]; order?: string[]; total?: number; counts?: Counts };

/** A store, the frames that it is given, and who was told of what. */
class Looked {
  readonly told: string[] = [];
  #drawn: (() => void)[] = [];
  readonly store = new WatchStore((run) => void this.#drawn.push(run));

  constructor(...ids: string[]) {
    for (const id of ids) this.store.subscribeDevice(id, () => this.told.push(id));
    this.store.subscribeOutline(() => this.told.push("outline"));
  }

  snapshot(revision: number, ids: string[], more: { total?: number; counts?: Counts } = {}) {
    const devices = ids.map((id) => ({ id, name: id, presence: "online" as const }));
    return this.store.apply({
      type: "snapshot",
      watch: "w",
      revision,
      total: ids.length,
      counts: counts({ online: ids.length }),
      devices,
      ...more,
    });
  }

  changes(revision: number, devices: Record<string, Record<string, unknown>>, more: Changes = {}) {
    return this.store.apply({ type: "changes", watch: "w", revision, devices, ...more });
  }

  /** The next animation frame: how often the store asked for it, and who was told. */
  draw() {
    const drawn = this.#drawn;
    this.#drawn = [];
    for (const run of drawn) run();
    return { asked: drawn.length, told: this.told.splice(0) };
  }
}

/** With three devices on the screen. */
function shown(...ids: string[]): Looked {
  const looked = new Looked(...ids);
  looked.snapshot(1, ["fan", "lamp", "pump"]);
  looked.draw();
  return looked;
}

describe("what a watch shows", () => {
  it("is loading until its first snapshot", () => {
    const { store } = new Looked();
    expect(store.outline()).toMatchObject({ isLoading: true, order: [], total: 0, error: null });
    expect(store.device("lamp")).toBeUndefined();
  });

  it("[O3] a snapshot is the window in its order, with what is around it", () => {
    const looked = new Looked();
    expect(looked.snapshot(1, ["pump", "fan"], { total: 847, counts: counts({ online: 800, offline: 47 }) }))
      .toBe("applied");
    expect(looked.store.outline()).toEqual({
      isLoading: false,
      from: 0,
      order: ["pump", "fan"],
      total: 847,
      counts: counts({ online: 800, offline: 47 }),
      error: null,
      query: "",
      moved: 0,
    });
    expect(looked.store.device("fan")).toEqual({ id: "fan", name: "fan", presence: "online" });
  });

  it("[O3] the window begins where the accepted definition says", () => {
    const looked = new Looked();
    looked.store.accepted({ window: [400, 60] });
    looked.snapshot(1, ["lamp"]);
    expect(looked.store.outline().from).toBe(400);
    looked.store.accepted({});
    looked.snapshot(1, ["lamp"]);
    expect(looked.store.outline().from).toBe(0);
  });

  it("[O3] changes are merge-patches: null removes, the rest stays, and nothing that was given out is changed", () => {
    const looked = shown();
    const { store } = looked;
    looked.changes(2, { lamp: { telemetry: { power: { value: 40, at: 5 }, rssi: { value: -60, at: 5 } } } });
    const before = store.device("lamp");
    looked.changes(3, { lamp: { telemetry: { power: { value: 41, at: 6 } }, name: null } });
    expect(store.device("lamp")).toEqual({
      id: "lamp",
      presence: "online",
      telemetry: { power: { value: 41, at: 6 }, rssi: { value: -60, at: 5 } },
    });
    expect(before).toMatchObject({ name: "lamp", telemetry: { power: { value: 40, at: 5 } } });
  });

  it("[O3] a device that enters comes whole, one that leaves is forgotten", () => {
    const looked = shown();
    looked.changes(2, { dimmer: { id: "dimmer", name: "dimmer", presence: "new" } }, {
      order: ["dimmer", "lamp", "pump"],
      gone: ["fan"],
      total: 4,
      counts: counts({ online: 3, new: 1 }),
    });
    const { store } = looked;
    expect(store.outline()).toMatchObject({
      order: ["dimmer", "lamp", "pump"],
      total: 4,
      counts: counts({ online: 3, new: 1 }),
    });
    expect(store.device("dimmer")).toEqual({ id: "dimmer", name: "dimmer", presence: "new" });
    expect(store.device("fan")).toBeUndefined();
  });

  it("[O3] one that left and came back keeps nothing of its first stay", () => {
    const looked = shown();
    looked.changes(2, { fan: { id: "fan", presence: "offline" } }, { gone: ["fan"] });
    expect(looked.store.device("fan")).toEqual({ id: "fan", presence: "offline" });
  });

  it("a device that is gone leaves the order, also where the frame names no new one", () => {
    const looked = shown();
    looked.changes(2, {}, { gone: ["lamp"] });
    expect(looked.store.outline().order).toEqual(["fan", "pump"]);
  });

  it("[A2.1] a new snapshot replaces everything: who is not in it any more is gone", () => {
    const looked = shown("fan");
    looked.changes(2, { lamp: { telemetry: { power: { value: 40, at: 5 } } } });
    looked.draw();
    expect(looked.snapshot(1, ["lamp"])).toBe("applied");
    expect(looked.store.device("lamp")).not.toHaveProperty("telemetry");
    expect(looked.store.device("fan")).toBeUndefined();
    expect(looked.draw().told).toEqual(["fan", "outline"]);
  });

  it("a refused definition says why, and the next snapshot takes that back", () => {
    const looked = new Looked();
    const error = { code: "bad_request", message: "q: colour:red", retryable: false } as const;
    looked.store.asked();
    looked.store.refused(error);
    expect(looked.store.outline()).toMatchObject({ error, isLoading: false });
    expect(looked.draw().told).toEqual(["outline"]);
    looked.snapshot(1, []);
    expect(looked.store.outline().error).toBeNull();
  });
});

describe("revisions", () => {
  it("[O4] follow one another; what does not is a gap and changes nothing", () => {
    const looked = shown();
    expect(looked.changes(2, { lamp: { name: "a" } })).toBe("applied");
    for (const revision of [2, 1, 4, 9]) expect(looked.changes(revision, { lamp: { name: "b" } })).toBe("gap");
    expect(looked.store.device("lamp")).toMatchObject({ name: "a" });
    expect(looked.store.revision).toBe(2);
    expect(looked.changes(3, { lamp: { name: "c" } })).toBe("applied");
  });

  it("[O4] changes before any snapshot are a gap", () => {
    expect(new Looked().changes(1, { lamp: { name: "a" } })).toBe("gap");
  });

  it("[O4] while a new definition is asked for, frames with a gap belong to the one before", () => {
    const looked = shown();
    looked.store.asked();
    expect(looked.changes(2, { lamp: { name: "a" } })).toBe("applied");
    expect(looked.changes(7, { lamp: { name: "b" } })).toBe("late");
    looked.snapshot(1, ["lamp"]);
    expect(looked.changes(7, { lamp: { name: "b" } })).toBe("gap");
  });

  it("[O4] a refusal leaves the old watch, whose gaps count again", () => {
    const looked = shown();
    looked.store.asked();
    looked.store.refused({ code: "bad_request", message: "", retryable: false });
    expect(looked.changes(7, {})).toBe("gap");
  });
});

describe("who is told", () => {
  it("only who looks at what changed", () => {
    const looked = shown("fan", "lamp", "pump");
    looked.changes(2, { lamp: { name: "Lamp" } });
    expect(looked.draw()).toEqual({ asked: 1, told: ["lamp"] });
    looked.changes(3, {}, { total: 4 });
    expect(looked.draw()).toEqual({ asked: 1, told: ["outline"] });
  });

  it("keeps the identity of everything else, or every row would render", () => {
    const looked = shown("lamp");
    const [fan, outline] = [looked.store.device("fan"), looked.store.outline()];
    looked.changes(2, { lamp: { name: "Lamp" } });
    expect(looked.store.device("fan")).toBe(fan);
    expect(looked.store.outline()).toBe(outline);
  });

  it("once for an animation frame, however many frames came", () => {
    const looked = shown("lamp", "fan");
    looked.changes(2, { lamp: { name: "a" } });
    looked.changes(3, { lamp: { name: "b" }, fan: { name: "c" } });
    looked.changes(4, { lamp: { name: "d" } }, { total: 9 });
    expect(looked.draw()).toEqual({ asked: 1, told: ["lamp", "fan", "outline"] });
    expect(looked.draw()).toEqual({ asked: 0, told: [] });
    looked.changes(5, { lamp: { name: "e" } });
    expect(looked.draw()).toEqual({ asked: 1, told: ["lamp"] });
  });

  it("a change that comes while others are told waits for the next animation frame", () => {
    const looked = shown("fan");
    const letGo = looked.store.subscribeDevice("lamp", () => {
      letGo();
      looked.changes(3, { fan: { name: "b" } });
    });
    looked.changes(2, { lamp: { name: "a" } });
    expect(looked.draw()).toEqual({ asked: 1, told: [] });
    expect(looked.draw()).toEqual({ asked: 1, told: ["fan"] });
  });

  it("nobody who let go", () => {
    const looked = shown();
    const told: string[] = [];
    const letGo = [
      looked.store.subscribeDevice("lamp", () => told.push("one")),
      looked.store.subscribeDevice("lamp", () => told.push("two")),
      looked.store.subscribeOutline(() => told.push("outline")),
    ];
    letGo[0]();
    looked.changes(2, { lamp: { name: "a" } }, { total: 1 });
    looked.draw();
    expect(told).toEqual(["two", "outline"]);
    for (const go of letGo) go();
    looked.changes(3, { lamp: { name: "b" } }, { total: 2 });
    looked.draw();
    expect(told).toHaveLength(2);
  });

  it("who looks at a device before it is there hears of it", () => {
    const looked = new Looked("lamp");
    looked.snapshot(1, ["lamp"]);
    expect(looked.draw().told).toEqual(["lamp", "outline"]);
  });
});

describe("[A2.7] while the order is held", () => {
  function held(): Looked {
    const looked = shown("pump");
    looked.store.hold();
    return looked;
  }
  const orderOf = ({ store }: Looked) => [store.outline().order, store.outline().moved];

  it("values go on, and rows wait until they are shown or let go", () => {
    const looked = held();
    looked.changes(2, { pump: { name: "Pump" } }, { order: ["pump", "fan", "lamp"], total: 3 });
    expect(looked.store.device("pump")!.name).toBe("Pump");
    expect(orderOf(looked)).toEqual([["fan", "lamp", "pump"], 1]);
    looked.store.showMoved();
    expect(orderOf(looked)).toEqual([["pump", "fan", "lamp"], 0]);
    looked.changes(3, {}, { order: ["fan", "lamp", "pump"] });
    expect(orderOf(looked)).toEqual([["pump", "fan", "lamp"], 1]);
    looked.store.release();
    expect(orderOf(looked)).toEqual([["fan", "lamp", "pump"], 0]);
    looked.changes(4, {}, { order: ["lamp", "fan", "pump"] });
    expect(orderOf(looked)).toEqual([["lamp", "fan", "pump"], 0]);
  });

  it("what leaves stays as what it is, what comes waits, and both are counted", () => {
    const looked = held();
    const order = ["fan", "valve", "pump"];
    looked.changes(2, { valve: { id: "valve", name: "valve" } }, { gone: ["lamp"], order, total: 7 });
    expect(looked.store.device("lamp")).toMatchObject({ name: "lamp", isLeft: true });
    expect(orderOf(looked)).toEqual([["fan", "lamp", "pump"], 1]);
    expect(looked.store.outline().total).toBe(7);
    looked.changes(3, {}, { gone: ["valve"] });
    expect(looked.store.device("valve")).toBeUndefined();
    looked.store.release();
    expect(looked.store.device("lamp")).toBeUndefined();
    expect(looked.store.outline().order).toEqual(["fan", "pump"]);
  });

  it("one that comes back is watched again, as it comes", () => {
    const looked = held();
    looked.changes(2, {}, { gone: ["lamp"] });
    looked.changes(3, { lamp: { name: "Lamp" } }, { order: ["fan", "lamp", "pump"] });
    expect(looked.store.device("lamp")).toEqual({ id: "lamp", name: "Lamp" });
    expect(orderOf(looked)).toEqual([["fan", "lamp", "pump"], 0]);
  });

  it("[A2.1] a resync gives values at once and no other order; another definition is what was asked for", () => {
    const looked = held();
    looked.store.accepted({});
    looked.snapshot(9, ["pump", "lamp", "fan"]);
    expect(orderOf(looked)).toEqual([["fan", "lamp", "pump"], 2]);
    looked.store.accepted({ window: [20, 60] });
    looked.snapshot(10, ["valve"]);
    expect(orderOf(looked)).toEqual([["valve"], 0]);
    expect(looked.store.device("fan")).toBeUndefined();
  });
});
