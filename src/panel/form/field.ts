/** A field of a kind's document as something that can be shown and filled in [K4]. */
import type { JsonSchema } from "../../kind/schema.ts";

export type FieldSort = "toggle" | "choice" | "options" | "number" | "text" | "group" | "json";

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
  /** A text that is a colour, as `#rrggbb`. */
  isColor?: true;
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
    ...(sort === "text" && (of("format") === "color" || of("widget") === "color") && { isColor: true as const }),
    ...(sort === "group" && { parts: fieldsOf(schema) }),
    channel: of("channel"),
    class: of<FieldModel["class"]>("class") ?? (schema.type === "number" ? "gauge" : "state"),
  };
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
      return sortOf(items) === "choice" ? "options" : "json";
    }
    case "object": {
      const parts = Object.values(propertiesOf(schema)).map(sortOf);
      return parts.length > 0 && parts.every((part) => !["group", "json", "options"].includes(part)) ? "group" : "json";
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
const tidy = (value: number) => Number(value.toFixed(6));

export type Read = { ok: true; value: unknown } | { ok: false; why: string };

/** What was typed, as the value that the hub will check again. Empty is `undefined`. */
export function readField(field: FieldModel, text: string): Read {
  if (text.trim() === "") {
    return field.isOptional ? { ok: true, value: undefined } : { ok: false, why: `${field.title} is needed.` };
  }
  switch (field.sort) {
    case "number":
      return readNumber(field, text);
    case "toggle":
      return { ok: true, value: text === "true" };
    case "options":
      // From checkboxes a line each; a list that stands in one input is JSON.
      return text.trim().startsWith("[") ? readJson(field, text) : { ok: true, value: text.split("\n") };
    case "group":
    case "json":
      return readJson(field, text);
    case "choice":
    case "text":
      return { ok: true, value: text };
  }
}

/** A field of a form, where a part of a group is named `color.h`. */
export function readForm(field: FieldModel, typed: (name: string) => string): Read {
  if (field.sort !== "group") return readField(field, typed(field.name));
  const parts = field.parts!.map((part) => ({ part, text: typed(partName(field, part)) }));
  if (field.isOptional && parts.every(({ text }) => text.trim() === "")) return { ok: true, value: undefined };
  const value: Record<string, unknown> = {};
  for (const { part, text } of parts) {
    const read = readField(part, text);
    if (!read.ok) return read;
    if (read.value !== undefined) value[part.name] = read.value;
  }
  return { ok: true, value };
}

export const partName = (group: FieldModel, part: FieldModel): string => `${group.name}.${part.name}`;

function readNumber({ title, min, max, unit = "" }: FieldModel, text: string): Read {
  // The panel itself writes thousands so, and half of the world writes fractions so.
  if (/^-?[1-9]\d{0,2},\d{3}$/.test(text.trim())) {
    return { ok: false, why: `Is ${text.trim()} a fraction? Write it with a dot, or without the comma.` };
  }
  const value = unit === "s" ? secondsIn(text) : Number(text.trim().replace(",", "."));
  if (!Number.isFinite(value)) return { ok: false, why: `${title} is a number.` };
  if (min !== undefined && value < min) return { ok: false, why: `${title} is at least ${min} ${unit}`.trim() + "." };
  if (max !== undefined && value > max) return { ok: false, why: `${title} is at most ${max} ${unit}`.trim() + "." };
  return { ok: true, value };
}

const UNITS: Record<string, number> = { s: 1, min: 60, h: 3600, d: 86_400 };

/** `90`, `90 s`, `5 min`, `1 h 30 min`; what is none of these is not a number. */
function secondsIn(text: string): number {
  const plain = text.trim().replace(",", ".");
  if (!/[a-z]/i.test(plain)) return Number(plain);
  const parts = [...plain.matchAll(/([\d.]+)\s*(s|min|h|d)(?=\s|\d|$)/g)];
  const isAll = parts.map(([whole]) => whole).join("").replaceAll(/\s/g, "") === plain.replaceAll(/\s/g, "");
  return isAll ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0) : NaN;
}

function readJson({ title }: FieldModel, text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, why: `${title} is not JSON.` };
  }
}
