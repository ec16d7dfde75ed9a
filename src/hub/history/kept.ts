/** How a device's fields are kept in history: each by the class that its kind gives it [K4]. */
import { isNumbers } from "../../history/column.ts";
import type { Steps } from "../../history/extent.ts";
import type { Series } from "../../history/series.ts";
import { type Class, every, FOLDS, stepsOf } from "../../history/step.ts";
import { annotationsOf, type Field } from "../../kind/field.ts";
import type { Device } from "../devices/device.ts";

/** Numbers of a field that says nothing are a level, and anything else is a state. */
export function classOf({ kind }: Device, field: string, values: readonly unknown[] = []): Class {
  const known = Object.hasOwn(kind.telemetry, field) ? annotationsOf(kind.telemetry[field] as Field).class : undefined;
  const areNumbers = isNumbers(values);
  return known === undefined || (known !== "state" && !areNumbers) ? areNumbers ? "gauge" : "state" : known;
}

export type FieldSteps = Map<string, Steps>;

/** Steps of one width of everything that it told, as they go on from those before. */
export function stepsOfSeries(
  device: Device,
  series: Series,
  width: number,
  before: ReadonlyMap<string, Steps> = new Map(),
): FieldSteps {
  const fields: FieldSteps = new Map(before);
  for (const [field, column] of series) {
    const kept = classOf(device, field, column.values);
    const known = before.get(field);
    const begun = known?.kept === kept ? known.steps : [];
    fields.set(field, { kept, steps: stepsOf(FOLDS[kept] as never, column, every(width), begun as never) } as Steps);
  }
  return fields;
}
