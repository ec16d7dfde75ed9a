/** What the charts show, between the address, the buttons and the keys. */
import { describe, expect, it } from "vitest";
import {
  byKey,
  chartSearch,
  inputOf,
  searchOf,
  shifted,
  type Shown,
  stretchOf,
  timeOf,
  viewOf,
} from "../../src/panel/chart/view.ts";
import { setLocale } from "../../src/panel/words/locale.ts";

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
const live: Shown = { span: HOUR, stretch: null, now: NOW, since: NOW - 100 * HOUR };
const still = (from: number, to: number): Shown => ({ ...live, stretch: { from: NOW + from, to: NOW + to } });

describe("[A2.8] the address of a chart", () => {
  it("says fields, span and stretch, and comes back as the same view", () => {
    for (
      const search of [
        {},
        { show: "temperature" },
        { show: "temperature,humidity", span: "7d" },
        { show: "action", span: "15m", from: NOW - HOUR, to: NOW },
      ]
    ) {
      expect(chartSearch(search)).toEqual(search);
      expect(searchOf(viewOf(search))).toEqual(search);
    }
  });

  it("what it cannot mean is left out, and nobody compares more than four", () => {
    expect(chartSearch({ show: 5, span: "3 weeks", from: 2, to: 1 })).toEqual({});
    expect(chartSearch({ show: "", from: "yesterday", to: NOW, other: 1 })).toEqual({});
    expect(viewOf({ show: "a,b,,a,c,d,e" }).names).toEqual(["a", "b", "c", "d"]);
  });
});

describe("moving in time", () => {
  it("half as far back stands still; what is nearly now follows the present again", () => {
    expect(stretchOf(live)).toEqual({ from: NOW - HOUR, to: NOW });
    expect(shifted(live, -0.5)).toEqual({ stretch: { from: NOW - 1.5 * HOUR, to: NOW - 0.5 * HOUR } });
    expect(shifted(still(-1.5 * HOUR, -0.5 * HOUR), 0.5)).toEqual({ stretch: null });
  });

  it("arrows move by a tenth, with shift by half; later than now there is nothing", () => {
    expect(byKey(live, "ArrowLeft", false)).toEqual({ stretch: { from: NOW - 1.1 * HOUR, to: NOW - 0.1 * HOUR } });
    expect(byKey(still(-3 * HOUR, -2 * HOUR), "ArrowRight", true)).toEqual({
      stretch: { from: NOW - 2.5 * HOUR, to: NOW - 1.5 * HOUR },
    });
    expect(byKey(live, "ArrowRight", false)).toBeNull();
  });

  it("plus and minus: the next span where it follows, twice or half around the middle where it stands", () => {
    expect(byKey(live, "+", false)).toEqual({ span: HOUR / 4, stretch: null });
    expect(byKey(live, "-", false)).toEqual({ span: 6 * HOUR, stretch: null });
    expect(byKey({ ...live, span: HOUR / 4 }, "+", false)).toEqual({ span: HOUR / 4, stretch: null });
    expect(byKey(still(-6 * HOUR, -4 * HOUR), "=", false)).toEqual({
      stretch: { from: NOW - 5.5 * HOUR, to: NOW - 4.5 * HOUR },
    });
    expect(byKey(still(-60_000, -50_000), "+", false)).toEqual({ stretch: { from: NOW - 60_000, to: NOW - 50_000 } });
    expect(byKey(still(-10 * HOUR, -8 * HOUR), "-", false)).toEqual({
      stretch: { from: NOW - 11 * HOUR, to: NOW - 7 * HOUR },
    });
  });

  it("Home is where it began, End follows; other keys are somebody else's", () => {
    expect(byKey(live, "Home", false)).toEqual({ stretch: { from: NOW - 100 * HOUR, to: NOW - 99 * HOUR } });
    expect(byKey({ ...live, since: NOW - HOUR / 2 }, "Home", false)).toEqual({ stretch: null });
    expect(byKey(still(-3 * HOUR, -2 * HOUR), "End", false)).toEqual({ stretch: null });
    expect(byKey(live, "End", false)).toBeNull();
    expect(byKey(live, "a", false)).toBeNull();
  });
});

describe("a time that is typed", () => {
  it("is in the zone that somebody chose, there and back", () => {
    for (const zone of ["local", "utc"] as const) {
      setLocale({ zone, temperature: "celsius", units: "metric" });
      expect(timeOf(inputOf(NOW))).toBe(NOW);
    }
    expect(inputOf(NOW)).toBe("2023-11-14T22:13:20");
    expect(timeOf("")).toBeNaN();
    setLocale({ zone: "local", temperature: "celsius", units: "metric" });
  });
});
