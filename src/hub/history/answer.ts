/** The answer to a question about a field's past [Q2]: which resolution, and the points. */
import {
  bucketsOf,
  changesOf,
  counterPoints,
  gaugePoints,
  type Range,
  resolutionOf,
  type Run,
  runsOf,
  statePoints,
  totalsOf,
} from "../../history/points.ts";
import { type Column, pairsOf, type Value } from "../../history/series.ts";
import { type Class, counter, gauge, type StepOf, stepsOf } from "../../history/step.ts";
import type { Device } from "../devices/device.ts";
import { hoursOf, minutesOf, samplesFrom, type Span, valuesOf } from "./past.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import { AHEAD } from "./samples.ts";
import { hasMinutes, hasSamples } from "./there.ts";
import type { Turn } from "../turn.ts";

/** Longer ranges are told in steps: what one answer reads is bounded, whatever it asks. */
export const LONGEST_RAW = 6 * HOUR;
const LONGEST_MINUTES = 14 * DAY;

export interface Answer {
  /** In seconds. */
  resolution: number;
  /** What it covers: whole minutes or hours where it is made of such. */
  from: number;
  to: number;
  points: unknown[][];
  /** Of a state, how long it was what in all, and how often it became that. */
  totals?: unknown[][];
}

/** `width` is that of the steps that it is made of, in ms; null where those are the values themselves. */
export function widthFor(turn: Turn, device: Device, { from, to }: Span): number | null {
  const { raw, minute } = device.kind.retention;
  const isKept = (seconds: number | null) => seconds === null || from >= turn.now - seconds * 1000;
  const mayBeRaw = to - from <= LONGEST_RAW &&
    (isKept(raw) || from >= samplesFrom(turn.reader, device.row.kind) * DAY);
  if (mayBeRaw && hasSamples(turn, device, { from, to })) return null;
  return to - from <= LONGEST_MINUTES && isKept(minute) && hasMinutes(turn, device, { from, to }) ? MINUTE : HOUR;
}

export function answer(turn: Turn, device: Device, field: string, kept: Class, asked: Range): Answer {
  const past = pastOf(turn, device, asked);
  const { resolution, range: { from, to } } = past;
  if (kept !== "state") return { resolution, from, to, points: numberPoints(past, field, kept) };
  const runs = runsIn(past, field);
  return { resolution, from, to, points: statePoints(runs, past.range, resolution), totals: totalsOf(runs) };
}

/** What a question reads, and in which steps. */
export interface Past {
  turn: Turn;
  device: Device;
  range: Range;
  span: Span;
  width: number | null;
  resolution: number;
}

/** `chosen` is the width of the steps, where that is not left to the range. */
export function pastOf(turn: Turn, device: Device, asked: Range, chosen?: number | null): Past {
  // A device's clock may be a little ahead; nothing lasted longer than until now.
  const until = Math.min(asked.to, turn.now + AHEAD);
  const width = chosen === undefined ? widthFor(turn, device, { from: asked.from, to: until }) : chosen;
  const to = Math.min(asked.to, turn.now);
  const range = width === null
    ? { ...asked, to }
    : { ...asked, from: Math.floor(asked.from / width) * width, to: Math.ceil(to / width) * width };
  const span = { from: range.from, to: Math.max(until, range.to) };
  return { turn, device, range, span, width, resolution: resolutionOf(range, (width ?? 1000) / 1000) };
}

export function numberPoints(past: Past, field: string, kept: "gauge" | "counter"): unknown[][] {
  const { range, resolution } = past;
  const startOf = bucketsOf(range, resolution);
  if (kept === "gauge") {
    const steps = stepsIn(past, field, kept) ?? stepsOf(gauge, valuesIn(past, field), startOf);
    return gaugePoints(steps, range, resolution);
  }
  const steps = stepsIn(past, field, kept) ?? stepsOf(counter, valuesIn(past, field), startOf);
  return counterPoints(steps, range, resolution);
}

export function runsIn(past: Past, field: string): Run[] {
  const { turn, device, range } = past;
  const steps = stepsIn(past, field, "state");
  const told = steps ? changesOf(steps) : pairsOf(valuesIn(past, field));
  return runsOf([...before(device, field, range), ...told], Math.min(range.to, turn.now));
}

export const valuesIn = ({ turn, device, span }: Past, field: string): Column =>
  valuesOf(turn.reader, device, field, span);

function stepsIn<C extends Class>({ turn, device, span, width }: Past, field: string, kept: C): StepOf[C][] | null {
  if (width === null) return null;
  return (width === MINUTE ? minutesOf : hoursOf)(turn.reader, device, field, kept, span);
}

/** It still is what it was told to be before the range began. */
function before({ trace }: Device, field: string, { from }: Range): Value[] {
  const last = Object.hasOwn(trace.values, field) ? trace.values[field] : undefined;
  return last && last.at < from ? [{ at: from, value: last.value }] : [];
}
