/** The bench's table: what it says, and that it says what was not measured. */
import { describe, expect, it } from "vitest";
import type { Line } from "../../bench/harness.ts";
import { newest, table } from "../../bench/report.ts";
import { requests } from "../../bench/ways/watch.ts";

const line = (row: string, ours: number): Line => ({
  row,
  what: `${row}; a yardstick`,
  unit: "µs",
  ours,
  yardstick: 20,
  ratio: ours / 20,
  reach: "≤ 1.0",
});

describe("the bench's table", () => {
  it("is one of Markdown, with a ratio, or with why there is none", () => {
    const leftOut: Line = {
      row: "telemetry",
      what: "a broker",
      reach: "< 0.5",
      leftOut: "left out: it is not installed",
    };
    expect(table([line("telemetry", 12.34), leftOut]).split("\n")).toEqual([
      "| row | what; beside it | ours | yardstick | ratio | to be reached |",
      "| --- | --- | --- | --- | --- | --- |",
      "| telemetry | telemetry; a yardstick | 12.3 µs | 20.0 µs | 0.62 | ≤ 1.0 |",
      "| telemetry | a broker | left out: it is not installed |  |  | < 0.5 |",
    ]);
  });

  it("has the newest lines of each row, and none of an older run of it", () => {
    const older = { lines: [line("telemetry", 1), line("telemetry", 2), line("idle", 3)] };
    const newer = { lines: [line("storm", 5), line("telemetry", 4)] };
    expect(newest([older, newer]).map((one) => [one.row, "ours" in one && one.ours])).toEqual([
      ["telemetry", 4],
      ["idle", 3],
      ["storm", 5],
    ]);
  });
});

describe("who watches in the bench", () => {
  const ids = Array.from({ length: 1_201 }, (_, index) => String(index));

  it("asks for all devices once, in windows that a hub allows", () => {
    const windows = requests(ids, "all").map(({ window }) => window as [number, number]);
    expect(windows).toEqual([[0, 500], [500, 500], [1_000, 500]]);
    expect(new Set(requests(ids, "all").map(({ id }) => id)).size).toBe(3);
  });

  it("asks for each by itself, for a page of them, or for nothing", () => {
    expect(requests(ids, "each").map(({ device }) => device)).toEqual(ids);
    expect(requests(ids, "list").map(({ window }) => window)).toEqual([[0, 50]]);
    expect(requests(ids, "none")).toEqual([]);
  });
});
