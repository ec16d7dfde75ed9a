/**
 * Quantities with good defaults: unit, device class, range and precision. Units and classes are Home Assistant's words,
 * so no table of ours translates them. `quantity()` makes any other.
 */
import { type Quantity, quantity } from "./field.ts";

const helper = (defaults: Quantity) => (given: Quantity = {}) => quantity({ ...defaults, ...given });

// The air, the light and the weather.
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
export const ppb = helper({ unit: "ppb", precision: 0, min: 0, max: 100_000 });
export const microgramsPerCubicMetre = helper({ unit: "µg/m³", precision: 0, min: 0, max: 10_000 });
export const decibels = helper({ unit: "dB", deviceClass: "sound_pressure", precision: 0, min: 0, max: 200 });
export const kelvin = helper({ unit: "K", precision: 0, min: 1000, max: 20_000 });

// Electricity.
export const volts = helper({ unit: "V", deviceClass: "voltage", precision: 1, min: 0, max: 1000 });
export const amperes = helper({ unit: "A", deviceClass: "current", precision: 2, min: 0, max: 1000 });
export const watts = helper({ unit: "W", deviceClass: "power", precision: 1 });
export const voltAmperes = helper({ unit: "VA", deviceClass: "apparent_power", precision: 1, min: 0 });
export const vars = helper({ unit: "var", deviceClass: "reactive_power", precision: 1 });
export const hertz = helper({ unit: "Hz", deviceClass: "frequency", precision: 2, min: 0, max: 1000 });
export const powerFactor = helper({ deviceClass: "power_factor", precision: 2, min: -1, max: 1 });
export const kilowattHours = helper({ unit: "kWh", deviceClass: "energy", precision: 3, min: 0, class: "counter" });

// Water and gas.
export const litres = helper({ unit: "L", deviceClass: "water", precision: 1, min: 0, class: "counter" });
export const litresPerMinute = helper({ unit: "L/min", deviceClass: "volume_flow_rate", precision: 1, min: 0 });

// Places and movement.
export const metres = helper({ unit: "m", deviceClass: "distance", precision: 1 });
export const metresPerSecond = helper({ unit: "m/s", deviceClass: "speed", precision: 2 });
export const radiansPerSecond = helper({ unit: "rad/s", precision: 2 });
export const degrees = helper({ unit: "°", precision: 0, min: 0, max: 360 });
export const latitude = helper({ unit: "°", precision: 6, min: -90, max: 90 });
export const longitude = helper({ unit: "°", precision: 6, min: -180, max: 180 });

// The device itself.
export const decibelMilliwatts = helper({
  unit: "dBm",
  deviceClass: "signal_strength",
  precision: 0,
  min: -150,
  max: 20,
});
export const bytes = helper({ unit: "B", deviceClass: "data_size", precision: 0, min: 0 });
export const milliseconds = helper({ unit: "ms", deviceClass: "duration", precision: 0, min: 0 });
