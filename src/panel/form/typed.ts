/** What was typed, as the value that the hub will check again [K4]. Pure. */
import type { FieldModel } from "./field.ts";

export type Read = { ok: true; value: unknown } | { ok: false; why: string };

/** What was typed, as the value that the hub will check again. Empty is `undefined`. */
export function readField(field: FieldModel, text: string): Read {
  if (text.trim() === "") {
    return field.isOptional ? { ok: true, value: undefined } : { ok: false, why: `${field.title} is needed.` };
  }
  switch (field.sort) {
    case "number":
      return readNumber(field, text);
    case "toggle":
      return { ok: true, value: text === "true" };
    case "options":
      // From checkboxes a line each; a list that stands in one input is JSON.
      return text.trim().startsWith("[") ? readJson(field, text) : { ok: true, value: text.split("\n") };
    case "group":
    case "json":
      return readJson(field, text);
    case "choice":
    case "text":
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

function readNumber({ title, min, max, unit = "" }: FieldModel, text: string): Read {
  // The panel itself writes thousands so, and half of the world writes fractions so.
  if (/^-?[1-9]\d{0,2},\d{3}$/.test(text.trim())) {
    return { ok: false, why: `Is ${text.trim()} a fraction? Write it with a dot, or without the comma.` };
  }
  const value = unit === "s" ? secondsIn(text) : Number(text.trim().replace(",", "."));
  if (!Number.isFinite(value)) return { ok: false, why: `${title} is a number.` };
  if (min !== undefined && value < min) return { ok: false, why: `${title} is at least ${min} ${unit}`.trim() + "." };
  if (max !== undefined && value > max) return { ok: false, why: `${title} is at most ${max} ${unit}`.trim() + "." };
  return { ok: true, value };
}

const UNITS: Record<string, number> = { s: 1, min: 60, h: 3600, d: 86_400 };

/** `90`, `90 s`, `5 min`, `1 h 30 min`; what is none of these is not a number. */
function secondsIn(text: string): number {
  const plain = text.trim().replace(",", ".");
  if (!/[a-z]/i.test(plain)) return Number(plain);
  const parts = [...plain.matchAll(/([\d.]+)\s*(s|min|h|d)(?=\s|\d|$)/g)];
  const isAll = parts.map(([whole]) => whole).join("").replaceAll(/\s/g, "") === plain.replaceAll(/\s/g, "");
  return isAll ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0) : NaN;
}

function readJson({ title }: FieldModel, text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, why: `${title} is not JSON.` };
  }
}
