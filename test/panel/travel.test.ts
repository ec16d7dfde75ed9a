import { describe, expect, it } from "vitest";
import type { CommandRecord } from "../../src/protocol/record.ts";
import { isReported, newestTravel, sameUnderWay } from "../../src/panel/live/travel.ts";
import type { Ask } from "../../src/panel/words/road.ts";

const record = (id: string, createdAt: number, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id,
  device: "lamp",
  name: "set",
  params: { on: true },
  effect: "set",
  status: "accepted",
  by: { id: "ann", name: "Ann" },
  createdAt,
  expiresAt: createdAt + 10_000,
  ...more,
});

const ask = (key: string, at: number, more: Partial<Ask> = {}): Ask => ({
  key,
  device: "lamp",
  name: "set",
  params: { on: true },
  at,
  hadSecret: false,
  ...more,
});

describe("what a control shows of the ledger", () => {
  it("is the newest of its commands, whoever asked for it", () => {
    const records = [record("c3", 300, { name: "toggle" }), record("c2", 200), record("c1", 100)];
    expect(newestTravel({ asks: [], records }, ["set"])).toMatchObject({ at: 200, record: { id: "c2" } });
    expect(newestTravel({ asks: [], records }, ["set", "toggle"])).toMatchObject({ record: { id: "c3" } });
    expect(newestTravel({ asks: [ask("k", 250)], records }, ["set"])).toMatchObject({ key: "k", at: 250 });
    expect(newestTravel({ asks: [ask("k", 150)], records }, ["set"])).toMatchObject({ record: { id: "c2" } });
    expect(newestTravel({ asks: [ask("k", 150)], records }, ["pulse"])).toBeNull();
  });

  it("[C20] a click and its record are one road, by their key, from the click to the outcome", () => {
    const mine = ask("k1", 100);
    const before = newestTravel({ asks: [mine], records: [] }, ["set"])!;
    const after = newestTravel({ asks: [mine], records: [record("c1", 104, { key: "k1" })] }, ["set"])!;
    expect(before).toEqual({ key: "k1", at: 100, ask: mine });
    expect(after).toMatchObject({ key: "k1", at: 104, ask: mine, record: { id: "c1" } });
    // The hub may tell of the record without its key.
    const told = newestTravel({ asks: [{ ...mine, record: "c1" }], records: [record("c1", 104)] }, ["set"])!;
    expect(told).toMatchObject({ key: "k1", ask: { key: "k1" }, record: { id: "c1" } });
  });

  it("[C1] a refusal that left a record is on the same road", () => {
    const fault = { code: "offline", message: "", retryable: true, command: "c9" };
    const refused = ask("k1", 100, { fault, record: "c9" });
    const travel = newestTravel({ asks: [refused], records: [record("c9", 101, { status: "rejected" })] }, ["set"]);
    expect(travel).toMatchObject({ key: "k1", ask: { fault }, record: { status: "rejected" } });
  });

  it("a record from elsewhere is a road by its own key or id", () => {
    expect(newestTravel({ asks: [], records: [record("c1", 1)] }, ["set"])!.key).toBe("c1");
    expect(newestTravel({ asks: [], records: [record("c1", 1, { key: "k7" })] }, ["set"])!.key).toBe("k7");
  });
});

describe("whether the device reports what was asked", () => {
  const done = record("c1", 100, { status: "succeeded", finishedAt: 500 });

  it("yes, however it came to it", () => {
    expect(isReported(done, { wanted: true, reported: true, reportedAt: 9 })).toBe(true);
    expect(isReported(undefined, { wanted: { a: [1] }, reported: { a: [1] }, reportedAt: undefined })).toBe(true);
  });

  it("not yet, while it says nothing newer than its result", () => {
    expect(isReported(done, { wanted: true, reported: false, reportedAt: 400 })).toBe(false);
    expect(isReported(done, { wanted: true, reported: undefined, reportedAt: undefined })).toBe(false);
    expect(isReported(record("c1", 100), { wanted: true, reported: false, reportedAt: 4000 })).toBe(false);
  });

  it("no matter, once it moved on to something else", () => {
    expect(isReported(done, { wanted: true, reported: false, reportedAt: 501 })).toBeUndefined();
  });

  it("no matter, where nothing was asked of the field", () => {
    expect(isReported(done, { wanted: undefined, reported: undefined, reportedAt: undefined })).toBeUndefined();
    expect(isReported(done, { wanted: undefined, reported: 5, reportedAt: 400 })).toBeUndefined();
  });
});

describe("[A2.6] what is under way is not sent again", () => {
  const wanted = { name: "set", params: { on: true, channel: 2 } };
  const mine = ask("k1", 100, { params: { channel: 2, on: true } });
  const theirs = record("c1", 100, { params: wanted.params, status: "sent" });
  const same = (seen: Parameters<typeof sameUnderWay>[0], now = 200) => sameUnderWay(seen, wanted, now)?.key ?? null;

  it("by name and params, whoever asked", () => {
    expect(same({ asks: [mine], records: [] })).toBe("k1");
    expect(same({ asks: [], records: [theirs] })).toBe("c1");
    expect(same({ asks: [{ ...mine, params: { on: true } }], records: [] })).toBeNull();
    expect(same({ asks: [{ ...mine, name: "toggle" }], records: [] })).toBeNull();
  });

  it("until it is over, refused, or nothing was heard of it for too long", () => {
    expect(same({ asks: [], records: [{ ...theirs, status: "succeeded", finishedAt: 150 }] })).toBeNull();
    const fault = { code: "offline", message: "", retryable: true };
    expect(same({ asks: [{ ...mine, fault }], records: [] })).toBeNull();
    expect(same({ asks: [], records: [theirs] }, theirs.expiresAt + 4_000)).toBe("c1");
    expect(same({ asks: [], records: [theirs] }, theirs.expiresAt + 6_000)).toBeNull();
    expect(same({ asks: [], records: [{ ...theirs, dueAt: 60_000 }] }, 60_000)).toBe("c1");
  });

  it("on, off and on again are three commands; a question in between changes nothing", () => {
    const off = record("c2", 150, { params: { on: false, channel: 2 } });
    expect(same({ asks: [mine], records: [off] })).toBeNull();
    const question = record("c2", 150, { name: "get_diagnostics", params: {}, effect: "query" });
    expect(same({ asks: [mine], records: [question] })).toBe("k1");
  });

  it("[C19] not where it had a secret: nobody knows whether it is the same", () => {
    expect(same({ asks: [{ ...mine, hadSecret: true }], records: [] })).toBeNull();
  });

  it("what was pressed again is the road that is looked at", () => {
    const older = ask("k1", 100);
    const newer = ask("k2", 200, { name: "identify", params: {} });
    const names = ["set", "identify"];
    expect(newestTravel({ asks: [newer, older], records: [] }, names)?.key).toBe("k2");
    const again = { key: "k1", at: 300 };
    expect(newestTravel({ asks: [newer, older], records: [], again }, names)).toMatchObject({ key: "k1", again });
  });
});
