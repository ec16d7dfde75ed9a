/** What to ask for: params of a command, and two values of a field that can be told apart. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { confirmedField } from "../../kind/channel.ts";
import { annotationsOf, type Field } from "../../kind/field.ts";
import type { AnyKind, Command } from "../../kind/kind.ts";
import { type JsonSchema, jsonSchema } from "../../kind/schema.ts";

type Doc = Record<string, unknown>;

/** A few values that the schema takes, tame ones first. */
export function valuesOf(schema: z.ZodType): unknown[] {
  return candidates(jsonSchema(schema), annotationsOf(schema).step).filter((value) => schema.safeParse(value).success);
}

function candidates(schema: JsonSchema, step = 1): unknown[] {
  if ("const" in schema) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap((one) => candidates(one, step));
  switch (schema.type) {
    case "boolean":
      return [true, false];
    case "integer":
    case "number":
      return numbers(schema, step);
    case "string":
      return ["a", "conform", ""];
    case "array":
      return [[], ...candidates((schema.items ?? {}) as JsonSchema, step).map((item) => [item])];
    case "object":
      return [objectOf(schema)];
    default:
      return [];
  }
}

/** From the middle: the ends of a range are where things break, and that is not what is being tried. */
function numbers({ minimum, maximum }: JsonSchema, step: number): number[] {
  const low = Number(minimum ?? 0);
  const high = Math.min(Number(maximum ?? Infinity), low + 100);
  const middle = Math.floor((low + high) / 2);
  return [middle, middle + step, middle - step, low, high];
}

function objectOf({ properties = {}, required = [] }: JsonSchema): Doc {
  const schemas = properties as Record<string, JsonSchema>;
  return Object.fromEntries((required as string[]).map((name) => [name, candidates(schemas[name])[0]]));
}

/** The kind's own examples of a command, or else the fewest params that it takes. */
export function paramsOf(kind: AnyKind, name: string): Doc[] {
  const examples = (kind.examples.commands as Record<string, readonly { params: Doc }[]>)[name] ?? [];
  if (examples.length > 0) return examples.map(({ params }) => params);
  return valuesOf(kind.commands[name].params).slice(0, 1) as Doc[];
}

/** A `set` that shows in the reported state, with two contrary wishes. */
export interface Pair {
  name: string;
  field: string;
  one: Doc;
  other: Doc;
  /** The param that the field follows. */
  param: string;
}

/** The first command of those that can prove by the reported state whether it was acted on. */
export function pairOf(kind: AnyKind, names: readonly string[], reported: Doc): Pair | undefined {
  for (const name of names) {
    const { confirms, params: schema, effect } = kind.commands[name] as Command;
    const [params] = paramsOf(kind, name);
    if (effect !== "set" || !confirms || !("param" in confirms) || !params) continue;
    const { param } = confirms;
    const field = confirmedField(confirms, params);
    // A device with one channel has no second one.
    if (!Object.hasOwn(reported, field)) continue;
    const values = [params[param], ...valuesOf(schema.shape[param] as Field)];
    const [one, other] = values.filter((value, index) =>
      value !== undefined && values.findIndex((before) => isDeepStrictEqual(before, value)) === index &&
      schema.safeParse({ ...params, [param]: value }).success
    );
    if (other !== undefined) {
      return { name, field, param, one: { ...params, [param]: one }, other: { ...params, [param]: other } };
    }
  }
}

/** A desired document that differs from what is reported, or one that does not where there is no other. */
export function wishOf(kind: AnyKind, reported: Doc): Doc | undefined {
  for (const [field, schema] of Object.entries(kind.state as Record<string, Field>)) {
    if (!annotationsOf(schema).desirable || !Object.hasOwn(reported, field)) continue;
    const value = valuesOf(schema).find((value) => !isDeepStrictEqual(value, reported[field]));
    if (value !== undefined) return { [field]: value };
  }
}
