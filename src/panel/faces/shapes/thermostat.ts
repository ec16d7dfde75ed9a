/** A target temperature that is asked for, and the same quantity measured. */
import type { FieldControl } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import { isBounded, isChoice, type Seen } from "./seen.ts";

export interface ThermostatParts {
  target: FieldControl;
  measured: FieldModel;
  mode?: FieldControl;
  /** What it does about it now, in a word. */
  action?: FieldModel;
}

const DEGREES = ["°C", "°F", "K"];

export function thermostatIn({ fields, told }: Seen): ThermostatParts | null {
  const targets = fields.filter(({ field, by }) => by && isBounded(field) && DEGREES.includes(field.unit ?? ""));
  const target = targets.find(({ field }) => /target|setpoint|set_?point/.test(field.name)) ??
    // A correction of a few degrees around nought is no target.
    targets.find(({ field }) => field.max! >= 15);
  const measured = target && told.find(({ unit, sort }) => sort === "number" && unit === target.field.unit);
  if (!target || !measured) return null;
  const mode = fields.find(({ field }) => isChoice(field, /^off$/i, /^(heat|cool|auto)/i));
  return { target, measured, mode, action: told.find((field) => isChoice(field, /^(heating|cooling|heat|idle)$/i)) };
}
