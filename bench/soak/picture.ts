/** The memory curve as an SVG that reads in light and in dark: resident memory, also after collections, live heap, medians and reconnects. */
import { median } from "../harness.ts";
import type { Look } from "./probe.ts";
import { afterWarmUp, type Point } from "./trend.ts";

const WIDTH = 860;
const HEIGHT = 380;
const LEFT = 56;
const RIGHT = 128;
const TOP = 48;
const BOTTOM = 46;
/** Height of two lines of text. */
const SAID = 34;
const MB = 1024 * 1024;

const STYLE = `
    .paper { fill: #fff } .ink { fill: #1f2328 } .faint { fill: #59636e }
    .grid { stroke: #d1d9e0 } .axis { stroke: #59636e } .back { stroke: #d1d9e0; stroke-dasharray: 2 3 }
    .resident { stroke: #0969da } .heap { stroke: #1a7f37 } .collected { stroke: #8250df }
    .median { stroke-dasharray: 6 4; stroke-width: 1; opacity: 0.8 }
    .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round }
    .said-resident { fill: #0969da } .said-heap { fill: #1a7f37 } .said-collected { fill: #8250df }
    text { font: 12px system-ui, sans-serif }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } .ink { fill: #f0f6fc } .faint { fill: #9198a1 }
      .grid { stroke: #2a313c } .axis { stroke: #9198a1 } .back { stroke: #3d444d }
      .resident { stroke: #58a6ff } .heap { stroke: #3fb950 } .said-resident { fill: #58a6ff } .said-heap { fill: #3fb950 }
      .collected { stroke: #ab7df8 } .said-collected { fill: #ab7df8 }
    }`;

/** The step of an axis with at most so many: 1, 2 or 5 times a power of ten. */
export function stepOf(most: number, steps: number): number {
  const rough = Math.max(most, Number.MIN_VALUE) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!;
}

const round = (figure: number) => Math.round(figure * 10) / 10;
const upTo = (most: number, step: number) =>
  Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);

export function picture(title: string, looks: readonly Look[]): string {
  const resident = looks.map(({ at, rss }): Point => ({ at: at / 60, value: rss / MB }));
  const after = (of: "live" | "rss") =>
    looks.flatMap(({ at, collected }): Point[] => collected ? [{ at: at / 60, value: collected[of] / MB }] : []);
  const minutes = resident.at(-1)!.at;
  const step = stepOf(Math.max(...resident.map(({ value }) => value)), 5);
  const top = step * Math.ceil(Math.max(...resident.map(({ value }) => value)) / step);
  const x = (at: number) => round(LEFT + at / minutes * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => round(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP));
  const across = (at: string, from: number, to: number, height: number) =>
    `<line class="${at}" x1="${from}" x2="${to}" y1="${height}" y2="${height}"/>`;

  const grid = upTo(top, step).flatMap((value) => [
    across(value === 0 ? "axis" : "grid", LEFT, WIDTH - RIGHT, y(value)),
    text("faint", LEFT - 8, y(value) + 4, `${round(value)}`, "end"),
  ]);
  const time = upTo(minutes, stepOf(minutes, 8)).map((at) =>
    text("faint", x(at), HEIGHT - BOTTOM + 18, `${Math.round(at * 100) / 100}`, "middle")
  );
  const back = reconnects(looks).flatMap(({ at, count }) => [
    `<line class="back" x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`,
    text("faint", x(at), TOP - 6, count.toLocaleString("en"), "middle"),
  ]);
  const curves = [
    ["resident", "resident", resident],
    ["collected", "after a collection", after("rss")],
    ["heap", "live heap", after("live")],
  ] as const;
  let above = -Infinity;
  const drawn = curves.flatMap(([name, words, points]) => {
    const middle = median(afterWarmUp(points).map(({ value }) => value));
    // The curves come from the highest to the lowest, and what is said of them must not overlap.
    const said = above = Math.max(y(middle), above + SAID);
    return [
      `<polyline class="curve ${name}" points="${points.map(({ at, value }) => `${x(at)},${y(value)}`).join(" ")}"/>`,
      across(`${name} median`, x(minutes / 4), WIDTH - RIGHT, y(middle)),
      text(`said-${name}`, WIDTH - RIGHT + 8, said - 4, words, "start"),
      text(`said-${name}`, WIDTH - RIGHT + 8, said + 11, `median ${middle.toFixed(1)} MB`, "start"),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `  <title>${title}</title>`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...[
      text("ink", LEFT, 18, title, "start"),
      text("faint", WIDTH - RIGHT + 26, TOP - 6, "reconnects", "start"),
      text("faint", LEFT - 8, TOP - 14, "MB", "end"),
      text("faint", WIDTH - RIGHT + 26, HEIGHT - BOTTOM + 18, "minutes", "start"),
      ...grid,
      ...time,
      ...back,
      ...drawn,
    ].map((line) => `  ${line}`),
    "</svg>\n",
  ].join("\n");
}

const text = (style: string, x: number, y: number, words: string, anchor: string) =>
  `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;

/** When each round number of them was reached. */
function reconnects(looks: readonly Look[]): { at: number; count: number }[] {
  const most = looks.at(-1)!.reconnects;
  if (most === 0) return [];
  return upTo(most, stepOf(most, 6)).slice(1).map((count) => ({
    count,
    at: looks.find(({ reconnects }) => reconnects >= count)!.at / 60,
  }));
}
