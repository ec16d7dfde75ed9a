import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader, Writer } from "../../src/history/bytes.ts";
import { append, type Carried, NOTHING, samplesIn } from "../../src/history/carried.ts";
import { readColumn, writeColumn } from "../../src/history/column.ts";
import { readSeries, readStepsOf, type Steps, writeSeries, writeStepsOf } from "../../src/history/extent.ts";
import {
  appendTo,
  type Column,
  columnIn,
  pairsOf,
  type Series,
  seriesOf,
  spansOf,
  type Value,
} from "../../src/history/series.ts";
import type { Sample } from "../../src/history/sample.ts";
import { counter, every, FOLDS, gauge, type StepOf, stepsOf, widerOf } from "../../src/history/step.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const whole = fc.oneof(
  fc.nat(),
  fc.nat({ max: 300 }),
  fc.maxSafeInteger().map(Math.abs),
  fc.constantFrom(127, 128, 2 ** 21, 2 ** 31, 2 ** 53 - 1),
);
const decimal = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([value, decimals]) =>
  value / 10 ** decimals
);
const number = fc.oneof(
  decimal,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 5e-324, 1e308, 2 ** 53, -(2 ** 51) - 1, 0.1 + 0.2),
);
/** What JSON can say. */
const value = fc.oneof(
  number,
  fc.boolean(),
  fc.string({ unit: "grapheme" }),
  fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
);
const samples = fc.array(
  fc.record({
    at: fc.integer({ min: NOON - 86_400_000, max: NOON + 60_000 }),
    data: fc.dictionary(fc.constantFrom("temperature", "power", "mode", "a", "ü"), value, { maxKeys: 4 }),
    clock: fc.constantFrom("wrong" as const, undefined),
  }).map(({ clock, ...sample }): Sample => clock ? { ...sample, clock } : sample),
  { maxLength: 40 },
);
const columnOf = (values: readonly Value[]): Column => ({
  times: values.map(({ at }) => at),
  values: values.map(({ value }) => value),
});
/** Told apart also where `toEqual` would not: by the sign of zero. */
const exactly = (read: unknown, written: unknown) => {
  expect(read).toEqual(written);
  expect(JSON.stringify(read)).toBe(JSON.stringify(written));
};

describe("bytes", () => {
  it("numbers and texts come back as they were", () => {
    fc.assert(fc.property(fc.array(fc.tuple(whole, fc.maxSafeInteger(), fc.double(), fc.string())), (all) => {
      const to = new Writer();
      for (const [one, two, three, four] of all) {
        to.whole(one);
        to.signed(Math.trunc(two / 2));
        to.float(three);
        to.text(four.toWellFormed());
      }
      const from = new Reader(to.done());
      for (const [one, two, three, four] of all) {
        expect(from.whole()).toBe(one);
        expect(from.signed()).toBe(Math.trunc(two / 2) + 0);
        expect(from.float()).toBe(three);
        expect(from.text()).toBe(four.toWellFormed());
      }
      expect(from.isDone).toBe(true);
    }));
  });

  it("a column of whatever a kind lets in comes back as it was", () => {
    const columns = fc.oneof(
      fc.array(number),
      fc.array(decimal),
      fc.array(value),
      fc.array(fc.constantFrom("on", "off")),
    );
    fc.assert(
      fc.property(columns, (values) => {
        const to = new Writer();
        writeColumn(to, values);
        const from = new Reader(to.done());
        const read = readColumn(from, values.length);
        expect(from.isDone).toBe(true);
        expect(JSON.stringify(read)).toBe(JSON.stringify(values));
        if (values.every((value) => typeof value === "number")) expect(read).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });
});

describe("carried samples [T7]", () => {
  it("come back as they were, in the order in which they came", () => {
    fc.assert(
      fc.property(samples, (all) => exactly(samplesIn(append(NOTHING, all)), all)),
    );
  });

  it("an older value stays as it was, whoever goes on from it", () => {
    fc.assert(fc.property(samples, samples, samples, (before, one, other) => {
      const carried = append(NOTHING, before);
      append(carried, one);
      expect(samplesIn(carried)).toEqual(before);
      expect(samplesIn(append(carried, other))).toEqual([...before, ...other]);
    }));
  });

  it("a minute of a device with three values ten times a second fits a sleeping socket", () => {
    let carried = NOTHING;
    for (let at = 0; at < 500; at++) {
      carried = append(carried, [{
        at: NOON + at * 100,
        data: { temperature: 21.5 + at % 7 / 10, humidity: 45.2, co2: 412 + at % 5 },
      }]);
    }
    expect(carried.length).toBeLessThan(8_192);
  });
});

describe("extents", () => {
  it("samples by field come back in the order of time, of one instant in that of arrival; one field alone too", () => {
    fc.assert(fc.property(samples, samples, (some, more) => {
      // As JSON tells them: among other values a zero has no sign.
      const parts = [some, more].map((part): Carried => append(NOTHING, JSON.parse(JSON.stringify(part))));
      const series = seriesOf(parts);
      for (const [field, column] of series) {
        const told = [...some, ...more].filter(({ data }) => Object.hasOwn(data, field))
          .map(({ at, data }) => ({ at, value: data[field] })).sort((one, other) => one.at - other.at);
        expect(JSON.stringify(pairsOf(column))).toBe(JSON.stringify(told));
      }
      const bytes = writeSeries(series);
      exactly([...readSeries(bytes)], [...series]);
      for (const field of ["temperature", "mode", "never"]) {
        expect(readSeries(bytes, field).get(field)).toEqual(series.get(field));
      }
    }));
  });

  it("[Q3] cut by spans of time and in parts of bounded length, nothing is lost and nothing changes its place", () => {
    const HOUR = 3_600_000;
    fc.assert(fc.property(samples, fc.integer({ min: 1, max: 9 }), (all, most) => {
      const series = seriesOf([append(NOTHING, all)]);
      const again: Series = new Map();
      const spans = [...spansOf(series, HOUR, most)].sort(([one], [other]) => one - other);
      for (const [span, parts] of spans) {
        for (const [field, column] of parts.flatMap((part) => [...part])) {
          expect(column.times.length).toBeLessThanOrEqual(most);
          for (const at of column.times) expect(Math.floor(at / HOUR)).toBe(span);
          appendTo(columnIn(again, field), column);
        }
      }
      expect(again.size).toBe(series.size);
      for (const [field, column] of series) expect(again.get(field)).toEqual(column);
    }));
  });

  const values = (of: fc.Arbitrary<unknown>): fc.Arbitrary<Value[]> =>
    fc.array(fc.record({ at: fc.integer({ min: NOON, max: NOON + 600_000 }), value: of }), { maxLength: 60 })
      .map((all) => all.sort((one, other) => one.at - other.at));
  const cents = fc.integer({ min: -5_000, max: 5_000 }).map((value) => value / 100);
  const totals = fc.integer({ min: 0, max: 100_000 }).map((value) => value / 10);

  it("steps come back as they were", () => {
    fc.assert(
      fc.property(values(cents), values(totals), values(fc.constantFrom("a", "b", 1, true, null)), (...given) => {
        const fields = new Map<string, Steps>(
          (["gauge", "counter", "state"] as const).map((
            kept,
            at,
          ) => [kept, { kept, steps: stepsOf(FOLDS[kept] as never, columnOf(given[at]), every(60_000)) } as Steps]),
        );
        const read = readStepsOf(writeStepsOf(fields, 60_000), 60_000);
        for (const [name, { steps }] of fields) {
          expect(read.get(name)!.steps.length).toBe(steps.length);
          read.get(name)!.steps.forEach((step, at) => {
            for (const [key, value] of Object.entries(steps[at])) {
              if (typeof value === "number") expect((step as never)[key]).toBeCloseTo(value, 7);
              else expect((step as never)[key]).toEqual(value);
            }
          });
        }
      }),
    );
  });

  it("[Q1] a sum of very small numbers is none of its digits short, and one of decimals has no dust", () => {
    const sumOf = (...values: number[]) => {
      const steps = stepsOf(gauge, columnOf(values.map((value, at) => ({ at, value }))), every(60_000));
      const fields = new Map<string, Steps>([["level", { kept: "gauge", steps }]]);
      return readStepsOf(writeStepsOf(fields, 60_000), 60_000).get("level")!.steps[0];
    };
    expect(sumOf(1e-12, 2.5e-10)).toMatchObject({ min: 1e-12, max: 2.5e-10, sum: 2.51e-10 });
    expect(sumOf(1 / 3)).toMatchObject({ sum: 1 / 3 });
    expect(sumOf(0.1, 0.2)).toMatchObject({ sum: 0.3 });
  });

  it("[Q5] of very many values within a step no time is told of one that another one lasted", () => {
    const values = Array.from({ length: 600 }, (_, at): Value => ({ at: at * 50, value: `n${(at * at) % 97}` }));
    const steps = stepsOf(FOLDS.state, columnOf(values), every(60_000));
    const fields = new Map<string, Steps>([["note", { kept: "state", steps }]]);
    const { runs } = readStepsOf(writeStepsOf(fields, 60_000), 60_000).get("note")!.steps[0] as StepOf["state"];
    const lasted = (value: unknown) => values.slice(0, -1).filter((one) => one.value === value).length * 50;
    expect(new Set(values.map(({ value }) => value)).size).toBeGreaterThan(40);
    expect(runs.reduce((sum, [, ms]) => sum + ms, 0)).toBe(599 * 50);
    for (const [value, ms] of runs) if (value !== null) expect(ms).toBeLessThanOrEqual(lasted(value));
    expect(runs.length).toBeLessThanOrEqual(33);
    expect(runs.some(([value]) => value === null)).toBe(true);
  });

  it("steps of parts, one after another, joined are steps of the whole", () => {
    fc.assert(fc.property(values(cents), values(totals), fc.nat({ max: 60 }), (levels, counts, cut) => {
      const [minute, wide] = [every(60_000), every(300_000)];
      const parts = <V>(all: V[]) => [all.slice(0, cut), all.slice(cut)];
      const joined = widerOf(gauge, parts(levels).flatMap((part) => stepsOf(gauge, columnOf(part), minute)), wide);
      const whole = stepsOf(gauge, columnOf(levels), wide);
      expect(joined.map(({ sum: _, ...step }) => step)).toEqual(whole.map(({ sum: _, ...step }) => step));
      joined.forEach(({ sum }, at) => expect(sum).toBeCloseTo(whole[at].sum, 7));
      const total = widerOf(counter, parts(counts).flatMap((part) => stepsOf(counter, columnOf(part), minute)), wide);
      stepsOf(counter, columnOf(counts), wide).forEach(({ increase, ...step }, at) => {
        expect(total[at]).toMatchObject(step);
        expect(total[at].increase).toBeCloseTo(increase, 7);
      });
    }));
  });
});
