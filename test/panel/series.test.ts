import { describe, expect, it, vi } from "vitest";
import { appended, gapOf, type Series } from "../../src/panel/live/series.ts";
import { historyFile } from "../../src/panel/live/save.ts";
import { finenessInWords, shareInWords, timesInWords } from "../../src/panel/words/history.ts";
import { openPage } from "./page.ts";
import { runsOf } from "../../src/panel/chart/state_strip.tsx";

/** Ten minutes, in steps of two seconds. */
const series = (kept: Series["class"], ...points: unknown[][]): Series => ({
  class: kept,
  resolution: 2,
  points,
  from: 1_000_000,
  to: 1_600_000,
});

describe("[T8] a history that goes on with the live values", () => {
  it("a gauge gets a point of one sample", () => {
    const before = series("gauge", [1_590_000, 20, 20.5, 21, 5]);
    expect(appended(before, { value: 21.5, at: 1_605_000 }).points).toEqual([
      [1_590_000, 20, 20.5, 21, 5],
      [1_604_000, 21.5, 21.5, 21.5, 1],
    ]);
    expect(before.points).toHaveLength(1);
    expect(appended(series("gauge"), { value: 3, at: 1_605_000 }).points).toEqual([[1_605_000, 3, 3, 3, 1]]);
  });

  it("a step takes in what belongs to it: a chart that stays open gets no finer", () => {
    let live = { ...series("gauge", [1_560_000, 20, 20.5, 21, 4]), resolution: 60 };
    for (const [at, value] of [[1_601_000, 25.5], [1_602_000, 18]]) live = appended(live, { value, at }) as typeof live;
    expect(live.points).toEqual([[1_560_000, 18, (20.5 * 4 + 25.5 + 18) / 6, 25.5, 6]]);
    expect(appended(live, { value: 1, at: 1_745_000 }).points[1]).toEqual([1_740_000, 1, 1, 1, 1]);
  });

  it("a state lasts on while its value is the same, and begins another run when it is not", () => {
    const heating = series("state", [1_500_000, "idle", 60], [1_560_000, "heating", 40]);
    expect(appended(heating, { value: "heating", at: 1_610_000 }).points).toEqual([
      [1_500_000, "idle", 60],
      [1_560_000, "heating", 50],
    ]);
    expect(appended(heating, { value: "idle", at: 1_610_500 }).points).toEqual([
      [1_500_000, "idle", 60],
      [1_560_000, "heating", 50.5],
      [1_610_500, "idle", 0],
    ]);
    expect(appended(series("state"), { value: "idle", at: 1_610_000 }).points).toEqual([[1_610_000, "idle", 0]]);
  });

  it("a counter waits for its next reading: one total is no increase", () => {
    const before = series("counter", [1_590_000, 0.2, 3]);
    expect(appended(before, { value: 12.4, at: 1_610_000 })).toEqual({ ...before, from: 1_010_000, to: 1_610_000 });
  });

  it("what is not newer than the reading is in it already", () => {
    for (const before of [series("gauge", [1_590_000, 20, 20, 20, 1]), series("state"), series("counter")]) {
      for (const at of [1_580_000, 1_595_000, 1_600_000]) expect(appended(before, { value: 5, at })).toBe(before);
    }
  });

  it("the window moves on with what came, and keeps its width", () => {
    expect(appended(series("gauge"), { value: 1, at: 1_600_500 })).toMatchObject({ from: 1_000_500, to: 1_600_500 });
  });
});

describe("gaps stay gaps", () => {
  /** Ten points that far apart, of so many samples each, and more of them at those times. */
  const gauges = (resolution: number, ms: number, count: number, ...more: number[]) => ({
    class: "gauge" as const,
    resolution,
    points: [...Array.from({ length: 10 }, (_, index) => index * ms), ...more].map((at) => [at, 1, 1, 1, count]),
  });

  it("a pause that is much longer than the others is one", () => {
    const gap = gapOf(gauges(2, 10_000, 1, 300_000));
    expect(gap).toBeGreaterThan(10_000 * 2);
    expect(gap).toBeLessThan(210_000);
  });

  it("a sample that was lost is none, nor is a step of the history's own grid", () => {
    expect(gapOf(gauges(2, 10_000, 1))).toBeGreaterThan(20_000);
    expect(gapOf(gauges(60, 60_000, 1))).toBeGreaterThan(120_000);
    expect(gapOf({ ...gauges(60, 1_000, 1), points: [[0, 1, 1], [1_000, 1, 1]] })).toBeGreaterThan(60_000);
  });

  it("[Q1] a single step without a value is a hole, where each has several", () => {
    for (const resolution of [60, 3600]) {
      const width = resolution * 1000;
      const gap = gapOf(gauges(resolution, width, 6));
      expect(gap).toBeGreaterThan(width);
      expect(gap).toBeLessThan(2 * width);
    }
  });

  it("is never below what a slow network does", () => {
    expect(gapOf(gauges(0, 100, 1))).toBe(2500);
    expect(gapOf({ class: "state", resolution: 1, points: [] })).toBe(2500);
    expect(gapOf({ class: "gauge", resolution: 1, points: [[5, 1, 1, 1, 1]] })).toBe(2500);
  });
});

describe("[Q5] how long it was what", () => {
  it("goes on with what comes, and leaves behind what the window has passed", () => {
    const totals = [["idle", 560, 1], ["heating", 40, 1]];
    const before = { ...series("state", [1_000_000, "idle", 560], [1_560_000, "heating", 40]), totals };
    const on = appended(before, { value: "heating", at: 1_610_000 });
    expect(on.totals).toEqual([["idle", 550, 1], ["heating", 50, 1]]);
    const off = appended(on, { value: "off", at: 1_620_000 });
    expect(off.totals).toEqual([["idle", 540, 1], ["heating", 60, 1], ["off", 0, 1]]);
    expect(appended(off, { value: "idle", at: 1_620_500 }).totals).toEqual([
      ["idle", 539.5, 2],
      ["heating", 60, 1],
      ["off", 0.5, 1],
    ]);
  });
});

describe("how finely it is told", () => {
  it.each(
    [
      ["gauge", 60, [[0, 1, 1, 1, 6]], "One point a minute."],
      ["gauge", 1, [[0, 1, 1, 1, 1]], "Every sample."],
      ["gauge", 7, [[0, 1, 1, 1, 2]], "One point every 7 s."],
      ["gauge", 60_000, [[0, 1, 1, 1, 1]], "One point every 16 h 40 min."],
      ["counter", 3600, [[0, 1, 1]], "One bar an hour."],
      ["state", 60, [[0, "on", 5], [5_000, "off", 9]], "Every change."],
      ["state", 60, [[0, "on", 5], [60_000, "off", 9]], "What it was the longest, one value a minute."],
    ] as const,
  )("of a %s at %i s", (kept, resolution, points, words) => {
    expect(finenessInWords({ class: kept, resolution, points })).toBe(words);
  });

  it("a share of the time that is small is not none", () => {
    expect([shareInWords(0, 100), shareInWords(0.5, 100), shareInWords(50, 100), shareInWords(1, 0)])
      .toEqual(["0 %", "under 1 %", "50 %", "0 %"]);
    expect([1, 2, 1200].map(timesInWords)).toEqual(["once", "twice", "1,200 times"]);
  });
});

describe("[Q9] a file in parts", () => {
  it("is one file with one head, named by its first and last moments", async () => {
    const page = openPage();
    const part = (text: string, name: string, next?: string) =>
      new Response(text, {
        headers: {
          "content-disposition": `attachment; filename="${name}"`,
          ...(next && { link: `<${next}>; rel="next"` }),
        },
      });
    page.answer = ({ path }) =>
      path === "/next"
        ? part("time,level\r\n3,c\r\n", "main 2026-11-23T110000Z 2026-11-23T120000Z.csv")
        : part("time,level\r\n1,a\r\n2,b\r\n", "main 2026-11-23T100000Z 2026-11-23T105959Z.csv", "/next");
    expect(await historyFile("main", { from: 1, to: 2 })).toEqual({
      name: "main 2026-11-23T100000Z 2026-11-23T120000Z.csv",
      text: "\uFEFFtime,level\r\n1,a\r\n2,b\r\n3,c\r\n",
      isCut: false,
    });
    expect(page.requests.map(({ path }) => path)).toEqual(["/api/v1/devices/main/telemetry.csv?from=1&to=2", "/next"]);
    page.answer = () => part("time,level\r\n1,a\r\n", "main a b.csv", "/next");
    expect((await historyFile("main", { from: 1, to: 2 })).isCut).toBe(true);
    vi.unstubAllGlobals();
  });
});

describe("a strip of states", () => {
  it("is runs of one value, the last one until now", () => {
    const runs = runsOf(series("state", [1_100_000, "idle", 300], [1_400_000, "heating", 10]));
    expect(runs).toEqual([
      { value: "idle", from: 1_100_000, to: 1_400_000 },
      { value: "heating", from: 1_400_000, to: 1_600_000 },
    ]);
  });

  it("begins where the window does", () => {
    expect(runsOf(series("state", [900_000, "idle", 700]))).toEqual([{
      value: "idle",
      from: 1_000_000,
      to: 1_600_000,
    }]);
  });

  it("leaves out what the window has moved past, and no run is negative", () => {
    let moved = series("state", [1_000_000, "idle", 1], [1_001_000, "heating", 1], [1_002_000, "idle", 598]);
    moved = appended(moved, { value: "idle", at: 1_605_000 });
    expect(moved.from).toBe(1_005_000);
    expect(runsOf(moved)).toEqual([{ value: "idle", from: 1_005_000, to: 1_605_000 }]);
  });

  it("keeps the value that only just came", () => {
    const moved = appended(series("state", [1_500_000, "idle", 100]), { value: "heating", at: 1_610_000 });
    expect(runsOf(moved)).toEqual([
      { value: "idle", from: 1_500_000, to: 1_610_000 },
      { value: "heating", from: 1_610_000, to: 1_610_000 },
    ]);
  });

  it("is empty without a value", () => expect(runsOf(series("state"))).toEqual([]));
});
