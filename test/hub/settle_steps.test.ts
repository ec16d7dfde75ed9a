/** What one step of settling reads, unpacks and lets go, whatever a fleet told [Q11]. */
import { describe, expect, it } from "vitest";
import { readSeries, writeSeries, writeStepsOf } from "../../src/history/extent.ts";
import { keysOfTier, pack, type Part } from "../../src/history/page.ts";
import { type Series, spansOf } from "../../src/history/series.ts";
import { every, gauge, stepsOf } from "../../src/history/step.ts";
import type { Store } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { madeKind } from "../replay/made.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MB = 1024 * 1024;
const START = Date.UTC(2026, 2, 10);
const KIND = "made";

/** What a turn that settles did. */
interface Step {
  /** Bytes that it read, and those that its values take when they are unpacked. */
  cost: number;
  lookUps: number;
  cleared: number;
}

const NOTHING = (): Step => ({ cost: 0, lookUps: 0, cleared: 0 });

/** A store that says what each turn read and let go in which pages or hours were written or cleared. */
class Metered {
  readonly steps: Step[] = [];
  readonly store: Store;
  #now = NOTHING();

  constructor(inner: Store) {
    const heads: Store["heads"] = (table, page) => {
      const found = inner.heads(table, page);
      this.#now.lookUps += 1;
      this.#now.cost += JSON.stringify(found).length;
      return found;
    };
    const slice: Store["slice"] = (table, id, from, length) => {
      const bytes = inner.slice(table, id, from, length);
      this.#now.cost += length;
      if (id.startsWith("raw.")) {
        for (const { values } of readSeries(bytes).values()) this.#now.cost += 8 * values.length;
      }
      return bytes;
    };
    const commit: Store["commit"] = (writes, durability) => {
      for (const write of writes) {
        if ("clear" in write && write.clear === "page") this.#now.cleared += inner.heads("page", write).length;
      }
      const isStep = writes.some((write) => ("put" in write && write.put === "settling") || "clear" in write);
      if (isStep) this.steps.push(this.#now);
      this.begin();
      inner.commit(writes, durability);
    };
    this.store = { ...inner, heads, slice, commit };
  }

  /** What was read until now is nothing of the next turn. */
  begin(): void {
    this.#now = NOTHING();
  }

  get dearest(): number {
    return Math.max(...this.steps.map(({ cost }) => cost));
  }
}

/** A day of two fields, a number and what hardly ever changes, which takes few bytes for many values. */
function dayOf(period: number): Series {
  const times = Array.from({ length: DAY / period }, (_, at) => START + at * period);
  const values = times.map((at) => 20 + Math.round(Math.sin(at / HOUR) * 50) / 10);
  return new Map<string, { times: number[]; values: unknown[] }>([
    ["level", { times, values }],
    ["is_open", { times, values: times.map((at) => at % HOUR < MINUTE) }],
  ]);
}

/** As repacking leaves it, so many times an hour, under generations before all of the hub. */
function keep(store: Store, devices: readonly string[], series: Series, perHour: number): void {
  const parts = new Map<string, Part[]>();
  const add = (key: string, part: Part) => parts.set(key, parts.get(key) ?? []).get(key)!.push(part);
  const steps = [...spansOf(series, HOUR / perHour)].flatMap(([span, [told]]) =>
    [...spansOf(told, HOUR, 16_384)].flatMap(([hour, all]) =>
      all.map((one) => ({ hour, span, raw: writeSeries(one), minutes: writeStepsOf(minutesOf(one), MINUTE) }))
    )
  );
  for (const device of devices) {
    for (const { hour, span, raw, minutes } of steps) {
      const generation = `00g${String(span).padStart(8, "0")}`;
      add(`raw ${hour} ${generation}`, { device, bytes: raw });
      add(`minute ${START / DAY} ${generation}`, { device, bytes: minutes });
    }
  }
  for (const [key, all] of parts) {
    const [tier, span, generation] = key.split(" ");
    const pages = pack({ tier: tier as "raw", kind: KIND, span: Number(span) }, generation, all, 128 * 1024);
    store.commit(pages.map((row) => ({ put: "page" as const, row })), "normal");
  }
}

const minutesOf = (series: Series) =>
  new Map([["level", { kept: "gauge" as const, steps: stepsOf(gauge, series.get("level")!, every(MINUTE)) }]]);

interface Driven {
  box: Signalbox;
  meter: Metered;
}

interface Told {
  devices: readonly string[];
  period: number;
  perHour: number;
}

/** A hub whose devices told a day, a moment before that is settled. */
function hubOf(told: readonly Told[], settleSize = 8 * MB): Driven {
  const inner = openMemory();
  const meter = new Metered(inner);
  const now = START + 2 * DAY + 2 * HOUR - 1_000;
  const box = signalbox({ kinds: [madeKind(KIND)], now, settleSize, store: meter.store });
  for (const { devices, period, perHour } of told) {
    for (const id of devices) box.enroll(id, KIND);
    keep(inner, devices, dayOf(period), perHour);
  }
  box.crash();
  box.advance(999);
  meter.steps.length = 0;
  return { box, meter };
}

const named = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${100 + at}`);

const countOf = (box: Signalbox, device: string, length: number) =>
  box.ask("get_history", { device, field: "level", from: box.now - length, to: box.now, points: 1 }).points
    .reduce((sum, [, , , , count]) => sum + Number(count), 0);

/** Step by step, until nothing is left of it. */
function settle({ box, meter }: Driven, look: () => void): void {
  for (
    let steps = 0;
    steps < 200 && box.store.heads("page", { ...keysOfTier("raw", KIND), limit: 1 }).length;
    steps++
  ) {
    meter.begin();
    box.advance(100);
    look();
  }
}

describe("what a step of settling does, at most", () => {
  it(
    "[Q11] is its size and an hour of one device, where they tell ten times a second, and as many pages that go",
    () => {
      const fast = named("fast", 3);
      const driven = hubOf([{ devices: fast, period: 100, perHour: 5 }]);
      const { box, meter } = driven;
      settle(driven, () => expect(countOf(box, "fast100", 100 * DAY)).toBe(DAY / 100));
      expect(meter.dearest).toBeLessThan(10 * MB);
      // No smaller than they have to be.
      const whole = meter.steps.reduce((sum, { cost }) => sum + cost, 0);
      expect(meter.steps.filter(({ cost }) => cost > MB).length).toBeLessThan(whole / (4 * MB));
      expect(Math.max(...meter.steps.map(({ cleared }) => cleared))).toBeLessThanOrEqual(64);
      for (const id of fast) expect(countOf(box, id, 100 * DAY)).toBe(DAY / 100);
    },
    60_000,
  );

  it("[Q11] is a fair number of devices where they tell little, and none of them in parts", () => {
    const slow = named("slow", 60);
    const driven = hubOf([{ devices: slow, period: 10_000, perHour: 1 }]);
    const begun: string[] = [];
    const { box, meter } = driven;
    settle(driven, () => begun.push(...box.store.heads("page", keysOfTier("begun", KIND)).map(({ id }) => id)));
    expect(begun).toEqual([]);
    expect(meter.dearest).toBeLessThan(8 * MB);
    expect(meter.steps.filter(({ cleared }) => cleared === 0).length).toBeLessThanOrEqual(60 / 8);
    for (const id of slow) expect(countOf(box, id, 100 * DAY)).toBe(DAY / 10_000);
  });

  it("[Q11] is a bounded number of look-ups where most were silent", () => {
    const quiet = named("quiet", 400);
    const driven = hubOf([
      { devices: ["fast"], period: MINUTE, perHour: 1 },
      { devices: quiet, period: DAY, perHour: 1 },
    ]);
    const { box, meter } = driven;
    settle(driven, () => expect(countOf(box, "fast", 10 * DAY)).toBe(DAY / MINUTE));
    expect(Math.max(...meter.steps.map(({ lookUps }) => lookUps))).toBeLessThan(6_000);
    expect(meter.dearest).toBeLessThan(10 * MB);
  });
});
