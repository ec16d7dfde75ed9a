/** Other people's units as Home Assistant writes them, and what a number's name and unit say about it. */
import type { Annotations, Quantity } from "../../kind/field.ts";
import * as quantities from "../../kind/quantities.ts";

/** Spellings that were seen in the field. In lower case: none of them means another unit in capitals. */
const SPELLINGS: Record<string, string> = {
  ...spelled("°C", "c", "ºc", "℃", "°c", "cel", "celsius", "degree celsius", "degree_celsius", "deg_c", "degc"),
  ...spelled("°F", "ºf", "℉", "°f", "fahrenheit", "deg_f"),
  ...spelled("K", "kelvin"),
  ...spelled("%", "percent", "percentage", "percent_rh"),
  ...spelled("s", "sec", "sec.", "second", "seconds"),
  ...spelled("min", "min.", "mins", "minute", "minutes"),
  ...spelled("h", "hr", "hrs", "hour", "hours"),
  ...spelled("d", "day", "days"),
  ...spelled("ms", "msec", "millisecond", "milliseconds"),
  ...spelled("lx", "lux"),
  ...spelled("V", "volt", "volts"),
  ...spelled("A", "ampere", "amperes", "amp"),
  ...spelled("W", "watt", "watts"),
  ...spelled("kWh", "kilowatt hour", "kilowatthour", "kilowatt_hour"),
  ...spelled("VA", "volt-ampere"),
  ...spelled("var", "reactive"),
  ...spelled("kvarh"),
  ...spelled("varh"),
  ...spelled("Hz", "hertz"),
  ...spelled("m", "meter", "meters", "metre", "metres"),
  ...spelled("m³", "m3"),
  ...spelled("m³/h", "m3/h"),
  ...spelled("hPa", "hectopascal"),
  ...spelled("L", "liter", "litre", "liters", "litres"),
  ...spelled("dB", "decibel", "decibels"),
  ...spelled("°", "deg", "degree", "degrees", "degree_angle"),
};

/** Words in a unit's place that are none. */
const NO_UNIT = new Set([
  "",
  "-",
  "*",
  "raw",
  "raw unit",
  "times",
  "level",
  "adc",
  "none",
  "n/a",
  "number",
  "unitless",
]);

function spelled(unit: string, ...others: string[]): Record<string, string> {
  return Object.fromEntries([unit.toLowerCase(), ...others].map((spelling) => [spelling, unit]));
}

export function unitOf(raw: string | undefined): string | undefined {
  // Of an ontology's term the last word counts: `om:degree_Celsius`, `http://qudt.org/vocab/unit/DEG_C`.
  const unit = (raw ?? "").trim().replace(/^\w+:(\/\/.*\/)?(?=\w+$)/, "").replaceAll("μ", "µ");
  if (NO_UNIT.has(unit.toLowerCase())) return undefined;
  // `Ms` and `MV` are no spellings of smaller things.
  const isPrefixed = /^M[a-zA-Z]$/.test(unit);
  return isPrefixed ? unit : SPELLINGS[unit.toLowerCase()] ?? unit;
}

/** What the unit alone says. */
const CLASS_BY_UNIT: Record<string, string> = {
  ...classed("temperature", "°C", "°F"),
  ...classed("illuminance", "lx"),
  ...classed("power", "W", "kW", "mW"),
  ...classed("energy", "kWh", "Wh", "MWh"),
  ...classed("voltage", "V", "mV"),
  ...classed("current", "A", "mA"),
  ...classed("apparent_power", "VA", "kVA"),
  ...classed("reactive_power", "var", "kvar"),
  ...classed("frequency", "Hz", "kHz"),
  ...classed("pressure", "kPa", "Pa", "bar", "psi", "mmHg"),
  ...classed("atmospheric_pressure", "hPa", "mbar"),
  ...classed("duration", "s", "min", "h", "d", "ms"),
  ...classed("distance", "m", "cm", "mm", "km"),
  ...classed("speed", "m/s", "km/h"),
  ...classed("volume_flow_rate", "m³/h", "L/min"),
  ...classed("sound_pressure", "dB", "dBA"),
  ...classed("signal_strength", "dBm"),
  ...classed("conductivity", "µS/cm"),
  ...classed("weight", "g", "kg"),
};

function classed(deviceClass: string, ...units: string[]): Record<string, string> {
  return Object.fromEntries(units.map((unit) => [unit, deviceClass]));
}

/** What the name says where the unit leaves it open: the unit, the name, the class. */
const CLASS_BY_NAME: readonly [RegExp, RegExp, string][] = [
  [/^%$/, /^battery$|battery_(level|percentage)$/, "battery"],
  [/^%$/, /soil_moisture|^moisture/, "moisture"],
  [/^%$/, /humidity$/, "humidity"],
  [/^pp[mb]$/, /^co2$|carbon_dioxide/, "carbon_dioxide"],
  [/^pp[mb]$/, /^co$|carbon_monoxide/, "carbon_monoxide"],
  [/^pp[mb]$/, /^t?voc/, "volatile_organic_compounds_parts"],
  [/^[µm]g\/m³$/, /^t?voc/, "volatile_organic_compounds"],
  [/^µg\/m³$/, /^pm_?2[._]?5/, "pm25"],
  [/^µg\/m³$/, /^pm_?10/, "pm10"],
  [/^µg\/m³$/, /^pm_?1(_0)?$/, "pm1"],
  [/^L$|^m³$/, /water/, "water"],
  [/^L$|^m³$/, /gas/, "gas"],
  [/^L$|^m³$/, /volume/, "volume"],
  [/^$|^%$/, /^power_factor/, "power_factor"],
  [/^$|^pH$/, /^ph$/, "ph"],
];

/** A difference of temperatures is no temperature: another zero, and another conversion. */
const DIFFERENCE = /calibration|offset|hysteresis|dead_?(zone|band)|differential|delta|sensitivity|correction/;

export function classOf(name: string, unit: string | undefined): string | undefined {
  if (DIFFERENCE.test(name)) return undefined;
  const named = CLASS_BY_NAME.find(([units, names]) => units.test(unit ?? "") && names.test(name));
  return named?.[2] ?? (unit === undefined ? undefined : CLASS_BY_UNIT[unit]);
}

/** What a flag or choice that is only told is about. */
const CLASS_OF_FLAG: readonly [RegExp, string][] = [
  [/^battery_low/, "battery"],
  [/water_leak|^leak/, "moisture"],
  [/smoke/, "smoke"],
  [/carbon_monoxide|^co$/, "carbon_monoxide"],
  [/^gas/, "gas"],
  [/tamper/, "tamper"],
  [/vibration/, "vibration"],
  [/occupancy/, "occupancy"],
  [/^presence/, "presence"],
  [/motion|^moving/, "motion"],
  [/window_open|^window$/, "window"],
];

export const classOfFlag = (name: string): string | undefined =>
  CLASS_OF_FLAG.find(([pattern]) => pattern.test(name))?.[1];

type Defaults = Annotations & { minimum?: number; maximum?: number };

export interface NamedQuantity {
  /** As it is imported from `quantities.ts`. */
  helper: string;
  defaults: Quantity;
}

/** Our quantities by their names, each with what it says by itself. */
export const QUANTITIES: readonly NamedQuantity[] = Object.entries(quantities).map(([helper, make]) => {
  const field = make();
  const { minValue, maxValue } = field;
  return {
    helper,
    defaults: {
      ...field.meta() as Defaults,
      ...(Number.isFinite(minValue) && { min: minValue! }),
      ...(Number.isFinite(maxValue) && { max: maxValue! }),
    },
  };
});

/** A current may flow backwards, and what is only in percent may be anything. */
const UNSURE = new Set(["A", "%"]);
const SURE_OF_PERCENT = new Set(["battery", "humidity", "moisture"]);

/** The quantity that a measurement without stated bounds is, where its unit and class are those of one of ours. */
export function ordinary(unit: string | undefined, deviceClass: string | undefined): Quantity | undefined {
  if (unit === undefined || (UNSURE.has(unit) && !SURE_OF_PERCENT.has(deviceClass ?? ""))) return undefined;
  const found = QUANTITIES.find(({ defaults }) =>
    defaults.unit === unit && (defaults.deviceClass === undefined || defaults.deviceClass === deviceClass)
  );
  return deviceClass === undefined ? undefined : found?.defaults;
}

/** How many decimals a number of this unit is worth showing with. */
export const decimalsOf = (unit: string | undefined): number | undefined =>
  unit === undefined ? undefined : QUANTITIES.find(({ defaults }) => defaults.unit === unit)?.defaults.precision;

/** The decimals of a step: 0.25 → 2. */
export const decimalsOfStep = (step: number): number => (String(step).split(".")[1] ?? "").length;
