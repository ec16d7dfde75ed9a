/** An hour of one device that is more than a step reads is settled in stretches of time, as exactly as at once [Q4, Q11]. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeSeries } from "../../src/history/extent.ts";
import { keysOfTier, pack, type Page, type PageReader, type Part } from "../../src/history/page.ts";
import { generationsOf } from "../../src/history/parts.ts";
import { beginningOf, type Series, seriesOf, sortByTime, spansOf } from "../../src/history/series.ts";
import { append, NOTHING } from "../../src/history/carried.ts";
import type { Sample } from "../../src/history/sample.ts";
import { Ration } from "../../src/hub/history/ration.ts";
import { addWindow } from "../../src/hub/history/settle_window.ts";
import type { Store } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "../replay/made.ts";
import { Random } from "../simulation/random.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 10);
const KIND = "made";
const MB = 1024 * 1024;

/** Pages as repacking makes them, with parts of at most so many values of a field; `isOld` are those of before. */
function pagesOf(device: string, generation: string, series: Series, most: number, isOld = false): Page[] {
  return [...spansOf(series, HOUR, most)].flatMap(([span, parts]) => {
    const all = parts.map((part): Part => ({
      device,
      bytes: writeSeries(part),
      ...(parts.length > 1 && !isOld && { first: beginningOf(part) - span * HOUR }),
    }));
    return pack({ tier: "raw", kind: KIND, span }, generation, all, 400);
  });
}

const seriesIn = (samples: readonly Sample[]): Series => seriesOf([append(NOTHING, samples)]);
const keep = (store: Store, pages: readonly Page[]) =>
  store.commit(pages.map((row) => ({ put: "page" as const, row })), "full");
const readerOf = (store: Store): PageReader => ({
  heads: (page) => store.heads("page", page),
  slice: (id, from, length) => store.slice("page", id, from, length),
});

const samples = fc.array(
  fc.record({
    at: fc.integer({ min: START, max: START + 40 }),
    data: fc.dictionary(fc.constantFrom("level", "mode", "rare"), fc.integer(), { minKeys: 1, maxKeys: 3 }),
  }),
  { minLength: 10, maxLength: 40 },
);

describe("an hour of one device", () => {
  it("[Q11] in stretches is what it is at once, with each value once and in the order of its coming", () => {
    const cases = fc.record({
      repacked: fc.array(fc.record({ samples, isOld: fc.nat({ max: 4 }) }), { maxLength: 3 }),
      most: fc.integer({ min: 1, max: 6 }),
      ration: fc.constantFrom(1, 60, 200, 1e9),
    });
    let several = 0;
    fc.assert(fc.property(cases, ({ repacked, most, ration }) => {
      const store = new MemoryStore();
      repacked.forEach(({ samples, isOld }, at) =>
        keep(store, pagesOf("d", `00g${at}`, seriesIn(samples), most, isOld === 0))
      );
      const span = { tier: "raw", kind: KIND, span: START / HOUR } as const;
      const generations = generationsOf(readerOf(store), span, { id: "d", since: "" });
      const told: Series = new Map();
      let stretches = 0;
      for (let at = START; at < START + HOUR; stretches++) {
        const series: Series = new Map();
        const until = addWindow(series, new Ration(store, ration), generations, at);
        for (const [field, column] of series) {
          sortByTime(column);
          for (const time of column.times) expect(time >= at && time < until).toBe(true);
          const all = told.get(field) ?? { times: [], values: [] };
          told.set(field, { times: [...all.times, ...column.times], values: [...all.values, ...column.values] });
        }
        expect(until).toBeGreaterThan(at);
        at = until;
      }
      const whole = seriesIn(repacked.flatMap(({ samples }) => samples));
      const sorted = (series: Series) => [...series].sort(([one], [other]) => one < other ? -1 : 1);
      // Of one instant, what came first was repacked first.
      expect(sorted(told)).toEqual(sorted(whole));
      if (ration === 1e9) expect(stretches).toBe(1);
      if (stretches > 3) several += 1;
    }));
    expect(several).toBeGreaterThan(10);
  });
});

/** A hub with a day of pages, a moment before that is settled. */
function hubOf(store: Store, pages: readonly Page[], settleSize: number): Signalbox {
  const box = signalbox({ kinds: [madeKind(KIND)], now: START, settleSize, store });
  box.enroll("d", KIND);
  keep(store, pages);
  box.now = START + 2 * DAY + 2 * HOUR - 1_000;
  box.crash();
  return box;
}

const isUnderWay = ({ store }: Signalbox) => store.heads("page", { ...keysOfTier("raw", KIND), limit: 1 }).length > 0;

function settle(box: Signalbox, between: (step: number) => void = () => {}): number {
  let steps = 0;
  box.advance(1_000);
  for (; steps < 5_000 && isUnderWay(box); steps++) {
    between(steps);
    box.advance(100);
  }
  return steps;
}

/** A sum in parts differs in its last digits. */
const near = (cell: unknown) => typeof cell === "number" && !Number.isInteger(cell) ? cell.toPrecision(9) : cell;
const rowsOf = (box: Signalbox) =>
  (["minute", "hour"] as const).map((resolution) => {
    const asked = { device: "d", fields: MADE_FIELDS, from: START, to: START + DAY, resolution };
    return box.ask("get_history_table", asked).rows.map((row) => row.map(near));
  });

describe("a day of one device", () => {
  it(
    "[Q4, Q11] in stretches is as exact as at once, wherever the hub ends or the power goes",
    () => {
      let within = 0;
      for (let seed = 1; seed <= 6; seed++) {
        const random = new Random(`${seed}/window`);
        // In each hour something, at all paces, and often much of it.
        const record = Array.from({ length: 24 }, (_, hour) => START + hour * HOUR).flatMap((from) =>
          madeRecord(`${seed}/${from}`, from, 200).filter(({ at }) => at < from + HOUR)
        );
        const repacked = [0, 1, 2].map(() => [] as Sample[]);
        for (const sample of record) repacked[random.pick([0, 0, 1, 2])].push(sample);
        const pages = repacked.flatMap((samples, at) => pagesOf("d", `00g${at}`, seriesIn(samples), 20));
        const atOnce = hubOf(openMemory(), pages, 100 * MB);
        settle(atOnce);
        const store = new MemoryStore();
        const box = hubOf(store, pages, random.pick([1, 5_000, 30_000]));
        settle(box, () => {
          within += store.list("settling").filter(({ begun }) => begun && begun.at! % HOUR > 0).length;
          const begun = store.heads("page", keysOfTier("begun", KIND));
          expect(begun.length).toBeLessThanOrEqual(24);
          if (random.chance(0.2)) box.evict();
          if (!random.chance(0.1)) return;
          store.cutPower(random.int(store.unsynced + 1));
          box.crash();
        });
        expect(store.heads("page", keysOfTier("begun", KIND))).toEqual([]);
        const [minutes, hours] = rowsOf(atOnce);
        expect([minutes.length > 50, hours.length]).toEqual([true, 24]);
        expect(rowsOf(box), `seed ${seed}`).toEqual([minutes, hours]);
      }
      expect(within).toBeGreaterThan(100);
    },
    120_000,
  );

  it("[Q11] that told a thousand times a second: a step reads its size, and a part of each repacking at most", () => {
    const inner = openMemory();
    let cost = 0;
    const costs: number[] = [];
    const slice: Store["slice"] = (table, id, from, length) => {
      if (id.startsWith("raw.")) cost += length + 8 * 16_384;
      return inner.slice(table, id, from, length);
    };
    const commit: Store["commit"] = (writes, durability) => {
      inner.commit(writes, durability);
      costs.push(cost);
      cost = 0;
    };
    // A quarter of an hour, repacked three times.
    const length = HOUR / 4;
    const pages = [0, 1, 2].flatMap((third) => {
      const times = Array.from({ length: length / 3 }, (_, at) => START + third * length / 3 + at);
      const values = times.map((at) => Math.round(Math.sin(at / 9_999) * 1_000) / 10);
      return pagesOf("d", `00g${third}`, new Map([["level", { times, values }]]), 16_384);
    });
    const box = hubOf({ ...inner, slice, commit }, pages, MB);
    costs.length = 0;
    settle(box);
    expect(Math.max(...costs)).toBeLessThan(MB + 2 * 200 * 1024);
    expect(costs.filter((one) => one > 0).length).toBeGreaterThan(length * 8 / MB / 2);
    const asked = { device: "d", field: "level", from: START, to: START + DAY, points: 1_440 };
    const { points } = box.ask("get_history", asked);
    expect(points.map(([, , , , count]) => count)).toEqual(Array.from({ length: 15 }, () => 60_000));
  }, 120_000);
});
