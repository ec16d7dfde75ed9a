/** Random values that fit a kind's document, and random ones that do not: each wrong in one place. */
import * as fc from "fast-check";
import type { Schema } from "../../src/device/sample.ts";

type Doc = Record<string, unknown>;
export type Path = readonly (string | number)[];

/** Runs a property; a failure prints its seed, which `SEED=… deno task vitest run test/kind/sweep` repeats. */
export function holds<T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>, runs: number): void {
  fc.assert(property, { seed: Number(process.env.SEED ?? 20_261_125), numRuns: runs });
}

/** What fits the schema, by what the document says and nothing else. */
export function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(fitting));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => fitting({ ...schema, type })));
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1e9, max: Math.min(schema.maximum ?? 1e9, Number.MAX_SAFE_INTEGER) });
    case "number":
      return numbers(schema);
    case "string":
      return texts(schema);
    case "array":
      return lists(schema);
    case "object":
      return objects(schema);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...schema }: Schema): fc.Arbitrary<number> {
  const min = exclusiveMinimum ?? minimum ?? -1e9;
  const max = exclusiveMaximum ?? maximum ?? 1e9;
  // [F8] A duration has at most three decimals, which JSON Schema cannot say without trouble.
  const grain = schema.multipleOf ?? (schema.unit === "s" ? 0.001 : undefined);
  if (grain !== undefined) {
    return fc.integer({ min: Math.ceil(min / grain), max: Math.floor(Math.min(max, 1e9) / grain) })
      .map((count) => Number((count * grain).toFixed(9)));
  }
  return fc.double({
    min,
    max,
    minExcluded: exclusiveMinimum !== undefined,
    maxExcluded: exclusiveMaximum !== undefined,
    noNaN: true,
    noDefaultInfinity: true,
  })
    // JSON has no -0.
    .map((value) => value === 0 ? 0 : value);
}

function texts({ pattern, format, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  if (format === "date-time") return fc.date({ noInvalidDate: true }).map((date) => date.toISOString()).filter(fits);
  if (pattern) return fc.stringMatching(new RegExp(pattern, "u")).filter(fits);
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 64), unit: "binary" })
    .map((text) => text.slice(0, maxLength));
}

function lists({ prefixItems = [], items, minItems = 0, ...schema }: Schema): fc.Arbitrary<unknown[]> {
  const first = fc.tuple(...prefixItems.map(fitting));
  if (typeof items !== "object") return first as fc.Arbitrary<unknown[]>;
  const most = (schema.maxItems as number | undefined) ?? minItems + 4;
  const rest = fc.array(fitting(items), {
    minLength: Math.max(0, minItems - prefixItems.length),
    maxLength: Math.max(0, Math.min(most, minItems + 8) - prefixItems.length),
  });
  return fc.tuple(first, rest).map(([one, other]) => [...one, ...other]);
}

function objects({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<Doc> {
  const named = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fitting(schema)]));
  const known = fc.record(named, { requiredKeys: [...required], noNullPrototype: true });
  if (typeof additionalProperties !== "object") return known;
  const others = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fitting(additionalProperties), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  return fc.tuple(others, known).map(([one, other]) => ({ ...one, ...other }));
}

/** A value that is wrong in one place, and where. */
export interface Wrong {
  what: string;
  at: Path;
  value: unknown;
}

const OTHERS: Record<string, unknown> = { null: null, boolean: true, number: 7, string: "odd", array: [], object: {} };
const ABSENT = Symbol("absent");

/** Everything that is wrong with one place of a value that fits; what is absent is put there wrongly too. */
export function wrongs(schema: Schema, value: unknown = ABSENT): Wrong[] {
  const here = (what: string, value: unknown): Wrong => ({ what, at: [], value });
  const types = typesOf(schema);
  const found = Object.entries(OTHERS).filter(([type]) => !types.has(type))
    .map(([type, other]) => here(`${type} instead of ${[...types].join(" or ")}`, other));
  if (schema.enum || "const" in schema) {
    return types.has("string") ? [...found, here("none of the values", "not one of them")] : found;
  }
  if (schema.anyOf || schema.oneOf || Array.isArray(schema.type)) return found;
  if (types.has("number")) found.push(...wrongNumbers(schema).map(([what, value]) => here(what, value)));
  if (types.has("string")) found.push(...wrongTexts(schema).map(([what, value]) => here(what, value)));
  if (Array.isArray(value)) found.push(...wrongLists(schema, value));
  if (types.has("object") && value !== ABSENT) found.push(...wrongObjects(schema, value as Doc));
  return found;
}

function typesOf(schema: Schema): Set<string> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return new Set(choices.flatMap((choice) => [...typesOf(choice)]));
  const values = schema.enum ?? ("const" in schema ? [schema.const] : undefined);
  if (values) return new Set(values.map((value) => value === null ? "null" : typeof value));
  return new Set([schema.type ?? []].flat().map((type) => type === "integer" ? "number" : type));
}

type Named = [what: string, value: unknown];

function wrongNumbers({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): Named[] {
  const least = (bound: number) => type === "integer" ? 1 : Math.max(1e-6, Math.abs(bound) * 1e-6);
  return [
    ["NaN", NaN],
    ["Infinity", Infinity],
    ...minimum !== undefined ? [["below the minimum", minimum - least(minimum)] as Named] : [],
    ...maximum !== undefined ? [["above the maximum", maximum + least(maximum)] as Named] : [],
    ...exclusiveMinimum !== undefined ? [["at the excluded minimum", exclusiveMinimum] as Named] : [],
    ...exclusiveMaximum !== undefined ? [["at the excluded maximum", exclusiveMaximum] as Named] : [],
    // Between its bounds where it has both, so that only the fraction is wrong.
    ...type === "integer" ? [["a fraction", (Math.abs(minimum ?? 0) < 1e9 ? minimum ?? 0 : 0) + 0.5] as Named] : [],
  ];
}

const wrongTexts = ({ minLength = 0, maxLength, pattern }: Schema): Named[] => [
  ...maxLength !== undefined ? [["too long", "x".repeat(maxLength + 1)] as Named] : [],
  ...minLength > 0 ? [["too short", "x".repeat(minLength - 1)] as Named] : [],
  ...pattern && !new RegExp(pattern, "u").test("\n") ? [["not by the pattern", "\n"] as Named] : [],
];

function wrongLists({ prefixItems = [], items, minItems, maxItems }: Schema, value: unknown[]): Wrong[] {
  const inside = value.flatMap((item, index) => {
    const schema = prefixItems[index] ?? items;
    if (typeof schema !== "object") return [];
    return wrongs(schema, item).map(({ what, at, value: wrong }) => ({
      what,
      at: [index, ...at],
      value: value.with(index, wrong),
    }));
  });
  const most = maxItems as number | undefined;
  const many = most !== undefined && value.length > 0
    ? [{ what: "too many", at: [], value: Array.from({ length: most + 1 }, (_, at) => value[at % value.length]) }]
    : [];
  const few = minItems ? [{ what: "too few", at: [], value: value.slice(0, minItems - 1) }] : [];
  return [...inside, ...many, ...few];
}

function wrongObjects({ properties = {}, required = [], additionalProperties }: Schema, value: Doc): Wrong[] {
  const inside = Object.entries(properties).flatMap(([name, schema]) =>
    wrongs(schema, Object.hasOwn(value, name) ? value[name] : ABSENT).map(({ what, at, value: wrong }) => ({
      what,
      at: [name, ...at],
      value: { ...value, [name]: wrong },
    }))
  );
  const missing = required.map((name) => {
    const { [name]: _, ...rest } = value;
    return { what: "missing", at: [name], value: rest };
  });
  const known = typeof additionalProperties === "object";
  const unknown = (known ? ["__proto__"] : ["nobody_knows", "__proto__", "constructor", "a/b~c"]).map((name) => ({
    what: `unknown key ${name}`,
    at: [name],
    value: Object.defineProperty({ ...value }, name, { value: { x: 1 }, enumerable: true }),
  }));
  return [...inside, ...missing, ...unknown];
}
