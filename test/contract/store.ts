/** The store's suite: what the hub counts on, whatever remembers it. */
import { describe, expect, it } from "vitest";
import type { Store, Write } from "../../src/hub/ports.ts";
import type { Rows } from "../../src/hub/rows.ts";
import { TABLES } from "../../src/hub/retention.ts";

/** One place of data, empty at first. */
export interface Place {
  /** Opens the store there, acts and closes it: nothing but the data is left between two openings. */
  open<V>(act: (store: Store) => V): Promise<V>;
  /** Statements by hand, as another version would have left the data; a store that has no versions has none. */
  alter?(...statements: string[]): Promise<void>;
  dispose(): Promise<void>;
}

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 23, 12);

const audit = (id: string, more: Partial<Rows["audit"]> = {}): Rows["audit"] => ({
  id,
  at: NOON,
  who: { id: "ann", name: "Ann" },
  what: "create_device",
  target: "hall",
  outcome: "done",
  ...more,
});
const event = (id: string, device: string, at = NOON): Rows["event"] => ({ id, device, name: "motion", data: {}, at });
const command = (id: string, more: Partial<Rows["command"]> = {}): Rows["command"] => ({
  id,
  device: "hall",
  name: "set",
  params: {},
  effect: "set",
  status: "accepted",
  by: { id: "ann", name: "Ann" },
  createdAt: NOON,
  expiresAt: NOON + 1_000,
  ...more,
});
const ticket = (id: string, expiresAt: number): Rows["ticket"] => ({
  id,
  digest: "d",
  from: { token: "t", digest: "d" },
  session: null,
  expiresAt,
});

/** As far as a store looks into it. */
const job = (id: string, finishedAt?: number) => ({ id, view: { finishedAt } }) as Rows["job"];

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
const putAll = (...rows: Rows["event"][]): Write[] => rows.map((row) => ({ put: "event", row }));

/** Every test of the suite; each has a place of its own. */
export function storeContract(name: string, empty: () => Promise<Place>, { hasVersions = true } = {}): void {
  const test = (title: string, act: (place: Place) => Promise<void>) =>
    it(title, async () => {
      const place = await empty();
      await act(place).finally(() => place.dispose());
    });
  /** What needs only one opening. */
  const testOpen = (title: string, act: (store: Store) => void) => test(title, (place) => place.open(act));
  /** What only data that another version left can show. */
  const testVersions = (title: string, act: (place: Required<Place>) => Promise<void>) => {
    if (hasVersions) test(title, (place) => act(place as Required<Place>));
  };

  describe(`store: ${name}`, () => {
    testOpen("a new one is empty in every table", (store) => {
      for (const table of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
        expect([store.get(table, "a"), store.list(table), store.count(table)]).toEqual([undefined, [], 0]);
      }
    });

    testOpen("get: the row as it was put, the last word about it, and nothing of another table", (store) => {
      store.commit([{ put: "audit", row: audit("a") }], "full");
      store.commit([{ put: "audit", row: audit("a", { what: "delete_device" }) }], "normal");
      expect(store.get("audit", "a")).toEqual(audit("a", { what: "delete_device" }));
      expect(store.get("event", "a")).toBeUndefined();
      expect(store.count("audit")).toBe(1);
    });

    testOpen("a row that was read is the reader's own", (store) => {
      store.commit([{ put: "audit", row: audit("a") }], "full");
      store.get("audit", "a")!.who.name = "Bob";
      store.list("audit")[0].what = "nothing";
      expect(store.get("audit", "a")).toEqual(audit("a"));
    });

    testOpen("drop: that row is gone, and one that never was harms nothing", (store) => {
      store.commit(putAll(event("a", "hall"), event("b", "hall")), "full");
      store.commit([{ drop: "event", id: "a" }, { drop: "event", id: "never" }], "full");
      expect(ids(store.list("event"))).toEqual(["b"]);
    });

    testOpen("erase: every row of that owner in that table, and no other", (store) => {
      store.commit([
        ...putAll(event("a", "hall"), event("b", "roof"), event("c", "hall"), event("d", "hal"), event("e", "hall%")),
        { put: "command", row: command("a") },
      ], "full");
      store.commit([{ erase: "event", owner: "hall" }, { erase: "event", owner: "nobody" }], "full");
      expect(ids(store.list("event"))).toEqual(["b", "d", "e"]);
      expect(ids(store.list("command"))).toEqual(["a"]);
    });

    testOpen("the writes of one commit take effect in their order", (store) => {
      store.commit(
        [...putAll(event("a", "hall")), { erase: "event", owner: "hall" }, ...putAll(event("b", "hall"))],
        "full",
      );
      store.commit([...putAll(event("c", "hall")), { drop: "event", id: "c" }], "full");
      expect(ids(store.list("event"))).toEqual(["b"]);
    });

    testOpen("a commit of nothing is one", (store) => {
      store.commit([], "full");
      expect(store.count("event")).toBe(0);
    });

    testOpen("a row that moves to another owner is listed there only", (store) => {
      // Of all tables only the jobs' may say so.
      store.commit([{ put: "job", row: job("a") }], "full");
      store.commit([{ put: "job", row: job("a", NOON) }], "full");
      expect([store.count("job", "open"), store.count("job", "over"), store.count("job")]).toEqual([0, 1, 1]);
      expect(store.list("job", { owner: "over" })).toEqual([job("a", NOON)]);
    });

    testOpen("a row that is put again is changed wherever it is found", (store) => {
      store.commit([{ put: "command", row: command("a") }, { put: "command", row: command("b") }], "full");
      const done = command("a", { status: "succeeded", finishedAt: NOON });
      store.commit([{ put: "command", row: done }], "full");
      expect(store.get("command", "a")).toEqual(done);
      expect(store.list("command", { owner: "hall" })).toEqual([done, command("b")]);
      store.commit([{ prune: NOON + 90 * DAY }], "full");
      expect(ids(store.list("command", { owner: "hall" }))).toEqual(["b"]);
    });

    testOpen("list and count: what a model in memory would answer, for every page", (store) => {
      const owners = ["hall", "roof", "Hall", ""];
      const rows = Array.from(
        { length: 40 },
        (_, at) => event(`e${String(at * 7 % 40).padStart(2, "0")}`, owners[at % 4]),
      );
      store.commit(putAll(...rows), "normal");
      const model = [...rows].sort((one, other) => one.id < other.id ? -1 : 1);
      let pages = 0;
      for (const owner of [undefined, ...owners, "nobody"]) {
        const owned = model.filter(({ device }) => owner === undefined || device === owner);
        expect(store.count("event", owner)).toBe(owned.length);
        for (const from of [undefined, "e00", "e11", "e111", "z"]) {
          expect(store.count("event", owner, from)).toBe(owned.filter(({ id }) => !from || id >= from).length);
          for (const below of [undefined, "e00", "e25", "e251", "z"]) {
            for (const limit of [undefined, 0, 1, 5, 100]) {
              for (const newest of [undefined, false, true]) {
                const within = owned.filter(({ id }) =>
                  (from === undefined || id >= from) && (below === undefined || id < below)
                );
                const expected = (newest ? within.toReversed() : within).slice(0, limit);
                const page = { owner, from, below, limit, newest };
                expect(store.list("event", page), JSON.stringify(page)).toEqual(expected);
                pages++;
              }
            }
          }
        }
      }
      expect(pages).toBe(6 * 5 * 5 * 5 * 3);
    });

    const CYCLE: Record<string, unknown> = {};
    CYCLE.itself = CYCLE;
    /** Writes that no store can make: one fails before the database hears of it, one in the database. */
    const IMPOSSIBLE: Record<string, Write> = {
      "a row that is no JSON": { put: "audit", row: audit("x", { detail: CYCLE }) },
      "a row without a key": { put: "audit", row: audit(null as unknown as string) },
      "a table that is not there": { drop: "nowhere" as "audit", id: "x" },
    };
    for (const [what, impossible] of Object.entries(IMPOSSIBLE)) {
      test(`a commit that fails in the middle writes nothing, and the next one is made: ${what}`, async (place) => {
        await place.open((store) => {
          store.commit(putAll(event("kept", "hall"), event("erased", "roof")), "full");
          const writes: Write[] = [
            ...putAll(event("new", "hall"), event("kept", "moved")),
            { erase: "event", owner: "roof" },
            { prune: NOON + 365 * DAY },
            impossible,
            ...putAll(event("later", "hall")),
          ];
          for (const durability of ["full", "normal"] as const) {
            expect(() => store.commit(writes, durability)).toThrow();
            expect(store.list("event")).toEqual([event("erased", "roof"), event("kept", "hall")]);
          }
          store.commit(putAll(event("next", "hall")), "full");
        });
        expect(ids(await place.open((store) => store.list("event")))).toEqual(["erased", "kept", "next"]);
      });
    }

    test("a group is written at once and stands with its commit, all of it", async (place) => {
      await place.open((store) => {
        if (!store.begin) return;
        store.commit(putAll(event("old", "hall")), "normal");
        const group = store.begin();
        group.write(putAll(event("a", "hall")));
        group.write([]);
        expect(ids(store.list("event"))).toEqual(["a", "old"]);
        group.write([{ drop: "event", id: "old" }, ...putAll(event("b", "roof"))]);
        group.commit();
        store.commit(putAll(event("c", "hall")), "full");
      });
      const kept = await place.open((store) => store.begin ? ids(store.list("event")) : null);
      expect(kept ?? ["a", "b", "c"]).toEqual(["a", "b", "c"]);
    });

    for (const [what, impossible] of Object.entries(IMPOSSIBLE)) {
      testOpen(`a group that fails in the middle writes nothing, and the next one is made: ${what}`, (store) => {
        if (!store.begin) return;
        store.commit(putAll(event("kept", "hall")), "full");
        const group = store.begin();
        group.write([...putAll(event("a", "hall")), { drop: "event", id: "kept" }]);
        expect(() => group.write([...putAll(event("b", "hall")), impossible])).toThrow();
        expect(ids(store.list("event"))).toEqual(["kept"]);
        const next = store.begin();
        next.write(putAll(event("next", "hall")));
        next.commit();
        expect(ids(store.list("event"))).toEqual(["kept", "next"]);
      });
    }

    testOpen("prune: rows whose time has come go from every table; rows without an end stay", (store) => {
      const now = NOON + 100 * DAY;
      store.commit([
        { put: "command", row: command("open") },
        { put: "command", row: command("old", { finishedAt: NOON, status: "succeeded" }) },
        { put: "command", row: command("fresh", { finishedAt: now - DAY, status: "succeeded" }) },
        { put: "ticket", row: ticket("before", now - 1) },
        { put: "ticket", row: ticket("now", now) },
        { put: "ticket", row: ticket("after", now + 1) },
        { put: "audit", row: audit("a") },
        ...putAll(event("old", "hall"), event("fresh", "hall", now)),
      ], "full");
      store.commit([{ prune: now }], "full");
      expect(ids(store.list("command"))).toEqual(["fresh", "open"]);
      expect(ids(store.list("ticket"))).toEqual(["after"]);
      expect(ids(store.list("event"))).toEqual(["fresh"]);
      expect(ids(store.list("audit"))).toEqual(["a"]);
    });

    testOpen("[A5] prune: of the audit only the beginning goes, wherever the clock was", (store) => {
      const [day, year] = [NOON + DAY, 365 * DAY];
      const rows = [audit("a"), audit("b", { at: day, prevAt: NOON }), audit("c", { prevAt: day })];
      store.commit(rows.map((row) => ({ put: "audit", row })), "full");
      const left = [NOON + year - 1, NOON + year, day + year - 1, day + year].map((now) => {
        store.commit([{ prune: now }], "full");
        return ids(store.list("audit")).join("");
      });
      expect(left).toEqual(["abc", "bc", "bc", ""]);
    });

    testOpen("prune: no more than 1,000 rows of a table at once; the next ones take the rest", (store) => {
      const names = Array.from({ length: 2_100 }, (_, at) => `t${at}`);
      store.commit(names.map((id) => ({ put: "ticket", row: ticket(id, NOON) })), "normal");
      const left = [1, 2, 3].map(() => {
        store.commit([{ prune: NOON + 1 }], "normal");
        return store.count("ticket");
      });
      expect(left).toEqual([1_100, 100, 0]);
    });

    test("a row is kept as JSON keeps it: nesting, order of keys, every number, white space, odd letters", async (place) => {
      const detail = JSON.parse(
        '{"":"","b":[null,true,false,[],{}],"a":{"__proto__":{"polluted":true},"constructor":1,"toString":null},' +
          '"numbers":[0,1,-1,0.1,1e21,5e-324,1.7976931348623157e308,9007199254740991,9007199254740992,-9007199254740992],' +
          '"text":"tab\\tline\\nquote\\"back\\\\slash\\u0000nul\\u2028end"}',
      );
      detail.odd = "Zürich 東京 👩‍🚀 \u{10FFFF} \ufeff";
      detail.half = "\ud800 alone";
      detail.long = "ü".repeat(200_000);
      const row = audit("a", { detail });
      await place.open((store) => store.commit([{ put: "audit", row }], "full"));
      const read = await place.open((store) => store.get("audit", "a")!);
      expect(JSON.stringify(read)).toBe(JSON.stringify(row));
      expect(Object.hasOwn(read.detail!.a as object, "__proto__")).toBe(true);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });

    const ODD = [
      "__proto__",
      "constructor",
      "a/b",
      "'; DROP TABLE event; --",
      "%",
      "_",
      "a b",
      " a",
      "a ",
      "ü",
      "u\u0308",
      "東京",
      "👩‍🚀",
      "a\u0000",
      "a\u0000b",
      "a",
      "A",
      "1",
      "01",
      "1.0",
      "9007199254740993",
      "true",
      "null",
      "",
      "x".repeat(1_000),
    ];
    test("keys and owners are told apart letter by letter, whatever they are", async (place) => {
      await place.open((store) => store.commit(putAll(...ODD.map((id) => event(id, id))), "full"));
      await place.open((store) => {
        expect(store.count("event")).toBe(ODD.length);
        for (const odd of ODD) {
          const name = JSON.stringify(odd);
          expect(store.get("event", odd), name).toEqual(event(odd, odd));
          expect(ids(store.list("event", { owner: odd })), name).toEqual([odd]);
          expect(ids(store.list("event", { from: odd, limit: 1 })), name).toEqual([odd]);
        }
        store.commit([{ drop: "event", id: "a\u0000" }, { erase: "event", owner: "a\u0000b" }], "full");
        expect(store.count("event")).toBe(ODD.length - 2);
        expect(store.get("event", "a")).toEqual(event("a", "a"));
      });
    });

    test("[B6] bytes are kept as they are, in the order of their keys, whatever they were a view of", async (place) => {
      const all = Uint8Array.from({ length: 65_536 + 512 }, (_, at) => at & 255);
      const part = (id: string, bytes: Uint8Array): Write => ({
        put: "blob_part",
        row: { id, blob: "b", at: NOON, bytes },
      });
      const writes = [part("b/2", all.subarray(1, 4)), part("b/1", all.subarray(512)), part("b/3", all.subarray(0, 0))];
      await place.open((store) => store.commit(writes, "normal"));
      await place.open((store) => {
        const row = store.get("blob_part", "b/2")!;
        expect(row).toEqual({ id: "b/2", blob: "b", at: NOON, bytes: Uint8Array.of(1, 2, 3) });
        const bytes = store.list("blob_part", { owner: "b" }).map((row) => row.bytes);
        expect(bytes.map(({ length }) => length)).toEqual([65_536, 3, 0]);
        expect(bytes[0]).toEqual(all.slice(512));
        store.commit([{ erase: "blob_part", owner: "b" }], "full");
        expect(store.count("blob_part")).toBe(0);
      });
    });

    testOpen("heads: rows without their bytes, by the same pages; slice: a part of the bytes of one", (store) => {
      const parts = ["a", "b", "c"].map((id) => ({
        id,
        blob: "b",
        at: NOON,
        bytes: Uint8Array.of(1, 2, 3, 4, 0, 255),
      }));
      store.commit(parts.map((row) => ({ put: "blob_part", row })), "normal");
      const heads = parts.map(({ bytes: _, ...head }) => head);
      expect(store.heads("blob_part")).toEqual(heads);
      expect(store.heads("blob_part", { from: "b", newest: true })).toEqual([heads[2], heads[1]]);
      expect(store.heads("blob_part", { owner: "b", below: "c", newest: true, limit: 1 })).toEqual([heads[1]]);
      expect(store.heads("blob_part", { owner: "nobody" })).toEqual([]);
      expect(store.slice("blob_part", "b", 0, 6)).toEqual(Uint8Array.of(1, 2, 3, 4, 0, 255));
      expect(store.slice("blob_part", "b", 3, 2)).toEqual(Uint8Array.of(4, 0));
      expect(store.slice("blob_part", "b", 5, 10)).toEqual(Uint8Array.of(255));
      expect(store.slice("blob_part", "b", 2, 0)).toEqual(new Uint8Array(0));
    });

    testOpen("clear: every row from that key on and below that other one, and none of another table", (store) => {
      store.commit([...putAll(...["a", "b", "b ", "b!", "c", "d"].map((id) => event(id, "hall"))), {
        put: "audit",
        row: audit("b"),
      }], "full");
      store.commit([{ clear: "event", from: "b", below: "c" }, { clear: "event", from: "x", below: "a" }], "normal");
      expect(ids(store.list("event"))).toEqual(["a", "c", "d"]);
      expect(store.count("event", "hall")).toBe(3);
      expect(store.count("audit")).toBe(1);
    });

    testOpen("times beyond 2^53 and before the epoch are times", (store) => {
      const rows = [ticket("far", 2 ** 53 + 2), ticket("farther", 1e300), ticket("long ago", -1), ticket("zero", 0)];
      store.commit(rows.map((row) => ({ put: "ticket", row })), "full");
      store.commit([{ prune: NOON }], "full");
      expect(store.list("ticket")).toEqual([rows[0], rows[1]]);
    });

    test("opening again keeps everything, whichever durability it had", async (place) => {
      await place.open((store) => {
        store.commit(putAll(event("a", "hall"), event("b", "roof")), "full");
        store.commit([{ put: "audit", row: audit("c") }], "normal");
      });
      await place.open((store) => store.commit([{ drop: "event", id: "a" }], "full"));
      await place.open((store) => {
        expect(store.list("event")).toEqual([event("b", "roof")]);
        expect(store.list("audit")).toEqual([audit("c")]);
        expect(store.count("event", "hall")).toBe(0);
      });
    });

    testVersions("migrating twice does nothing; neither does a step whose note was lost", async (place) => {
      await place.open((store) => store.commit(putAll(event("a", "hall")), "full"));
      await place.open((store) => expect(store.count("event")).toBe(1));
      await place.alter("DELETE FROM migration");
      for (let times = 0; times < 2; times++) {
        await place.open((store) => {
          expect(store.list("event", { owner: "hall" })).toEqual([event("a", "hall")]);
          store.commit(putAll(event("a", "hall")), "full");
        });
      }
    });

    testVersions("data of the first Signalbox gets the tables that came later, and keeps its rows", async (place) => {
      await place.open((store) => store.commit(putAll(event("a", "hall")), "full"));
      await place.alter("DROP TABLE kind", "DELETE FROM migration WHERE id > 1");
      for (let times = 0; times < 2; times++) {
        await place.open((store) => expect([store.count("kind"), store.count("event")]).toEqual([0, 1]));
      }
    });

    testVersions("what was pending when its table had owners is pending still", async (place) => {
      await place.open(() => {});
      await place.alter(
        "DROP TABLE pending",
        "CREATE TABLE pending (id TEXT PRIMARY KEY, row TEXT NOT NULL, owner TEXT NOT NULL) WITHOUT ROWID",
        `INSERT INTO pending VALUES ('a', '{"id":"a","device":"hall","secrets":{"pin":"1"},"over":null}', 'hall')`,
        "CREATE INDEX audit_expires ON audit (expires)",
        "DELETE FROM migration WHERE id > 8",
      );
      const pending = (id: string, secrets = {}) => ({ id, device: "hall", secrets, over: null });
      await place.open((store) => store.commit([{ put: "pending", row: pending("b") }], "full"));
      await place.open((store) => expect(store.list("pending")).toEqual([pending("a", { pin: "1" }), pending("b")]));
    });

    testVersions("[S3] data of a newer Signalbox is refused with one sentence and left as it is", async (place) => {
      await place.open((store) => store.commit(putAll(event("a", "hall")), "full"));
      await place.alter("INSERT INTO migration (id, at) VALUES (999, 0)", "ALTER TABLE event RENAME TO happening");
      const opening = () => place.open((store) => store.count("event"));
      for (let times = 0; times < 2; times++) {
        await expect(opening()).rejects.toThrow(
          /^The database in .+ was written by a newer Signalbox \(schema 999; this one knows \d+\): start that version again\.$/,
        );
      }
      await place.alter("ALTER TABLE happening RENAME TO event", "DELETE FROM migration WHERE id = 999");
      expect(await place.open((store) => store.list("event"))).toEqual([event("a", "hall")]);
    });
  });
}
