/** One feature of a Zigbee2MQTT device, as it is published, and what its value may be. */
import { z } from "zod";
import type { Annotations } from "../../kind/field.ts";
import { sentence } from "../../kind/sentence.ts";
import { membersFrom, Unmappable } from "./draft.ts";
import { fieldName } from "./names.ts";
import { bounds, type Members, type Shape } from "./shape.ts";
import { classOf, classOfFlag, decimalsOf, decimalsOfStep, ordinary, unitOf } from "./units.ts";

/** Bits of `access`. */
const PUBLISHED = 1;
const SET = 2;

const word = z.union([z.string(), z.boolean(), z.number()]);
const shared = {
  name: z.string().optional(),
  label: z.string().optional(),
  property: z.string().optional(),
  description: z.string().optional(),
  endpoint: z.string().optional(),
  access: z.number().int().optional(),
};

export interface Expose extends z.infer<z.ZodObject<typeof shared>> {
  type: string;
  unit?: string;
  value_min?: number;
  value_max?: number;
  value_step?: number;
  value_on?: string | boolean | number;
  value_off?: string | boolean | number;
  value_toggle?: string;
  values?: (string | number | boolean)[];
  features?: Expose[];
  item_type?: Expose;
  length_min?: number;
  length_max?: number;
}

export const expose: z.ZodType<Expose> = z.lazy(() =>
  z.object({
    ...shared,
    type: z.string(),
    unit: z.string().optional(),
    value_min: z.number().optional(),
    value_max: z.number().optional(),
    value_step: z.number().optional(),
    value_on: word.optional(),
    value_off: word.optional(),
    value_toggle: z.string().optional(),
    values: z.array(word).optional(),
    features: z.array(expose).optional(),
    item_type: expose.optional(),
    length_min: z.number().optional(),
    length_max: z.number().optional(),
  })
);

/** A feature, and the light, switch and so on that it is part of. */
export interface Part {
  feature: Expose;
  of?: Expose;
}

export const isPublished = ({ access = 0 }: Expose) => (access & PUBLISHED) !== 0;
export const isSettable = ({ access = 0 }: Expose) => (access & SET) !== 0;
const LONGEST_TEXT = 1024;

export function shapeOf(feature: Expose, part: Part = { feature }): Shape {
  const annotations = annotationsOf(part);
  switch (feature.type) {
    case "numeric":
      return number(feature, annotations);
    case "binary":
      return binary(feature, annotations);
    case "enum":
      return choice(feature, annotations);
    case "text":
      return { type: "text", max: LONGEST_TEXT, annotations };
    case "list":
      return list(feature, annotations);
    case "composite":
      return { type: "object", members: membersOf(feature), annotations };
    default:
      throw new Unmappable(`there is no mapping for its type ${feature.type}`);
  }
}

function annotationsOf({ feature, of }: Part): Annotations {
  const { name, label, property, description, endpoint } = feature;
  const plain = name === "state" && of ? of.label ?? sentence(of.type) : label ?? sentence(name ?? property ?? "value");
  const names = plain.toLowerCase().split(/\W+/);
  const title = endpoint && !names.includes(endpoint.toLowerCase()) ? `${plain} ${endpoint}` : plain;
  return { title, ...(description && saysMore(description, title) && { description: description.trim() }) };
}

/** More words than the title has, besides the ones that any description has. */
function saysMore(description: string, title: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  const known = new Set([...words(title), "the", "a", "of", "is", "current", "measured", "value", "device"]);
  return words(description).some((word) => !known.has(word));
}

function number(feature: Expose, annotations: Annotations): Shape {
  const name = fieldName(feature.name ?? feature.property ?? "") ?? "";
  const unit = unitOf(feature.unit);
  const deviceClass = classOf(name, unit);
  const { value_min: min, value_max: max, value_step: step } = feature;
  if (min !== undefined && max !== undefined && min > max) {
    throw new Unmappable("its least value is above its greatest");
  }
  const isMeasured = !isSettable(feature) && min === undefined && max === undefined;
  const { min: least, max: most, ...usual } = (isMeasured && ordinary(unit, deviceClass)) || {};
  // A measurement of a class that everybody knows needs no explanation.
  const { description: _, ...title } = annotations;
  const precision = step === undefined ? decimalsOf(unit) : decimalsOfStep(step);
  return {
    type: "number",
    ...bounds(isMeasured ? { min: least, max: most } : { min, max }),
    annotations: {
      ...(unit !== undefined && { unit }),
      ...(deviceClass !== undefined && { deviceClass }),
      ...(precision !== undefined && { precision }),
      class: !isSettable(feature) && /_count$/.test(name) ? "counter" : "gauge",
      ...usual,
      ...(step !== undefined && { step }),
      ...(deviceClass && !isSettable(feature) ? title : annotations),
    },
  };
}

/** The two words that mean yes and no. */
const YES_NO = /^(true\/false|on\/off|enabled?\/disabled?|yes\/no|1\/0)$/i;

function binary(feature: Expose, annotations: Annotations): Shape {
  const { value_on: on = true, value_off: off = false } = feature;
  const deviceClass = isSettable(feature) ? undefined : classOfFlag(feature.name ?? "");
  const said = { ...annotations, ...(deviceClass && { deviceClass }) };
  // Turned round, true is still what the device calls true: of a contact, that it is closed.
  if (typeof on === "boolean" || YES_NO.test(`${on}/${off}`)) return { type: "flag", annotations: said };
  if (on === off) throw new Unmappable("both of its values are the same");
  return { type: "choice", values: [String(on), String(off)], annotations: said };
}

function choice(feature: Expose, annotations: Annotations): Shape {
  const values = [...new Set(feature.values ?? [])];
  if (values.length === 0) throw new Unmappable("it is a choice without values");
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) {
    const range = { min: Math.min(...numbers), max: Math.max(...numbers) };
    return { type: "number", ...range, annotations: { class: "state", ...annotations } };
  }
  return { type: "choice", values: values.map(String) as [string, ...string[]], annotations };
}

function list(feature: Expose, annotations: Annotations): Shape {
  const { item_type, length_min: least, length_max: most } = feature;
  if (!item_type) throw new Unmappable("it is a list of nobody knows what");
  // What of it can be set is said of the list.
  const of = shapeOf({ access: feature.access, ...item_type });
  return {
    type: "list",
    of,
    ...(least !== undefined && { least }),
    ...(most !== undefined && { most }),
    annotations,
  };
}

/** The parts of a colour are of no use alone; of anything else a device fills in what is missing. */
export function membersOf(feature: Expose): Members {
  const isOptional = !/^color/.test(feature.name ?? "");
  const parts = feature.features ?? [];
  return membersFrom(parts.map((part) => [part.property ?? part.name ?? "", { shape: shapeOf(part), isOptional }]));
}
