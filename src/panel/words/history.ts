/** What a chart of the past says in words: how far back, how finely, how long it was what. */
import { durationOf, momentOf } from "./format.ts";
import { numberIn } from "./locale.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back one may look, at a click; the key stands in the address. */
export const SPANS = [
  { key: "15m", word: "15 min", span: 15 * MINUTE },
  { key: "1h", word: "1 h", span: HOUR },
  { key: "6h", word: "6 h", span: 6 * HOUR },
  { key: "1d", word: "1 d", span: DAY },
  { key: "7d", word: "7 d", span: 7 * DAY },
  { key: "30d", word: "30 d", span: 30 * DAY },
  { key: "1y", word: "1 y", span: 365 * DAY },
];

const SINGLE: Record<number, string> = { 1: "a second", 60: "a minute", 3600: "an hour", 86_400: "a day" };

/** `a minute`, `every 5 min`, of so many seconds. */
const paceOf = (seconds: number): string => SINGLE[seconds] ?? `every ${durationOf(seconds)}`;

interface Told {
  class: "gauge" | "counter" | "state";
  resolution: number;
  points: readonly (readonly unknown[])[];
}

/** How finely it is told: `One point a minute.` */
export function finenessInWords({ class: kept, resolution, points }: Told): string {
  const isEach = points.every((point) => Number(point.at(-1)) <= 1);
  switch (kept) {
    case "gauge":
      return isEach && resolution < 60 ? "Every sample." : `One point ${paceOf(resolution)}.`;
    case "counter":
      return `One bar ${paceOf(resolution)}.`;
    case "state":
      return isUnbroken(points) ? "Every change." : `What it was the longest, one value ${paceOf(resolution)}.`;
  }
}

/** Each value from its start until the next one: then no change is left out. */
const isUnbroken = (points: Told["points"]): boolean =>
  points.every(([start, , seconds], index) =>
    index + 1 === points.length ||
    Math.abs(Number(points[index + 1][0]) - Number(start) - Number(seconds) * 1000) < 1
  );

/** `23 Nov, 10:00:00 to 23 Nov, 11:00:00`, as seen from now. */
export const stretchInWords = ({ from, to }: { from: number; to: number }, now: number): string =>
  `${momentOf(from, now)} to ${momentOf(to, now)}`;

/** `once`, `twice`, `12 times`. */
export const timesInWords = (times: number): string =>
  times === 1 ? "once" : times === 2 ? "twice" : `${numberIn(times)} times`;

/** Of all the time, in whole per cent; a little of it is not nothing. */
export function shareInWords(seconds: number, all: number): string {
  const percent = all > 0 ? seconds / all * 100 : 0;
  return percent > 0 && percent < 1 ? "under 1 %" : `${Math.round(percent)} %`;
}

export const LOOK_CLOSER = " Drag over the chart to look closer.";

export const CHARTS = {
  of: (titles: readonly string[]) => `History of ${titles.join(", ")}`,
  group:
    "Charts. Arrows move in time, plus and minus look closer or further, Home and End go to the first and the last.",
  spans: "How far back",
  earlier: "Earlier",
  later: "Later",
  live: "Follow live",
  choose: "Other time…",
  range: "A time of your own",
  from: "From",
  to: "To",
  show: "Show",
  close: "Close",
  wrongRange: "The first time has to come before the second.",
  follows: "Follows live.",
  fields: "What to show, four at most",
  four: "Four at most. Take one away first.",
  none: "No value has come yet.",
  nothing: (last: string) => `Nothing in this time. The last value came ${last}.`,
  goThere: "Go there",
  marks: { command: "command", failed: "command that failed", event: "event" },
  keys: "Keys on the chart: arrows move, plus and minus look closer or further, Home and End.",
  curl: "Copy as curl",
  measuresNothing: "This kind measures nothing, so there is no chart.",
} as const;

export const CSV = {
  button: "Save as CSV",
  title: "All that this device told in the time shown, as a file for a spreadsheet",
  busy: "Reading…",
  cut: "It is more than one file holds: this is the first part of it. Choose a shorter time for the rest.",
};

export const TABLE = {
  label: (title: string) => `${title} as a table`,
  from: "From",
  heads: { gauge: ["Least", "Mean", "Most", "Samples"], counter: ["Increase", "Samples"], state: [] },
  time: "Time",
  share: "Share",
  times: "Times",
  run: (value: string, from: string, duration: string) => `${value} from ${from}, for ${duration}`,
  noHour: "No data in the last hour",
} as const;

/** One line that says what the chart shows. */
export const SUMMARY = {
  counter: (title: string, increase: string) => `${title}: ${increase} more in this time`,
  flat: (title: string, value: string, samples: number) => `${title} at ${value}, ${samplesOf(samples)}`,
  gauge: (title: string, least: string, most: string, samples: number) =>
    `${title} between ${least} and ${most}, ${samplesOf(samples)}`,
} as const;

const samplesOf = (samples: number): string => samples === 1 ? "1 sample" : `${numberIn(samples)} samples`;
