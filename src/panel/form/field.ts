/** A field of a kind's document as something that can be shown and filled in [K4]. */
import type { JsonSchema } from "../../kind/schema.ts";

export type FieldSort = "toggle" | "choice" | "options" | "list" | "number" | "text" | "group" | "json";

/** What a text is, where its schema says more than that it is one. */
export type Format = "color" | "date-time" | "date" | "time";

export interface FieldModel {
  name: string;
  title: string;
  description?: string;
  sort: FieldSort;
  isOptional: boolean;
  isSecret: boolean;
  isDesirable: boolean;
  unit?: string;
  deviceClass?: string;
  precision?: number;
  step?: number;
  min?: number;
  max?: number;
  maxLength?: number;
  /** Of a choice one is taken, of options any number. */
  options?: readonly string[];
  format?: Format;
  /** What a list is made of, and how many of them there may be. */
  item?: FieldModel;
  fewest?: number;
  most?: number;
  /** What a group is made of; they count together. */
  parts?: readonly FieldModel[];
  /** From 2 on; such a field is drawn once the device reports it [K6]. */
  channel?: number;
  /** How history is kept. */
  class: "gauge" | "counter" | "state";
}

type Properties = Record<string, JsonSchema>;

export const propertiesOf = (schema: JsonSchema): Properties => (schema.properties ?? {}) as Properties;

export function fieldsOf(schema: JsonSchema): FieldModel[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries(propertiesOf(schema)).map(([name, property]) =>
    fieldOf(name, property, !required.includes(name))
  );
}

export function fieldOf(name: string, schema: JsonSchema, isOptional = true): FieldModel {
  const of = <T>(key: string) => schema[key] as T | undefined;
  const sort = sortOf(schema);
  return {
    name,
    title: of<string>("title") ?? sentence(name),
    description: of("description"),
    sort,
    isOptional,
    isSecret: schema.secret === true,
    isDesirable: schema.desirable === true,
    unit: of("unit"),
    deviceClass: of("deviceClass"),
    precision: of("precision"),
    step: of("step"),
    min: of("minimum"),
    max: of("maximum"),
    maxLength: of("maxLength"),
    options: sort === "options" ? (schema.items as JsonSchema).enum as string[] : of("enum"),
    ...(sort === "text" && formatOf(schema)),
    ...(sort === "list" && { item: fieldOf(name, schema.items as JsonSchema, false) }),
    ...((sort === "list" || sort === "options") && {
      fewest: of<number>("minItems"),
      most: of<number>("maxItems"),
    }),
    ...(sort === "group" && { parts: fieldsOf(schema) }),
    channel: of("channel"),
    class: of<FieldModel["class"]>("class") ?? (schema.type === "number" ? "gauge" : "state"),
  };
}

const FORMATS: readonly string[] = ["color", "date-time", "date", "time"] satisfies Format[];

/** By its format or widget; a pattern that takes colours and little else says so too. */
function formatOf({ format, widget, pattern }: JsonSchema): { format: Format } | undefined {
  const named = [format, widget].find((one) => FORMATS.includes(String(one)));
  if (named !== undefined) return { format: named as Format };
  return typeof pattern === "string" && isOfColors(pattern) ? { format: "color" } : undefined;
}

function isOfColors(pattern: string): boolean {
  try {
    const takes = new RegExp(pattern, "u");
    return ["#20a0ff", "#A0B1C2"].some((color) => takes.test(color)) &&
      !["20a0ff", "# 0a0ff", "blue", ""].some((other) => takes.test(other));
  } catch {
    // Some patterns are not JavaScript's; they say nothing of a colour.
    return false;
  }
}

/** `set_target` → `Set target`. */
export const sentence = (name: string): string =>
  (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll(/[_-]/g, " ");

function sortOf(schema: JsonSchema): FieldSort {
  const { type, enum: options } = schema;
  if (Array.isArray(options) && options.every((option) => typeof option === "string")) return "choice";
  switch (type) {
    case "boolean":
      return "toggle";
    case "number":
    case "integer":
      return "number";
    case "string":
      return "text";
    case "array": {
      const items = (schema.items ?? {}) as JsonSchema;
      const sort = sortOf(items);
      return sort === "choice" ? "options" : sort === "number" || sort === "text" ? "list" : "json";
    }
    case "object": {
      const parts = Object.values(propertiesOf(schema)).map(sortOf);
      return parts.length > 0 && parts.every((part) => !["group", "json", "options", "list"].includes(part))
        ? "group"
        : "json";
    }
    default:
      return "json";
  }
}

/** How far one press of + goes, where the kind does not say. */
export const stepOf = ({ step, precision, sort }: FieldModel): number =>
  step ?? (sort === "number" && precision ? 10 ** -precision : 1);

/** One step up or down, on the grid of steps and inside the range. */
export function stepped(field: FieldModel, from: number, direction: 1 | -1): number {
  const step = stepOf(field);
  const moved = Math.round((from + direction * step) / step) * step;
  return tidy(Math.min(field.max ?? Infinity, Math.max(field.min ?? -Infinity, moved)));
}

/** 0.1 + 0.2 is 0.3 to whoever reads it. */
export const tidy = (value: number) => Number(value.toFixed(6));
