/** A value that fits a JSON Schema, as far as the documents of kinds use it: for what is simulated and shown. */
import type { JsonSchema } from "../kind/schema.ts";

/** What is looked at of a schema; a kind's annotations are beside it [K4]. */
export interface Schema extends JsonSchema {
  type?: string | string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  prefixItems?: readonly Schema[];
  items?: boolean | Schema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  precision?: number;
  step?: number;
  class?: string;
  channel?: number;
  desirable?: boolean;
}

type Random = () => number;
type Doc = Record<string, unknown>;

/** Undefined where none can be made, as for a text by an odd pattern. */
export function sample(schema: Schema, random: Random): unknown {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  if ("const" in schema) return schema.const;
  if (schema.enum) return pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return sample(pick(choices), random);
  if (schema.allOf) return sample(Object.assign({}, ...schema.allOf), random);
  switch (Array.isArray(schema.type) ? pick(schema.type) : schema.type) {
    case "boolean":
      return random() < 0.5;
    case "integer":
    case "number": {
      const { low, high } = rangeOf(schema);
      return rounded(low + random() * (high - low), schema);
    }
    case "string":
      return textFor(schema, random);
    case "array":
      return listFor(schema, random);
    case "object":
      return objectFor(schema, random);
    default:
      return null;
  }
}

/** What an open end is away from the other, or from where the value is. */
const WIDTH = 100;

/** Both ends of what a number may be. */
export function rangeOf(schema: Schema, around?: number): { low: number; high: number } {
  const grain = grainOf(schema);
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const least = bound(above === undefined ? minimum : above + grain);
  const most = bound(below === undefined ? maximum : below - grain);
  const low = least ?? (around ?? most ?? WIDTH) - WIDTH;
  return { low, high: most ?? (around ?? low) + WIDTH };
}

/** zod writes the bounds of a safe integer where none was given. */
const bound = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

/** The smallest difference worth telling. */
export function grainOf({ type, multipleOf, step, precision, minimum = 0, maximum = Infinity }: Schema): number {
  if (multipleOf !== undefined) return multipleOf;
  if (type === "integer") return 1;
  return step ?? 10 ** -(precision ?? (maximum - minimum < 1 ? 3 : 2));
}

/** On the grain, and inside what the schema allows. */
export function rounded(value: number, schema: Schema): number {
  const { low, high } = rangeOf(schema, value);
  const grain = grainOf(schema);
  // Once more in decimals: 3 * 0.1 is not 0.3.
  const onGrain = Number((Math.round(value / grain) * grain).toFixed(9));
  return Math.min(high, Math.max(low, onGrain));
}

const WORDS = ["amber", "birch", "cobalt", "delta", "ember"];
/** For the patterns that are met: names, numbers, versions, times, colours, digests. */
const TEXTS = [...WORDS, "A", "42", "1.2.0", "06:30", "06:30:00", "#ff8800", "ff".repeat(32), "2026-01-01"];
const FORMATS: Record<string, string> = {
  "date-time": "2026-01-01T12:00:00Z",
  date: "2026-01-01",
  time: "12:00:00",
  uuid: "0190a6f0-5d1c-7c3a-9b1e-3f2a4c5d6e7f",
  email: "someone@example.org",
  uri: "https://example.org/",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  hostname: "example.org",
};

function textFor({ format, pattern, minLength = 0, maxLength = Infinity }: Schema, random: Random): string | undefined {
  const first = Math.floor(random() * WORDS.length);
  if (format && format in FORMATS) return FORMATS[format];
  if (!pattern) return WORDS[first].padEnd(minLength, ".").slice(0, maxLength);
  const expected = new RegExp(pattern, "u");
  return [...TEXTS.slice(first), ...TEXTS].find((text) =>
    expected.test(text) && text.length >= minLength && text.length <= maxLength
  );
}

function listFor({ prefixItems = [], items, minItems = 0 }: Schema, random: Random): unknown[] {
  const first = prefixItems.map((item) => sample(item, random));
  const more = typeof items === "object" ? Math.max(minItems, 1) - first.length : 0;
  return [...first, ...Array.from({ length: Math.max(0, more) }, () => sample(items as Schema, random))];
}

function objectFor({ properties = {}, required = [], additionalProperties }: Schema, random: Random): Doc {
  const others = typeof additionalProperties === "object" ? additionalProperties : {};
  const schemas = { ...Object.fromEntries(required.map((name) => [name, others])), ...properties };
  return withoutGaps(
    Object.entries(schemas)
      .filter(([name]) => required.includes(name) || random() < 0.5)
      .map(([name, schema]) => [name, sample(schema, random)]),
  );
}

/** An object of what there is. */
export const withoutGaps = (entries: readonly (readonly [string, unknown])[]): Doc =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));
