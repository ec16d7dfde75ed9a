/**
 * Quantities with good defaults: unit, device class, range and precision. Units and classes are Home Assistant's words,
 * so no table of ours translates them. `quantity()` makes any other.
 */
import { type Quantity, quantity } from "./field.ts";

const helper = (defaults: Quantity) => (given: Quantity = {}) => quantity({ ...defaults, ...given });

export const celsius = helper({ unit: "°C", deviceClass: "temperature", precision: 1, min: -60, max: 200 });
export const percent = helper({ unit: "%", precision: 0, min: 0, max: 100 });
export const hectopascal = helper({
  unit: "hPa",
  deviceClass: "atmospheric_pressure",
  precision: 1,
  min: 300,
  max: 1200,
});
export const lux = helper({ unit: "lx", deviceClass: "illuminance", precision: 0, min: 0, max: 200_000 });
export const ppm = helper({ unit: "ppm", precision: 0, min: 0, max: 50_000 });
export const watts = helper({ unit: "W", deviceClass: "power", precision: 1 });
export const kilowattHours = helper({ unit: "kWh", deviceClass: "energy", precision: 3, min: 0, class: "counter" });
export const decibelMilliwatts = helper({
  unit: "dBm",
  deviceClass: "signal_strength",
  precision: 0,
  min: -150,
  max: 20,
});
