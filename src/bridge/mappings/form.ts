/** A value as they write it, and as we do, both ways [N42]. */
import { isObject } from "../../protocol/merge.ts";
import type { Form } from "./mapping.ts";
import type { Facts } from "./reading.ts";
import { hueOf, rgbOf } from "./color.ts";

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "number"
    ? value
    : typeof value === "string" && NUMBER.test(value)
    ? Number(value)
    : NaN;
  return Number.isFinite(number) ? number : undefined;
}

const rounded = (value: number, decimals: number | undefined): number => {
  if (decimals === undefined) return value;
  const by = 10 ** decimals;
  // What rounds to nothing is no negative nothing.
  return Math.round(value * by) / by + 0;
};

const between = (value: number, [[from, to], [start, end]]: [[number, number], [number, number]]): number =>
  start + (value - from) * (end - start) / (to - from);

const isNumeric = ({ as, range, round, clamp, bounds, convert }: Form): boolean =>
  as === "number" || convert === "mired" ||
  (as === undefined && convert === undefined && [range, round, clamp, bounds].some((part) => part !== undefined));

const isWithin = (value: number, bounds: [number, number] | undefined): boolean =>
  bounds === undefined || (value >= bounds[0] && value <= bounds[1]);

const SPAN = /^\s*(-?\d+(?:\.\d+)?):(-?\d+(?:\.\d+)?)/;

/** The form with its scale as the device told it. */
function scaled(form: Form, facts: Facts): Form & { range?: { theirs: [number, number] } } {
  const { range } = form;
  if (typeof range?.theirs !== "string") return form as Form & { range?: { theirs: [number, number] } };
  const [, from, to] = SPAN.exec(Object.hasOwn(facts, range.theirs) ? facts[range.theirs] : "") ?? [];
  const isSpan = from !== undefined && Number(from) !== Number(to);
  return { ...form, range: { ...range, theirs: isSpan ? [Number(from), Number(to)] : range.ours } };
}

/** Ours, or nothing: what cannot be read is not told. */
export function read(given: Form, theirs: unknown, facts: Facts = {}): unknown {
  const form = scaled(given, facts);
  if (theirs === undefined || theirs === null) return undefined;
  if (form.words) {
    const word = String(theirs);
    return Object.hasOwn(form.words, word) ? form.words[word] : undefined;
  }
  if (form.convert === "rgb") return isObject(theirs) ? hueOf(theirs) : undefined;
  if (isNumeric(form)) {
    const number = numberOf(theirs);
    return number === undefined ? undefined : readNumber(form, number);
  }
  if (form.as === "text") return typeof theirs === "object" ? undefined : String(theirs);
  if (form.as === "flag") return typeof theirs === "boolean" ? theirs : undefined;
  return typeof theirs === "object" ? undefined : theirs;
}

function readNumber(
  { range, convert, clamp, round, bounds }: ReturnType<typeof scaled>,
  theirs: number,
): number | undefined {
  let ours = theirs;
  if (range) ours = between(ours, [range.theirs, range.ours]);
  if (convert === "mired") ours = 1e6 / ours;
  if (clamp) ours = Math.min(clamp[1], Math.max(clamp[0], ours));
  ours = rounded(ours, round);
  return Number.isFinite(ours) && isWithin(ours, bounds) ? ours : undefined;
}

export type Written = { ok: true; value: unknown } | { ok: false; code: "out_of_range" | "unsupported" };

/** Theirs, or why there is no such value with them. */
export function write(given: Form, ours: unknown, facts: Facts = {}): Written {
  const form = scaled(given, facts);
  if (form.words) {
    const word = Object.entries(form.words).find(([, value]) => value === ours)?.[0];
    return word === undefined ? { ok: false, code: "unsupported" } : { ok: true, value: word };
  }
  if (form.convert === "rgb") {
    const rgb = isObject(ours) ? rgbOf(ours) : undefined;
    return rgb ? { ok: true, value: rgb } : { ok: false, code: "unsupported" };
  }
  if (typeof ours !== "number") return { ok: true, value: ours };
  if (!isWithin(ours, form.bounds)) return { ok: false, code: "out_of_range" };
  let theirs = ours;
  if (form.convert === "mired") theirs = 1e6 / theirs;
  if (form.range) theirs = between(theirs, [form.range.ours, form.range.theirs]);
  theirs = rounded(theirs, form.digits);
  return Number.isFinite(theirs) ? { ok: true, value: theirs } : { ok: false, code: "out_of_range" };
}
