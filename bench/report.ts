/** The bench's figures as one table, and under which conditions they were taken. */
import { cpus, loadavg } from "node:os";
import type { Line, Plan } from "./harness.ts";

const HEAD = ["row", "what; beside it", "ours", "yardstick", "ratio", "to be reached"];

export function table(lines: readonly Line[]): string {
  const measured = lines.map((line) => [line.row, line.what, ...figures(line), line.reach]);
  return [HEAD, HEAD.map(() => "---"), ...measured].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const figures = (line: Line): string[] =>
  "leftOut" in line
    ? [line.leftOut, "", ""]
    : [`${short(line.ours)} ${line.unit}`, `${short(line.yardstick)} ${line.unit}`, line.ratio.toFixed(2)];

const short = (figure: number) => figure < 10 ? figure.toFixed(2) : figure.toFixed(1);

/** Of several results, the oldest first, the newest lines of each row. */
export function newest(results: readonly { lines: readonly Line[] }[]): Line[] {
  const rows = new Map<string, Line[]>();
  for (const { lines } of results) {
    for (const [row, own] of Map.groupBy(lines, ({ row }) => row)) rows.set(row, own);
  }
  return [...rows.values()].flat();
}

/** Load averages are those of the beginning: what else the machine had to do. */
export function conditions({ runs, seconds, warmUp }: Plan): string {
  const load = loadavg().map((one) => one.toFixed(2)).join(" ");
  return `${runs} runs of ${seconds} s after ${warmUp} s of warm-up; Deno ${Deno.version.deno}, ` +
    `${cpus().length} cores of ${cpus()[0]?.model.trim()}, load average ${load} at the beginning`;
}
