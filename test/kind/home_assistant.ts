/** Home Assistant's device classes and the units that each may have: the words that kinds use [K4]. */

const WEIGHT_IN_AIR = ["µg/m³"];
const PRESSURE = ["Pa", "hPa", "kPa", "mbar", "bar", "psi"];
const ENERGY = ["J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh"];
const VOLUME = ["mL", "L", "m³"];

/** Of sensors and numbers; an empty list is for what has no unit. */
export const UNITS: Readonly<Record<string, readonly string[]>> = {
  apparent_power: ["VA", "kVA"],
  aqi: [],
  area: ["m²", "cm²", "km²"],
  atmospheric_pressure: PRESSURE,
  battery: ["%"],
  carbon_dioxide: ["ppm"],
  carbon_monoxide: ["ppm"],
  conductivity: ["S/cm", "mS/cm", "µS/cm"],
  current: ["A", "mA"],
  data_rate: ["bit/s", "kbit/s", "Mbit/s", "B/s", "kB/s", "MB/s"],
  data_size: ["bit", "B", "kB", "MB", "GB", "KiB", "MiB", "GiB"],
  distance: ["mm", "cm", "m", "km"],
  duration: ["ms", "s", "min", "h", "d"],
  energy: ENERGY,
  energy_storage: ENERGY,
  frequency: ["Hz", "kHz", "MHz", "GHz"],
  gas: ["m³"],
  humidity: ["%"],
  illuminance: ["lx"],
  irradiance: ["W/m²"],
  moisture: ["%"],
  nitrogen_dioxide: WEIGHT_IN_AIR,
  nitrogen_monoxide: WEIGHT_IN_AIR,
  nitrous_oxide: WEIGHT_IN_AIR,
  ozone: WEIGHT_IN_AIR,
  ph: [],
  pm1: WEIGHT_IN_AIR,
  pm10: WEIGHT_IN_AIR,
  pm25: WEIGHT_IN_AIR,
  power: ["mW", "W", "kW", "MW"],
  power_factor: [],
  precipitation: ["mm", "cm"],
  precipitation_intensity: ["mm/h", "mm/d"],
  pressure: PRESSURE,
  reactive_power: ["var", "kvar"],
  signal_strength: ["dB", "dBm"],
  sound_pressure: ["dB", "dBA"],
  speed: ["m/s", "km/h", "mm/s"],
  sulphur_dioxide: WEIGHT_IN_AIR,
  temperature: ["°C", "K"],
  temperature_delta: ["°C", "K"],
  volatile_organic_compounds: WEIGHT_IN_AIR,
  volatile_organic_compounds_parts: ["ppm", "ppb"],
  voltage: ["V", "mV", "kV"],
  volume: VOLUME,
  volume_flow_rate: ["m³/h", "L/min", "mL/s"],
  volume_storage: VOLUME,
  water: ["L", "m³"],
  weight: ["mg", "g", "kg"],
  wind_direction: ["°"],
  wind_speed: ["m/s", "km/h"],
};

/** What is a total there and never a level. */
export const TOTALS: readonly string[] = ["energy", "gas", "water"];

/** Of binary sensors, switches, covers and valves: of flags and of one out of few. */
export const STATES: readonly string[] = [
  ...["battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat"],
  ...["light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "problem"],
  ...["running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window"],
  ...["outlet", "switch"],
  ...["awning", "blind", "curtain", "damper", "garage", "gate", "shade", "shutter"],
  ...["water"],
  ...["enum", "date", "timestamp"],
];
