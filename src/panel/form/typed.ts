/** What was typed, as the value that the hub will check again [K4]. Pure. */
import { jsonInWords, NEEDED } from "../words/form.ts";
import { jsonFault } from "./json_place.ts";
import { durationOf, numberOf } from "../words/format.ts";
import { momentIn } from "./moment.ts";
import { type FieldModel, tidy } from "./field.ts";

export type Read = { ok: true; value: unknown } | { ok: false; why: string };

/** What was typed, as the value that the hub will check again. Empty is `undefined`. */
export function readField(field: FieldModel, text: string): Read {
  const isEmptyList = (field.sort === "list" || field.sort === "options") && !field.isOptional && !field.fewest;
  if (text.trim() === "" && isEmptyList) return { ok: true, value: [] };
  if (text.trim() === "") {
    return field.isOptional ? { ok: true, value: undefined } : { ok: false, why: NEEDED.some(field.title) };
  }
  switch (field.sort) {
    case "number":
      return readNumber(field, text);
    case "toggle":
      return { ok: true, value: text === "true" };
    case "options":
      // From checkboxes a line each; a list that stands in one input is JSON.
      return text.trim().startsWith("[") ? readJson(field, text) : { ok: true, value: text.split("\n") };
    case "list":
      return text.trim().startsWith("[") ? readJson(field, text) : readList(field, text);
    case "group":
    case "json":
      return readJson(field, text);
    case "text":
      return readText(field, text);
    case "choice":
      return { ok: true, value: text };
  }
}

/** A field of a form, where a part of a group is named `color.h`. */
export function readForm(field: FieldModel, typed: (name: string) => string): Read {
  if (field.sort !== "group") return readField(field, typed(field.name));
  const parts = field.parts!.map((part) => ({ part, text: typed(partName(field, part)) }));
  if (field.isOptional && parts.every(({ text }) => text.trim() === "")) return { ok: true, value: undefined };
  const value: Record<string, unknown> = {};
  for (const { part, text } of parts) {
    const read = readField(part, text);
    if (!read.ok) return read;
    if (read.value !== undefined) value[part.name] = read.value;
  }
  return { ok: true, value };
}

export const partName = (group: FieldModel, part: FieldModel): string => `${group.name}.${part.name}`;

function readNumber(field: FieldModel, text: string): Read {
  const { title, min, max, unit = "" } = field;
  // The panel itself writes thousands so, and half of the world writes fractions so.
  if (/^-?[1-9]\d{0,2},\d{3}$/.test(text.trim())) {
    return { ok: false, why: NEEDED.dot(text.trim()) };
  }
  const value = unit in UNITS ? lastingIn(text, unit) : Number(text.trim().replace(",", "."));
  if (!Number.isFinite(value)) {
    return { ok: false, why: isLasting(field) ? NEEDED.lasting(title) : NEEDED.number(title) };
  }
  if (min !== undefined && value < min) return { ok: false, why: NEEDED.least(title, boundInWords(min, field)) };
  if (max !== undefined && value > max) return { ok: false, why: NEEDED.greatest(title, boundInWords(max, field)) };
  return { ok: true, value };
}

/** In the kind's own unit, in which it is typed; a time as a person says it. */
export const boundInWords = (bound: number, { sort, unit = "" }: Pick<FieldModel, "sort" | "unit">): string =>
  isLasting({ sort, unit }) ? durationOf(bound * UNITS[unit]) : `${numberOf(bound)} ${unit}`.trim();

const UNITS: Record<string, number> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

/** Whether it can be typed as `1 h 30 min`. */
export const isLasting = ({ sort, unit = "" }: Pick<FieldModel, "sort" | "unit">): boolean =>
  sort === "number" && unit in UNITS;

/** `90`, `90 s`, `5 min`, `1 h 30 min`; what is none of these is not a number. */
export function lastingIn(text: string, unit: string): number {
  const plain = text.trim().replace(",", ".");
  if (!/[a-z]/i.test(plain)) return Number(plain);
  const parts = [...plain.matchAll(/([\d.]+)\s*(ms|s|min|h|d)(?=\s|\d|$)/g)];
  const isAll = parts.map(([whole]) => whole).join("").replaceAll(/\s/g, "") === plain.replaceAll(/\s/g, "");
  return isAll ? tidy(parts.reduce((sum, [, count, one]) => sum + Number(count) * UNITS[one], 0) / UNITS[unit]) : NaN;
}

const COLOR = /^#[0-9a-f]{6}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/i;

function readText({ title, format }: FieldModel, text: string): Read {
  const no = (why: string): Read => ({ ok: false, why });
  switch (format) {
    case "color":
      return COLOR.test(text.trim()) ? { ok: true, value: text.trim() } : no(NEEDED.color(title));
    case "date-time": {
      const moment = momentIn(text);
      return moment === null ? no(NEEDED.moment(title)) : { ok: true, value: moment };
    }
    case "date":
      return DATE.test(text.trim()) ? { ok: true, value: text.trim() } : no(NEEDED.date(title));
    case "time":
      return TIME.test(text.trim()) ? { ok: true, value: text.trim() } : no(NEEDED.time(title));
    default:
      return { ok: true, value: text };
  }
}

/** An item a line; empty ones are none. */
function readList({ title, item, fewest = 0, most = Infinity }: FieldModel, text: string): Read {
  const value: unknown[] = [];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    const read = readField(item!, line);
    if (!read.ok) return { ok: false, why: NEEDED.item(index + 1, read.why) };
    value.push(read.value);
  }
  if (value.length < fewest) return { ok: false, why: NEEDED.fewest(title, fewest) };
  if (value.length > most) return { ok: false, why: NEEDED.most(title, most) };
  return { ok: true, value };
}

function readJson({ title }: FieldModel, text: string): Read {
  const fault = jsonFault(text);
  if (fault) return { ok: false, why: `${title} is not JSON. ${jsonInWords(fault)}` };
  return { ok: true, value: JSON.parse(text) };
}
