/** What of an hour of one device a step can read [Q11]: all of it, or the beginning of what is left. */
import { readSeries } from "../../history/extent.ts";
import { bytesOf, type Generation, type Slice } from "../../history/parts.ts";
import { appendTo, columnIn, type Series, within } from "../../history/series.ts";
import type { Ration } from "./ration.ts";
import { HOUR } from "./repack.ts";

/** A part, with the times that it may have: both are within. */
interface Stretch {
  slice: Slice;
  from: number;
  to: number;
}

/** Adds what it told from that time on, as far as the ration goes, and answers until when; that one is not within. */
export function addWindow(series: Series, ration: Ration, generations: readonly Generation[], at: number): number {
  const hour = Math.floor(at / HOUR) * HOUR;
  const stretches = generations.toReversed().flatMap(({ slices }) => stretchesOf(slices, hour));
  const read = new Map<Stretch, Series>();
  let until = at;
  for (until of endsOf(stretches, hour, at)) {
    for (const stretch of stretches) {
      if (read.has(stretch) || stretch.from >= until || stretch.to < at) continue;
      read.set(stretch, unpack(ration, stretch.slice));
    }
    if (!ration.isLeft) break;
  }
  const isAll = at === hour && until === hour + HOUR;
  for (const stretch of stretches) {
    for (const [field, column] of read.get(stretch) ?? []) {
      appendTo(columnIn(series, field), isAll ? column : within(column, at, until - 1));
    }
  }
  return until;
}

/** One that does not say when it begins may have any time of the hour. */
function stretchesOf(slices: readonly Slice[], hour: number): Stretch[] {
  return slices.map((slice, index) => {
    const next = slices[index + 1]?.first;
    return { slice, from: hour + (slice.first ?? 0), to: next === undefined ? hour + HOUR : hour + next };
  });
}

/** Whenever another part begins; and the end of the hour. */
function endsOf(stretches: readonly Stretch[], hour: number, at: number): number[] {
  const begins = new Set(stretches.map(({ from }) => from).filter((from) => from > at));
  return [...[...begins].sort((one, other) => one - other), hour + HOUR];
}

function unpack(ration: Ration, slice: Slice): Series {
  const series = readSeries(bytesOf(ration, slice));
  for (const { times } of series.values()) ration.unpacked(times.length);
  return series;
}
