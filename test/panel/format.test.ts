import { describe, expect, it } from "vitest";
import { fieldOf } from "../../src/panel/form/field.ts";
import {
  ageOf,
  agoOf,
  clockOf,
  durationOf,
  inWords,
  latencyOf,
  momentOf,
  numberOf,
  wholeMomentOf,
  written,
} from "../../src/panel/words/format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("how long ago", () => {
  it.each([
    [-5000, "0 s"],
    [0, "0 s"],
    [999, "0 s"],
    [1000, "1 s"],
    [MINUTE - 1, "59 s"],
    [MINUTE, "1 min"],
    [HOUR - 1, "59 min"],
    [HOUR, "1 h"],
    [2 * DAY - 1, "47 h"],
    [2 * DAY, "2 d"],
    [400 * DAY, "400 d"],
  ])("%d ms is %s: one unit, rounded down, never negative", (ms, age) => expect(ageOf(ms)).toBe(age));

  it("a moment ago is just now, also where two clocks differ a little", () => {
    expect([-300, 0, 1999].map(agoOf)).toEqual(["just now", "just now", "just now"]);
    expect(agoOf(2000)).toBe("2 s ago");
  });
});

describe("how long it took", () => {
  it.each([
    [-3, "0 ms"],
    [0, "0 ms"],
    [40.4, "40 ms"],
    [999, "999 ms"],
    [1000, "1.0 s"],
    [1249, "1.2 s"],
    [9900, "9.9 s"],
    [14_700, "14 s"],
    [90_000, "1 min"],
  ])("%d ms is %s", (ms, latency) => expect(latencyOf(ms)).toBe(latency));
});

describe("a duration", () => {
  it.each([
    [0, "0 s"],
    [0.1, "0.1 s"],
    [90, "90 s"],
    [119.94, "119.9 s"],
    [120, "2 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [7500, "2 h 5 min"],
    [86_400, "1 d"],
    [86_399, "23 h 59 min"],
    [3 * 86_400 + 4 * 3600 + 59, "3 d 4 h"],
  ])("of %d s is %s", (seconds, words) => expect(durationOf(seconds)).toBe(words));
});

describe("a moment", () => {
  // Of this computer's day, wherever it stands.
  const noon = new Date(2026, 10, 24, 12, 0, 5).getTime();

  it("is the clock alone today, and with its day otherwise", () => {
    expect(clockOf(noon)).toBe("12:00:05");
    expect(momentOf(noon, noon + 11 * HOUR)).toBe("12:00:05");
    expect(momentOf(noon, noon + 12 * HOUR)).toBe("24 Nov, 12:00:05");
    expect(momentOf(noon, noon + 60 * 24 * HOUR)).toBe("24 Nov 2026, 12:00:05");
    expect(wholeMomentOf(noon)).toMatch(/^24 November 2026 at 12:00:05$/);
  });
});

describe("a number", () => {
  it.each([
    [21.5, 1, "21.5"],
    [21, 1, "21.0"],
    [1013.25, 1, "1,013.3"],
    [48.6, 0, "49"],
    [-0.04, 1, "0.0"],
    [-0.06, 1, "-0.1"],
    [0.1 + 0.2, 1, "0.3"],
    [12, undefined, "12"],
    [0.25, undefined, "0.25"],
    [1 / 3, undefined, "0.333"],
    [0.00001234, undefined, "0.000012"],
    [-2e-7, undefined, "-0.0000002"],
    [0.00001, 3, "0.000"],
    [1.5e21, undefined, "1,500,000,000,000,000,000,000"],
  ])("%d to %s decimals is %s", (value, precision, text) => expect(numberOf(value, precision)).toBe(text));
});

describe("a value in its field's words", () => {
  const temperature = { sort: "number", unit: "°C", precision: 1 } as const;

  it("has its unit beside it, so that the number carries the weight", () => {
    expect(written(21.25, temperature)).toEqual({ text: "21.3", unit: "°C" });
    expect(inWords(21.25, temperature)).toBe("21.3 °C");
    expect(written(7, {})).toEqual({ text: "7" });
  });

  it("is a dash where there is none, and not a zero", () => {
    expect(inWords(undefined, temperature)).toBe("–");
    expect(inWords(null, temperature)).toBe("–");
    expect(inWords(0, temperature)).toBe("0.0 °C");
    expect(inWords("", { sort: "text" })).toBe("none");
  });

  it("long times are said as people do", () => {
    expect(written(119, { unit: "s", precision: 0 })).toEqual({ text: "119", unit: "s" });
    expect(written(120, { unit: "s", precision: 0 })).toEqual({ text: "2 min" });
    expect(written(7500, { unit: "s", precision: 0 })).toEqual({ text: "2 h 5 min" });
  });

  it("bytes are told in the unit that leaves few digits", () => {
    const told = [0, 253, 999, 1000, 1_110_007_883, 4.2e15].map((bytes) => inWords(bytes, { unit: "B", precision: 0 }));
    expect(told).toEqual(["0 B", "253 B", "999 B", "1.0 kB", "1.1 GB", "4,200.0 TB"]);
  });

  it("a choice is one of the kind's words, a text stays as somebody wrote it", () => {
    expect(inWords("heat_cool", { sort: "choice" })).toBe("Heat cool");
    expect(inWords("v1.2.0-beta_3", { sort: "text" })).toBe("v1.2.0-beta_3");
  });

  it("a toggle is on or off, a flat object is told by its names, anything else is JSON", () => {
    expect([inWords(true, {}), inWords(false, { deviceClass: "outlet" })]).toEqual(["On", "Off"]);
    expect([inWords(true, { deviceClass: "moisture" }), inWords(false, { deviceClass: "problem" })])
      .toEqual(["Yes", "No"]);
    expect(inWords({ h: 30, s: 60.5, why: "dusk", warm: true }, {})).toBe("h 30, s 60.5, why dusk, warm On");
    expect(inWords({ at: { x: 1 } }, {})).toBe('{"at":{"x":1}}');
    expect(inWords([1, 2], {})).toBe("[1,2]");
    expect(inWords([1, 2.5], { sort: "list", item: fieldOf("one", { type: "number", unit: "m" }) })).toBe("1 m, 2.5 m");
    expect(inWords(["mon", "tue"], { sort: "options" })).toBe("Mon, Tue");
    expect(inWords([], { sort: "options" })).toBe("none");
    expect(inWords("2026-11-26T06:15:30Z", { sort: "text", format: "date-time" })).toContain("26 November 2026");
    expect(inWords("soon", { sort: "text", format: "date-time" })).toBe("soon");
  });
});
