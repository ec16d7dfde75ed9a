/** The short way for samples says yes only where zod does, and gives back what zod would. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import type { Schema } from "../../src/device/sample.ts";
import { duration } from "../../src/kind/field.ts";
import { plainObject } from "../../src/kind/plain.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { fitting, holds } from "./arbitrary.ts";

const RUNS = 500;

/** As `check.ts` makes it of a kind's fields. */
const sampleOf = (fields: Record<string, z.ZodType>) => z.strictObject(fields).partial();

const NUMBERS = [0, -0, 0.1, 0.3, 1, -1, 2.5, 5, 10, 16_777_217, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e308];
const TEXTS = ["", "a", "on", " on ", "ON", "a@b.c", "12", "2026-11-26", "é", "👍", "👍👍", "\ud800", "x".repeat(65)];
const ODD = [...NUMBERS, ...TEXTS, NaN, Infinity, -Infinity, true, false, null, undefined, [], [1], {}, { a: 1 }, 1n];
const odd = fc.oneof(fc.constantFrom<unknown>(...ODD), fc.double(), fc.integer(), fc.string(), fc.jsonValue());

/** Own keys that assignment would not make. */
function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true });
  }
  return made;
}

/** Right values for the most part, among them any that may be odd, and keys that nobody knows. */
const values = (names: readonly string[], right: fc.Arbitrary<Record<string, unknown>>) => {
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom("nobody_knows", "__proto__", "constructor", "toString", "") },
  );
  const some = fc.array(fc.tuple(name, odd), { maxLength: 2 });
  return fc.tuple(right, some).map(([one, other]) => record([...Object.entries(one), ...other]));
};

function agrees(schema: z.ZodObject, value: Record<string, unknown>): boolean {
  const isPlain = plainObject(schema.shape)(value);
  if (isPlain) {
    const parsed = schema.safeParse(value);
    expect(parsed).toStrictEqual({ success: true, data: value });
    expect(Object.keys(value)).not.toContain("__proto__");
  }
  return isPlain;
}

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ kind }) => {
  const schema = sampleOf(kind.telemetry);
  const right = fitting(kindDocument(kind).properties.telemetry as Schema) as fc.Arbitrary<Record<string, unknown>>;

  it("[T2] what its document allows goes the short way, each value as it is", () => {
    holds(fc.property(right, (value) => void expect(agrees(schema, value)).toBe(true)), 100);
  });

  it("[T2] what goes the short way is what zod takes", () => {
    holds(fc.property(values(Object.keys(kind.telemetry), right), (value) => void agrees(schema, value)), RUNS);
  });
});

/** Each of what zod can say of a flat field, and of what is none; `values` are on both sides of where it is right. */
const FIELDS: Record<string, { field: z.ZodType; takes: unknown[] }> = {
  bounded: { field: z.number().min(-1).max(2.5), takes: [-1, -0, 2.5] },
  inside: { field: z.number().gt(-1).lt(2.5), takes: [0] },
  int: { field: z.int(), takes: [0, 5] },
  int32: { field: z.int32().nonnegative(), takes: [5] },
  float32: { field: z.float32(), takes: [0.5] },
  step: { field: z.number().multipleOf(0.1), takes: [0.3] },
  refined: { field: z.number().refine((value) => value !== 1), takes: [2] },
  guarded: {
    field: z.number().superRefine((value, { addIssue }) => void (value === 5 && addIssue("not five"))),
    takes: [2],
  },
  seldom: { field: z.number().refine(() => true, { when: ({ value }) => value !== 1 }), takes: [2] },
  seconds: { field: duration(), takes: [1.234] },
  short: { field: z.string().min(1).max(2), takes: ["é", "👍"] },
  pattern: { field: z.string().regex(/^o/g), takes: ["on"] },
  mail: { field: z.email(), takes: ["a@b.co"] },
  day: { field: z.iso.date(), takes: ["2026-11-26"] },
  trimmed: { field: z.string().trim(), takes: ["on"] },
  lower: { field: z.string().toLowerCase(), takes: ["on"] },
  one_of: { field: z.enum(["on", "off"]), takes: ["on"] },
  numbers: { field: z.enum({ Low: 0, High: 1 }), takes: [1] },
  exactly: { field: z.literal(["on", 1, null]), takes: ["on", 1, null] },
  nothing: { field: z.number().nullable(), takes: [null, 1] },
  perhaps: { field: z.boolean().optional(), takes: [true] },
  bounded_outside: { field: z.number().nullable().refine((value) => value !== 5), takes: [null, 1] },
};
/** What the short way knows nothing of: none of these says yes, whatever it is asked. */
const DECLINED: Record<string, z.ZodType> = {
  transformed: z.number().transform((value) => value + 1),
  coerced: z.preprocess(Number, z.number()),
  union: z.union([z.string().trim(), z.number()]),
  list: z.array(z.number()),
  object: z.object({ a: z.number() }),
  loose: z.looseObject({ a: z.number() }),
  record: z.record(z.string(), z.number()),
  tuple: z.tuple([z.number()]),
  lazy: z.lazy(() => z.number()),
  anything: z.unknown(),
  caught: z.number().catch(7),
  custom: z.custom((value) => value === 1),
  codec: z.stringbool(),
};

describe("any field", () => {
  it.each(Object.entries(FIELDS))("[T2] %s: plain is what is right", (_, { field, takes }) => {
    const schema = sampleOf({ field });
    for (const value of takes) expect([value, agrees(schema, { field: value })]).toEqual([value, true]);
    for (const value of ODD) agrees(schema, { field: value });
    holds(fc.property(odd, (value) => void agrees(schema, { field: value })), RUNS);
  });

  it.each(Object.entries(DECLINED))("%s is the schema's to judge", (_, field) => {
    for (const value of ODD) expect(agrees(sampleOf({ field }), { field: value })).toBe(false);
    holds(fc.property(odd, (value) => void expect(agrees(sampleOf({ field }), { field: value })).toBe(false)), RUNS);
  });

  it.each([
    ["a default", z.number().default(7)],
    ["a default inside", z.number().default(7).nullable()],
    ["a prefault", z.number().prefault(7)],
  ])("%s fills what is absent", (_, other) => {
    const schema = sampleOf({ field: z.number(), other });
    expect(agrees(schema, { field: 1 })).toBe(false);
  });

  it("a name that every object has is not taken for absent", () => {
    expect(agrees(sampleOf({ field: z.number(), constructor: z.number() }), { field: 1 })).toBe(false);
  });

  it("[T2] all of them together", () => {
    const fields = Object.entries({ ...FIELDS, ...DECLINED });
    const all = Object.fromEntries(
      fields.map(([name, field]) => [name, field instanceof z.ZodType ? field : field.field]),
    );
    const right = fc.record(
      Object.fromEntries(Object.entries(FIELDS).map(([name, { takes }]) => [name, fc.constantFrom(...takes)])),
      { requiredKeys: [], noNullPrototype: true },
    );
    const { coerced: _, ...filled } = all;
    let plain = 0;
    holds(
      fc.property(values(Object.keys(filled), right), (value) => void (agrees(sampleOf(filled), value) && plain++)),
      RUNS,
    );
    expect(plain).toBeGreaterThan(0);
  });
});
