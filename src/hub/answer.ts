/** The answer to a question about a field's past [Q2]: which resolution, and the points. */
import {
  bucketsOf,
  changesOf,
  counterPoints,
  gaugePoints,
  type Range,
  resolutionOf,
  runsOf,
  statePoints,
  totalsOf,
} from "../history/points.ts";
import { type Class, counter, gauge, type StepOf, stepsOf, type Value } from "../history/step.ts";
import type { Device } from "./memory.ts";
import { hoursOf, minutesOf, settledBefore, type Span, valuesOf } from "./past.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import { AHEAD } from "./samples.ts";
import type { Turn } from "./turn.ts";

/** Longer ranges are told in steps: what one answer reads is bounded, whatever it asks. */
const LONGEST_RAW = 6 * HOUR;
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
  if (to - from <= LONGEST_RAW && (isKept(raw) || from >= settledBefore(turn.reader, device.row.kind) * DAY)) {
    return null;
  }
  return to - from <= LONGEST_MINUTES && isKept(minute) ? MINUTE : HOUR;
}

export function answer(turn: Turn, device: Device, field: string, kept: Class, asked: Range): Answer {
  // A device's clock may be a little ahead; nothing lasted longer than until now.
  const until = Math.min(asked.to, turn.now + AHEAD);
  const width = widthFor(turn, device, { from: asked.from, to: until });
  const to = Math.min(asked.to, turn.now);
  const range = width === null
    ? { ...asked, to }
    : { ...asked, from: Math.floor(asked.from / width) * width, to: Math.ceil(to / width) * width };
  const resolution = resolutionOf(range, (width ?? 1000) / 1000);
  const past = {
    turn,
    device,
    field,
    range,
    span: { from: range.from, to: Math.max(until, range.to) },
    width,
    resolution,
  };
  return { resolution, from: range.from, to: range.to, ...(kept === "state" ? ofState(past) : ofNumbers(past, kept)) };
}

interface Past {
  turn: Turn;
  device: Device;
  field: string;
  range: Range;
  span: Span;
  width: number | null;
  resolution: number;
}

function ofNumbers(past: Past, kept: "gauge" | "counter"): Pick<Answer, "points"> {
  const { range, resolution } = past;
  const startOf = bucketsOf(range, resolution);
  if (kept === "gauge") {
    const steps = stepsIn(past, kept) ?? stepsOf(gauge, valuesIn(past), startOf);
    return { points: gaugePoints(steps, range, resolution) };
  }
  const steps = stepsIn(past, kept) ?? stepsOf(counter, valuesIn(past), startOf);
  return { points: counterPoints(steps, range, resolution) };
}

function ofState(past: Past): Pick<Answer, "points" | "totals"> {
  const { turn, device, field, range, resolution } = past;
  const steps = stepsIn(past, "state");
  const told = steps ? changesOf(steps) : valuesIn(past);
  const runs = runsOf([...before(device, field, range), ...told], Math.min(range.to, turn.now));
  return { points: statePoints(runs, range, resolution), totals: totalsOf(runs) };
}

const valuesIn = ({ turn, device, field, span }: Past): Value[] => valuesOf(turn.reader, device, field, span);

function stepsIn<C extends Class>({ turn, device, field, span, width }: Past, kept: C): StepOf[C][] | null {
  if (width === null) return null;
  return (width === MINUTE ? minutesOf : hoursOf)(turn.reader, device, field, kept, span);
}

/** It still is what it was told to be before the range began. */
function before({ trace }: Device, field: string, { from }: Range): Value[] {
  const last = Object.hasOwn(trace.values, field) ? trace.values[field] : undefined;
  return last && last.at < from ? [{ at: from, value: last.value }] : [];
}
