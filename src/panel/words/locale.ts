/** In which language, zone and units everything is said: the one place that knows how numbers and dates are written. */

export type Zone = "local" | "utc";
export type Temperature = "celsius" | "fahrenheit";
export type UnitSystem = "metric" | "imperial";

export interface Locale {
  zone: Zone;
  temperature: Temperature;
  units: UnitSystem;
}

/** Of the texts; numbers and dates follow it, so that a sentence is of one piece. */
export const LANGUAGE = "en-GB";

let now: Locale = { zone: "local", temperature: "celsius", units: "metric" };

export const locale = (): Locale => now;

/** Preferences do it; what is on the screen is then drawn anew. */
export function setLocale(next: Locale): void {
  if (next.zone !== now.zone) {
    formats.clear();
    said = { text: "" };
  }
  now = next;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** The last one: all that came in one sample was told at the same moment. */
let said: { form?: string; at?: number; text: string } = { text: "" };

const FORMS = {
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  minute: { hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "short", year: "2-digit" },
  weekday: { weekday: "long", day: "numeric", month: "long" },
  dayOfYear: { day: "numeric", month: "long", year: "numeric" },
  whole: { dateStyle: "long", timeStyle: "medium" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A moment as `clock`, `day` and so on, in the zone that somebody chose. */
export function dateIn(form: keyof typeof FORMS, at: number): string {
  if (form === said.form && at === said.at) return said.text;
  let format = formats.get(form);
  if (!format) {
    format = new Intl.DateTimeFormat(LANGUAGE, { ...FORMS[form], ...(now.zone === "utc" && { timeZone: "UTC" }) });
    formats.set(form, format);
  }
  said = { form, at, text: format.format(at) };
  return said.text;
}

/** Said after a time that may be taken for another zone's. */
export const zoneMark = (): string => now.zone === "utc" ? " UTC" : "";

/** The start of the day that `at` is in, so many days on, in the chosen zone. */
export function dayOf(at: number, days = 0): number {
  const date = new Date(at);
  return now.zone === "utc"
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + days)
    : new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** The year of a moment, in the chosen zone. */
export const yearOf = (at: number): number =>
  now.zone === "utc" ? new Date(at).getUTCFullYear() : new Date(at).getFullYear();

const numbers = new Map<number | undefined, Intl.NumberFormat>();

/** With so many digits after the point; without a count, as many as there are, up to three. */
export function numberIn(value: number, digits?: number): string {
  let format = numbers.get(digits);
  if (!format) {
    format = new Intl.NumberFormat(LANGUAGE, {
      signDisplay: "negative",
      ...(digits !== undefined && { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    });
    numbers.set(digits, format);
  }
  return format.format(value);
}
