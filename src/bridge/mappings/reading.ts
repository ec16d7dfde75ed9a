/** What a payload says: values at their places in it [N42]. */
import { isObject } from "../../protocol/merge.ts";
import type { Condition, Literal, PlainReading, Reading, Readings } from "./mapping.ts";
import { read } from "./form.ts";

type Doc = Record<string, unknown>;
export type Facts = Record<string, string>;

const unescaped = (step: string) => step.replaceAll("~1", "/").replaceAll("~0", "~");
const stepsOf = (pointer: string): string[] => pointer === "" ? [] : pointer.slice(1).split("/").map(unescaped);

/** The value at a place, or nothing. */
export const valueAt = (payload: unknown, pointer: string): unknown => follow(payload, stepsOf(pointer));

function follow(value: unknown, [step, ...rest]: string[]): unknown {
  if (step === undefined) return value ?? undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (step === "*") {
    for (const inner of Object.values(value)) {
      const found = follow(inner, rest);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.hasOwn(value, step) ? follow((value as Doc)[step], rest) : undefined;
}

export const isOneOf = (value: unknown, wanted: Literal | Literal[]): boolean =>
  [wanted].flat().some((one) => one === value);

export function holds(when: Condition | Condition[] | undefined, payload: unknown, facts: Facts): boolean {
  return when === undefined || [when].flat().every(({ at = "", fact, is, not, missing }) => {
    const value = fact === undefined ? valueAt(payload, at) : Object.hasOwn(facts, fact) ? facts[fact] : undefined;
    if (missing) return value === undefined;
    if (not !== undefined && isOneOf(value, not)) return false;
    return is !== undefined ? isOneOf(value, is) : value !== undefined || (not !== undefined && fact !== undefined);
  });
}

function readOne(reading: PlainReading, payload: unknown, facts: Facts): unknown {
  if (!holds(reading.when, payload, facts)) return undefined;
  if (reading.value !== undefined) return reading.value;
  for (const at of [reading.at].flat()) {
    let value = valueAt(payload, at);
    if (reading.split) {
      value = typeof value === "string" ? value.split(reading.split.by)[reading.split.index] : undefined;
    }
    const ours = read(reading, value, facts);
    if (ours !== undefined) return ours;
  }
}

function readPart(reading: Reading, payload: unknown, facts: Facts): unknown {
  const { parts, ...plain } = reading;
  if (!parts) return readOne(plain, payload, facts);
  if (!holds(reading.when, payload, facts)) return undefined;
  const whole = Object.entries(parts).map(([name, part]) => [name, readOne(part, payload, facts)] as const);
  return whole.every(([, value]) => value !== undefined) ? Object.fromEntries(whole) : undefined;
}

/** By field, the first reading that leads to a value; a field without one is not in it. */
export function readAll(readings: Readings | undefined, payload: unknown, facts: Facts): Doc {
  const told: Doc = {};
  for (const [field, ways] of Object.entries(readings ?? {})) {
    for (const way of [ways].flat()) {
      const value = readPart(way, payload, facts);
      if (value === undefined) continue;
      told[field] = value;
      break;
    }
  }
  return told;
}

/** Are they the same, numbers up to this far apart? */
export function isNear(one: unknown, other: unknown, tolerance = 0): boolean {
  if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= tolerance + 1e-9;
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isNear(one[name], other[name], tolerance));
}
