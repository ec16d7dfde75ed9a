/**
 * The vocabulary of fields: a zod schema with its annotations [K4].
 * Units and device classes are Home Assistant's words, so no table of ours translates them.
 */
import { z } from "zod";
import { asDuration } from "../protocol/words.ts";

/** How history is kept: a measured level, a total that only grows, or one of few values. */
export type HistoryClass = "gauge" | "counter" | "state";

/** `newest`: only the last value counts, as of a thermometer. `every`: each one does, as of a door that opened. */
export type DropClass = "newest" | "every";

export interface Annotations {
  title?: string;
  description?: string;
  unit?: string;
  deviceClass?: string;
  /** Decimals worth showing. */
  precision?: number;
  /** The step of a control. */
  step?: number;
  class?: HistoryClass;
  /** State that an operator may desire [D2]. */
  desirable?: boolean;
  /** A param that only the device sees [C19]. */
  secret?: boolean;
  /** A param that tells apart what may supersede what, such as a channel [C17]. */
  key?: boolean;
  /** Which channel it is of, from 2 on [K6]. */
  channel?: number;
  /** What a param is taken for where it is left out; the device fills it in, not the hub. */
  default?: unknown;
  /** What may go when a device or its link has too much: all but the newest value, or none. */
  drop?: DropClass;
}

export type Field = z.ZodType;
export type Fields = Record<string, Field>;

/** Range and wording of a quantity. */
export interface Quantity extends Annotations {
  min?: number;
  max?: number;
}

/** Any number with a unit; the helpers below are this with good defaults. */
export function quantity({ min, max, ...annotations }: Quantity): z.ZodNumber {
  let schema = z.number();
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  return schema.meta({ class: "gauge", ...annotations });
}

/** A duration in seconds [F8]. */
export const duration = (given: Quantity = {}) =>
  asDuration(quantity({ unit: "s", deviceClass: "duration", precision: 0, min: 0, ...given }));

export const flag = (annotations: Annotations = {}) => z.boolean().meta({ class: "state", ...annotations });
export const text = (annotations: Annotations & { max?: number } = {}) => {
  const { max = 64, ...rest } = annotations;
  return z.string().max(max).meta({ class: "state", ...rest });
};
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V, annotations: Annotations = {}) =>
  z.enum(values).meta({ class: "state", ...annotations });

/** State that an operator may desire; everything else is reported only [D2]. */
export const desirable = <F extends Field>(field: F): F => annotate(field, { desirable: true });
/** A field of which every value counts: none gives way to a newer one. */
export const every = <F extends Field>(field: F): F => annotate(field, { drop: "every" });
/** A param seen by the device and nobody else [C19]. */
export const secret = <F extends Field>(field: F): F => annotate(field, { secret: true });

/** The annotations of a field, also where `.optional()` or a default wraps it. */
export function annotationsOf(field: Field): Annotations {
  const inner = field instanceof z.ZodOptional || field instanceof z.ZodDefault
    ? annotationsOf(field.unwrap() as Field)
    : {};
  return { ...inner, ...field.meta() } as Annotations;
}

/** The field with more annotations; the one given is not changed. */
export const annotate = <F extends Field>(field: F, more: Annotations): F =>
  field.meta({ ...field.meta(), ...more }) as F;

/** [F5] An object that says nothing of other keys refuses them: what a kind does not know must not fall away in silence. */
export const strictly = (field: Field): Field =>
  field instanceof z.ZodObject && field.def.catchall === undefined
    ? annotate(field.strict(), annotationsOf(field))
    : field;
