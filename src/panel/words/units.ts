/** Units as somebody wants to read them. What is kept, typed and sent stays in the kind's own. */
import type { FieldModel } from "../form/field.ts";
import { locale } from "./locale.ts";

export interface ShownUnit {
  unit: string;
  of(value: number): number;
  /** So many more digits tell as much as before. */
  digits: number;
}

const times = (unit: string, factor: number, digits = 0): ShownUnit => ({
  unit,
  of: (value) => value * factor,
  digits,
});

const FAHRENHEIT: ShownUnit = { unit: "°F", of: (value) => value * 1.8 + 32, digits: 0 };

const IMPERIAL: Record<string, ShownUnit> = {
  mm: times("in", 1 / 25.4, 1),
  cm: times("in", 1 / 2.54, 1),
  m: times("ft", 1 / 0.3048),
  km: times("mi", 1 / 1.609344),
  "m/s": times("mph", 3.6 / 1.609344),
  "km/h": times("mph", 1 / 1.609344),
  "mm/h": times("in/h", 1 / 25.4, 2),
  "m²": times("ft²", 1 / 0.3048 ** 2),
  "m³": times("ft³", 1 / 0.3048 ** 3),
  "m³/h": times("ft³/h", 1 / 0.3048 ** 3),
  L: times("gal", 1 / 3.785411784, 1),
  "L/min": times("gal/min", 1 / 3.785411784, 1),
  g: times("oz", 1 / 28.349523125, 1),
  kg: times("lb", 1 / 0.45359237),
  hPa: times("inHg", 1 / 33.863886667, 1),
  kPa: times("psi", 1 / 6.894757293, 1),
  bar: times("psi", 1 / 0.06894757293),
};

/** Null where the field is shown as it is. */
export function shownUnit({ unit, deviceClass }: Pick<Partial<FieldModel>, "unit" | "deviceClass">): ShownUnit | null {
  if (unit === undefined) return null;
  const { temperature, units } = locale();
  if (unit === "°C") {
    if (temperature !== "fahrenheit") return null;
    // A difference has no zero of its own.
    return deviceClass === "temperature_delta" ? times("°F", 1.8) : FAHRENHEIT;
  }
  return units === "imperial" && Object.hasOwn(IMPERIAL, unit) ? IMPERIAL[unit] : null;
}
