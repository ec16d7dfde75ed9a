/** What a device of a kind could send first: plausible values, inside the kind's ranges. */
import type { KindDocument } from "../../kind/schema.ts";
import { EVERYWHERE } from "./controls.ts";
import { type FieldModel, fieldsOf } from "./field.ts";

export type Sample = Record<string, unknown>;

/** Enough to show that there may be several, short enough for one line. */
const MOST = 2;
const PLAUSIBLE: Record<string, number> = {
  "°C": 21.5,
  "%": 48,
  hPa: 1013.2,
  lx: 320,
  ppm: 620,
  W: 42.5,
  kWh: 12.345,
  dBm: -61,
  s: 3600,
};

export function sampleOf(kind: KindDocument): Sample {
  const fields = fieldsOf(kind.properties.telemetry).filter(({ sort }) => !["json", "group", "options"].includes(sort));
  const own = fields.filter(({ name }) => !EVERYWHERE.includes(name));
  return Object.fromEntries(
    (own.length > 0 ? own : fields).slice(0, MOST).map((field) => [field.name, valueOf(field)]),
  );
}

function valueOf(field: FieldModel): unknown {
  switch (field.sort) {
    case "toggle":
      return true;
    case "choice":
      return field.options![0];
    case "number":
      return numberOf(field);
    default:
      return "1.0.0".slice(0, field.maxLength);
  }
}

function numberOf({ unit = "", min = -Infinity, max = Infinity, precision = 0 }: FieldModel): number {
  const middle = Number.isFinite(min) && Number.isFinite(max) ? Number(((min + max) / 2).toFixed(precision)) : 1;
  return Math.min(max, Math.max(min, PLAUSIBLE[unit] ?? middle));
}
