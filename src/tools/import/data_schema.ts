/** The W3C's data schemas: JSON Schema with a unit, and less of it. */
import { z } from "zod";
import type { Annotations } from "../../kind/field.ts";
import { sentence } from "../../kind/sentence.ts";
import { membersFrom, Unmappable } from "./draft.ts";
import { fieldName } from "./names.ts";
import { bounds, type Members, type Shape } from "./shape.ts";
import { classOf, decimalsOf, decimalsOfStep, unitOf } from "./units.ts";

export interface DataSchema {
  type?: string | string[];
  title?: string;
  titles?: Record<string, string>;
  description?: string;
  unit?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  oneOf?: DataSchema[];
  readOnly?: boolean;
  writeOnly?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  items?: DataSchema | DataSchema[];
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, DataSchema>;
  required?: string[];
}

const number = z.number().optional();
const text = z.string().optional();

/** Looser than the W3C's, so that what is not looked at may be as it likes. */
export const dataSchema: z.ZodType<DataSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    title: text,
    titles: z.record(z.string(), z.string()).optional(),
    description: text,
    unit: text,
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    oneOf: z.array(dataSchema).optional(),
    readOnly: z.boolean().optional(),
    writeOnly: z.boolean().optional(),
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    exclusiveMaximum: number,
    multipleOf: number,
    minLength: number,
    maxLength: number,
    items: z.union([dataSchema, z.array(dataSchema)]).optional(),
    minItems: number,
    maxItems: number,
    properties: z.record(z.string(), dataSchema).optional(),
    required: z.array(z.string()).optional(),
  })
);

const LONGEST_TEXT = 1024;

export function schemaShape(schema: DataSchema, name: string): Shape {
  const annotations = annotationsOf(schema, name);
  const values = valuesOf(schema);
  if (values) return choiceShape(values, annotations);
  switch (typeOf(schema)) {
    case "boolean":
      return { type: "flag", annotations };
    case "integer":
      return numberShape(schema, name, true);
    case "number":
      return numberShape(schema, name, false);
    case "string":
      // What a pattern or a format says beyond that is left to the device.
      return { type: "text", ...bounds({ min: schema.minLength }), max: schema.maxLength ?? LONGEST_TEXT, annotations };
    case "null":
      throw new Unmappable("its value is always null");
    case "array":
      return listShape(schema, name, annotations);
    case "object":
      return objectShape(schema, annotations);
    default:
      throw new Unmappable("it does not say of what type its value is");
  }
}

/** The result of an action. Of a hub's record of a command, which is ours, what the device answered. */
export function outputOf(schema: DataSchema): DataSchema | undefined {
  const { required = [], properties = {} } = schema;
  const isRecord = ["id", "status"].every((part) => required.includes(part)) && properties.error?.properties?.code;
  if (isRecord) return properties.value;
  return typeOf(schema) === "null" ? undefined : schema;
}

/** One type beside null is that type: a field that is not there is how we say null. */
function typeOf({ type, properties, items, minimum, maximum }: DataSchema): string | undefined {
  const types = type === undefined ? [] : [type].flat();
  const [one, ...others] = types.filter((type) => types.length === 1 || type !== "null");
  if (others.length > 0) throw new Unmappable("its value may be of several types");
  if (one !== undefined) return one;
  if (properties) return "object";
  if (items) return "array";
  return minimum !== undefined || maximum !== undefined ? "number" : undefined;
}

/** The single values that it may have, however that is written; undefined where there are other ones. */
function valuesOf(schema: DataSchema): unknown[] | undefined {
  if (schema.enum) return schema.enum.filter((value) => value !== null);
  if (schema.const !== undefined) return [schema.const];
  if (!schema.oneOf || schema.oneOf.length === 0) return undefined;
  const each = schema.oneOf.map(valuesOf);
  if (each.every((values) => values !== undefined)) return each.flat();
  if (schema.type === "object" && schema.properties) return undefined;
  throw new Unmappable("its value may have several forms (oneOf)");
}

function choiceShape(values: unknown[], annotations: Annotations): Shape {
  const all = [...new Set(values)];
  const are = (type: string) => all.length > 0 && all.every((value) => typeof value === type);
  if (are("string")) return { type: "choice", values: all as [string, ...string[]], annotations };
  if (are("boolean")) return { type: "flag", annotations };
  if (!are("number")) throw new Unmappable("the values to choose from are not all text or all numbers");
  const numbers = all as number[];
  const range = { min: Math.min(...numbers), max: Math.max(...numbers) };
  return { type: "number", ...range, annotations: { ...annotations, class: "state" } };
}

function numberShape(schema: DataSchema, name: string, integer: boolean): Shape {
  const { multipleOf: step, unit: written } = schema;
  const unit = unitOf(written);
  const deviceClass = classOf(fieldName(name) ?? "", unit);
  const precision = step !== undefined ? decimalsOfStep(step) : integer ? 0 : decimalsOf(unit);
  const { min, max } = rangeOf(schema, integer);
  if (min !== undefined && max !== undefined && min > max) {
    throw new Unmappable("its least value is above its greatest");
  }
  return {
    type: "number",
    ...(integer && { integer }),
    ...bounds({ min, max }),
    annotations: {
      ...annotationsOf(schema, name),
      class: "gauge",
      ...(unit !== undefined && { unit }),
      ...(deviceClass !== undefined && { deviceClass }),
      ...(step !== undefined && { step }),
      ...(precision !== undefined && { precision }),
    },
  };
}

/** Bounds that only say what a number in JSON is are none. */
function rangeOf(schema: DataSchema, integer: boolean): { min?: number; max?: number } {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const above = integer && exclusiveMinimum !== undefined ? Math.floor(exclusiveMinimum) + 1 : exclusiveMinimum;
  const below = integer && exclusiveMaximum !== undefined ? Math.ceil(exclusiveMaximum) - 1 : exclusiveMaximum;
  const real = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
  return { min: real(minimum ?? above), max: real(maximum ?? below) };
}

function listShape({ items, minItems, maxItems }: DataSchema, name: string, annotations: Annotations): Shape {
  if (!items) throw new Unmappable("it is a list of nobody knows what");
  const [first, ...others] = [items].flat();
  if (!first || others.length > 0) throw new Unmappable("it is a list in which each place has a meaning of its own");
  return {
    type: "list",
    of: schemaShape(first, name),
    ...(minItems !== undefined && { least: minItems }),
    ...(maxItems !== undefined && { most: maxItems }),
    annotations,
  };
}

function objectShape(schema: DataSchema, annotations: Annotations): Shape {
  const members = membersOf(schema);
  if (Object.keys(members).length === 0) throw new Unmappable("it is an object of which no part is described");
  return { type: "object", members, annotations };
}

/** What goes only to the thing is a secret of it. */
export const membersOf = ({ properties = {}, required = [] }: DataSchema): Members =>
  membersFrom(
    Object.entries(properties).map(([name, part]) => [
      name,
      { shape: schemaShape(part, name), isOptional: !required.includes(name) },
    ]),
  );

function annotationsOf(schema: DataSchema, name: string): Annotations {
  const { title, titles, description, writeOnly, default: filledIn } = schema;
  return {
    title: title ?? titles?.en ?? sentence(fieldName(name) ?? name),
    ...(description && description !== title && { description }),
    ...(["string", "number", "boolean"].includes(typeof filledIn) && { default: filledIn }),
    ...(writeOnly && { secret: true }),
  };
}
