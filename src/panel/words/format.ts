/** Ages, times, numbers and units as people read them. Pure but for the locale: `now` is given. */
import type { FieldModel } from "../form/field.ts";
import { sentence } from "../form/field.ts";
import { dateIn, dayOf, numberIn, yearOf, zoneMark } from "./locale.ts";
import { shownUnit } from "./units.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 s`, `4 min`, `3 h`, `2 d`: one unit, rounded down, never negative. */
export function ageOf(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

export const agoOf = (ms: number): string => ms < 2 * SECOND ? "just now" : `${ageOf(ms)} ago`;

/** What passed between two moments of one road: `40 ms`, `1.2 s`, `14 s`. */
export function latencyOf(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  return ageOf(ms);
}

/** Seconds as a person says them: `90 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationOf(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  const [days, hours, minutes] = [seconds / 86_400, (seconds % 86_400) / 3600, (seconds % 3600) / 60].map(Math.floor);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}

/** `1 device`, `2,000 devices`. */
export const countOf = (count: number, one: string, many: string): string =>
  `${numberIn(count)} ${count === 1 ? one : many}`;

export const clockOf = (at: number): string => dateIn("clock", at) + zoneMark();
/** Today by the clock alone, else with its day, and with its year where that is another one. */
export const momentOf = (at: number, now: number): string =>
  dayOf(at) === dayOf(now) ? clockOf(at) : `${dateIn(yearOf(at) === yearOf(now) ? "day" : "date", at)}, ${clockOf(at)}`;
export const wholeMomentOf = (at: number): string => dateIn("whole", at) + zoneMark();

export interface Written {
  text: string;
  unit?: string;
}

export type Worded = Partial<
  Pick<FieldModel, "sort" | "unit" | "precision" | "deviceClass" | "parts" | "format" | "item">
>;

/** A switch is on or off; what tells of something, such as a leak, is so or not. */
const SWITCHES = ["outlet", "switch"];

/** A value in its field's words: the number apart from its unit, so that the unit can be lighter. */
export function written(value: unknown, field: Worded): Written {
  if (value === undefined || value === null) return { text: "–" };
  if (typeof value === "boolean") {
    const isSwitch = field.deviceClass === undefined || SWITCHES.includes(field.deviceClass);
    const [yes, no] = isSwitch ? ["On", "Off"] : ["Yes", "No"];
    return { text: value ? yes : no };
  }
  // A choice is one of the kind's words; a text is somebody else's, and stays as it is.
  if (typeof value === "string") return { text: textInWords(value, field) };
  if (Array.isArray(value) && (field.sort === "list" || field.sort === "options")) {
    const item = field.item ?? { sort: "choice" };
    return { text: value.length === 0 ? NOTHING : value.map((one) => inWords(one, item)).join(", ") };
  }
  if (typeof value !== "number") return { text: objectInWords(value, field.parts) };
  if (field.unit === "s" && value >= 120) return { text: durationOf(value) };
  if (field.unit === "B") return sizeOf(value);
  const unit = unitOf(field);
  return { text: plainOf(value, field), ...(unit && { unit }) };
}

const NOTHING = "none";

function textInWords(value: string, { sort, format }: Worded): string {
  if (sort === "choice") return sentence(value);
  // What is there and empty is no gap on the screen.
  if (value.trim() === "") return NOTHING;
  const at = format === "date-time" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? value : wholeMomentOf(at);
}

/** A number in the unit that `unitOf` names. */
export function plainOf(value: number, field: Worded): string {
  const shown = shownUnit(field);
  return shown
    ? numberOf(shown.of(value), (field.precision ?? digitsOf(value)) + shown.digits)
    : numberOf(value, field.precision);
}

/** The unit in which somebody reads it. */
export const unitOf = (field: Worded): string | undefined => shownUnit(field)?.unit ?? field.unit;

/** A number on a chart's axis, as short as it can be. */
export function tickOf(value: number, field: Worded): string {
  const shown = shownUnit(field);
  return numberOf(shown ? Number(shown.of(value).toFixed(2)) : value);
}

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in the unit that leaves one to three digits before the point. */
export function sizeOf(bytes: number): Written & { unit: string } {
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(bytes))) / 3)));
  return { text: numberOf(bytes / 1000 ** step, step === 0 ? 0 : 1), unit: SIZES[step] };
}

/** A flat one part by part, `Hue 30 °, Saturation 60 %`; what is deeper is JSON. */
function objectInWords(value: unknown, parts: readonly FieldModel[] = []): string {
  const isFlat = typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one !== "object");
  if (!isFlat) return JSON.stringify(value);
  return Object.entries(value).map(([name, one]) => {
    const part = parts.find((part) => part.name === name);
    return `${part?.title ?? name} ${inWords(one, part ?? {})}`;
  }).join(", ");
}

/** Precision is what is worth showing; a value between two steps of it is not rounded into another one in a control. */
export const numberOf = (value: number, precision = digitsOf(value)): string => numberIn(value, precision);

/** Three at most, but where these would be zeros: what is very small is not nothing. */
function digitsOf(value: number): number {
  const isSmall = value !== 0 && Math.abs(value) < 0.001;
  const [, fraction = "", exponent = "0"] = /(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    String(isSmall ? Number(value.toPrecision(2)) : value),
  )!;
  return Math.min(isSmall ? 20 : 3, Math.max(0, fraction.length - Number(exponent)));
}

export const inWords = (value: unknown, field: Worded): string => {
  const { text, unit } = written(value, field);
  return unit ? `${text} ${unit}` : text;
};
