/** How a device's fields are kept in history: each by the class that its kind gives it [K4]. */
import type { Series, Steps } from "../history/extent.ts";
import { type Class, every, FOLDS, stepsOf, type Value } from "../history/step.ts";
import { annotationsOf, type Field } from "../kind/field.ts";
import type { Device } from "./memory.ts";

/** Numbers of a field that says nothing are a level, and anything else is a state. */
export function classOf({ kind }: Device, field: string, values: readonly Value[] = []): Class {
  const known = Object.hasOwn(kind.telemetry, field) ? annotationsOf(kind.telemetry[field] as Field).class : undefined;
  const isNumbers = values.every(({ value }) => typeof value === "number");
  return known === undefined || (known !== "state" && !isNumbers) ? isNumbers ? "gauge" : "state" : known;
}

/** Steps of one width of everything that it told. */
export function stepsOfSeries(device: Device, series: Series, width: number): Map<string, Steps> {
  const fields = new Map<string, Steps>();
  for (const [field, values] of series) {
    const kept = classOf(device, field, values);
    fields.set(field, { kept, steps: stepsOf(FOLDS[kept] as never, values, every(width)) } as Steps);
  }
  return fields;
}
