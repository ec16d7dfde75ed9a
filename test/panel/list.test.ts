import { describe, expect, it } from "vitest";
import { matches, parseQuery } from "../../src/protocol/query.ts";
import type { Queried } from "../../src/protocol/queried.ts";
import { holds, windowAround } from "../../src/panel/live/list_window.ts";
import { valueIn, withValue } from "../../src/panel/live/query_terms.ts";

describe("[A2.5] the window of a long list", () => {
  it("has what is visible and a margin on both sides", () => {
    expect(windowAround(0, 19)).toEqual([0, 60]);
    for (const first of [0, 1, 37, 500, 9_981]) {
      const last = first + 24;
      const window = windowAround(first, last);
      const [from, count] = window;
      expect(holds(window, first, last)).toBe(true);
      expect(from).toBeLessThanOrEqual(Math.max(0, first - 30));
      expect(from + count).toBeGreaterThanOrEqual(last + 31);
      expect(count).toBeLessThanOrEqual(120);
    }
  });

  it("stays the same for a nudge of the wheel", () => {
    const windows = new Set(Array.from({ length: 10 }, (_, nudge) => String(windowAround(115 + nudge, 135 + nudge))));
    expect(windows.size).toBeLessThanOrEqual(2);
  });

  it("[O2] never asks for more than 500", () => {
    expect(windowAround(1000, 3000)).toEqual([960, 500]);
  });

  it("knows when it does not hold what is seen any more", () => {
    expect(holds([20, 60], 20, 79)).toBe(true);
    expect(holds([20, 60], 19, 40)).toBe(false);
    expect(holds([20, 60], 60, 80)).toBe(false);
  });
});

describe("[A2.4] the terms of a query that have a control", () => {
  it.each([
    ["status:online", "online"],
    ["lamp status:online tag:hall", "online"],
    ["STATUS:online", "online"],
    ["status:online,suspect", "online,suspect"],
    ['status:"on line"', "on line"],
    ["", null],
    ["status", null],
    ["-status:online", null],
    ["mystatus:online", null],
    // Half typed: nothing is chosen yet.
    ["status:", null],
    // Words that were looked for are no term.
    ['"the status:online lamp"', null],
  ])("[O10] in %j the status is %j", (query, value) => expect(valueIn(query, "status")).toBe(value));

  it.each([
    ["", "online", "status:online"],
    ["lamp", "online", "lamp status:online"],
    ["lamp status:offline tag:hall", "online", "lamp status:online tag:hall"],
    ["lamp status:offline tag:hall", null, "lamp tag:hall"],
    ["status:offline", null, ""],
    ["-status:offline", "online", "-status:offline status:online"],
    ["lamp status:", "online", "lamp status:online"],
    ['status:"on line",offline lamp', "online", "status:online lamp"],
    // All of them must hold, so one that stayed would go on filtering.
    ["status:o* lamp status:offline", "online", "status:online lamp"],
    ["status:o* lamp status:offline", null, "lamp"],
    ['"main  door" "status:x  y"', "online", '"main  door" "status:x  y" status:online'],
    ["lamp", null, "lamp"],
  ])("[O10] %j with the status %j is %j", (query, value, expected) => {
    expect(withValue(query, "status", value)).toBe(expected);
    expect(valueIn(expected, "status")).toBe(value);
  });

  it("[O10] the hub understands the result as it was meant", () => {
    const lamp: Queried = {
      id: "lamp",
      kind: "relay",
      name: "Main  door",
      tags: ["hall"],
      presence: "online",
      seen: null,
      createdAt: 0,
      firmware: null,
      telemetry: {},
      reported: {},
      isStopped: false,
      isDriven: false,
    };
    for (const query of ["", "tag:hall", '"main  door"', "status:offline", "-status:offline", "status:"]) {
      const parsed = parseQuery(withValue(query, "status", "online"));
      if (!parsed.ok) throw new Error(parsed.fault.message);
      expect(matches(parsed.value, lamp, 0), query).toBe(true);
      expect(matches(parsed.value, { ...lamp, presence: "suspect" }, 0), query).toBe(false);
    }
  });
});
