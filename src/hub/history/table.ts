/** Several fields of a device side by side, as rows of a table [Q8, Q9]: samples as they came, or steps of time. */
import { type Range, statePoints } from "../../history/points.ts";
import { pairsOf } from "../../history/series.ts";
import type { Class } from "../../history/step.ts";
import { LONGEST_RAW, numberPoints, type Past, pastOf, runsIn, valuesIn, widthFor } from "./answer.ts";
import type { Fineness, HistoryTable } from "../call.ts";
import type { Device } from "../devices/device.ts";
import { samplesFrom } from "./past.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import { AHEAD } from "./samples.ts";
import type { Turn } from "../turn.ts";

/** What is made within one turn, while everybody else waits. */
const MOST_CELLS = 100_000;

export interface Column {
  field: string;
  kept: Class;
  unit: string | null;
}

interface Asked {
  from: number;
  to: number;
  points?: number;
  resolution?: Fineness;
}

const WIDTHS = { sample: null, minute: MINUTE, hour: HOUR };
const FINENESS_OF = new Map<number | null, Fineness>([[null, "sample"], [MINUTE, "minute"], [HOUR, "hour"]]);

export function tableOf(turn: Turn, device: Device, columns: readonly Column[], asked: Asked): HistoryTable {
  const to = Math.min(asked.to, turn.now + AHEAD);
  if (asked.from <= to) return pageOf(turn, device, columns, { ...asked, to });
  return { ...pageOf(turn, device, columns, { ...asked, from: to, to }), rows: [] };
}

function pageOf(turn: Turn, device: Device, columns: readonly Column[], asked: Asked): HistoryTable {
  const { from, to, points } = asked;
  const most = Math.floor(MOST_CELLS / (1 + headsOf(columns).length));
  if (points !== undefined) {
    return stepsTable(pastOf(turn, device, { from, to, points: Math.min(points, most) }), columns);
  }
  const width = asked.resolution ? WIDTHS[asked.resolution] : widthFor(turn, device, { from, to });
  // What is nothing from the beginning of time would be pages without end.
  const begun = Math.min(to, Math.max(from, earliest(turn, device, width)));
  const page = width === null
    ? samplesTable(turn, device, columns, { from: begun, to })
    : wholeSteps(turn, device, columns, { from: begun, to, width, most });
  const next = page.to < Math.min(to, turn.now)
    ? { from: page.to + (width === null ? 1 : 0), to, resolution: FINENESS_OF.get(width)! }
    : undefined;
  return { ...page, ...(next && { next }) };
}

/** Before that nothing can have been told, or nothing is left as it came. */
function earliest(turn: Turn, { row, kind }: Device, width: number | null): number {
  const { raw } = kind.retention;
  if (raw === null) return 0;
  const told = row.createdAt - raw * 1000;
  const isLeft = Math.min(samplesFrom(turn.reader, row.kind) * DAY, turn.now - raw * 1000);
  return Math.max(0, width === null ? Math.max(told, isLeft) : told);
}

/** Each instant at which something was told; of an instant that holds more than one sample, a row for each. */
function samplesTable(
  turn: Turn,
  device: Device,
  columns: readonly Column[],
  { from, to }: { from: number; to: number },
): HistoryTable {
  const most = Math.floor(MOST_CELLS / (1 + columns.length));
  const end = Math.min(to, from + LONGEST_RAW - 1);
  const rows = new Map<string, unknown[]>();
  // An hour after the other, as they are kept: of a device that tells much, one fills the answer.
  for (let at = from; at <= end && rows.size <= most;) {
    const until = Math.min(end, (Math.floor(at / HOUR) + 1) * HOUR - 1);
    addSamples(rows, pastOf(turn, device, { from: at, to: until, points: 1 }, null), columns);
    at = until + 1;
  }
  const sorted = inOrder(rows);
  // Whole instants only, so that the next page begins between two of them, and at least one, so that there is an end.
  const cut = sorted.length > most ? Math.max(Number(sorted[most][0]), Number(sorted[0][0]) + 1) : null;
  const heads = columns.map(({ field, unit }) => ({ field, unit }));
  if (cut === null) return { columns: heads, rows: sorted, from, to: end };
  return { columns: heads, rows: sorted.filter(([at]) => Number(at) < cut), from, to: cut - 1 };
}

function addSamples(rows: Map<string, unknown[]>, past: Past, columns: readonly Column[]): void {
  columns.forEach(({ field }, index) => {
    let [last, nth] = [-1, 0];
    for (const { at, value } of pairsOf(valuesIn(past, field))) {
      nth = at === last ? nth + 1 : 0;
      last = at;
      cellsAt(rows, `${at} ${nth}`, at)[index + 1] = value;
    }
  });
}

/** As many steps as fit, as they are kept. */
function wholeSteps(
  turn: Turn,
  device: Device,
  columns: readonly Column[],
  { from, to, width, most }: { from: number; to: number; width: number; most: number },
): HistoryTable {
  const begun = Math.floor(from / width) * width;
  const end = Math.min(to, begun + most * width);
  const steps = Math.max(1, Math.ceil((end - begun) / width));
  return stepsTable(pastOf(turn, device, { from: begun, to: end, points: steps }, width), columns);
}

function stepsTable(past: Past, columns: readonly Column[]): HistoryTable {
  const { range: { from, to } } = past;
  const rows = new Map<number, unknown[]>();
  let at = 1;
  for (const column of columns) {
    for (const [start, ...cells] of pointsOf(past, column)) {
      const row = cellsAt(rows, Number(start), Number(start));
      cells.forEach((cell, index) => row[at + index] = cell);
    }
    at += OF[column.kept].length;
  }
  return { columns: headsOf(columns), rows: inOrder(rows), from, to };
}

function pointsOf(past: Past, { field, kept }: Column): unknown[][] {
  if (kept !== "state") return numberPoints(past, field, kept);
  // With no run as a point of its own, each step has what it was the longest.
  const inSteps: Range = { ...past.range, points: 0 };
  return statePoints(runsIn(past, field), inSteps, past.resolution);
}

/** What a step has of a field of each class, in the order of its points; what is counted has a unit of its own. */
const OF: Record<Class, { of?: string; unit?: string | null }[]> = {
  gauge: [{ of: "min" }, { of: "mean" }, { of: "max" }, { of: "count", unit: null }],
  counter: [{ of: "increase" }, { of: "count", unit: null }],
  state: [{}, { of: "lasted", unit: "s" }],
};

const headsOf = (columns: readonly Column[]): HistoryTable["columns"] =>
  columns.flatMap(({ field, kept, unit }) => OF[kept].map((head) => ({ field, unit, ...head })));

function cellsAt<K>(rows: Map<K, unknown[]>, key: K, at: number): unknown[] {
  const known = rows.get(key);
  if (known) return known;
  const cells = [at];
  rows.set(key, cells);
  return cells;
}

const inOrder = (rows: ReadonlyMap<unknown, unknown[]>): unknown[][] =>
  [...rows.values()].sort(([one], [other]) => Number(one) - Number(other));
