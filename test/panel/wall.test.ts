/** Which devices stand on which page of a wall, and how large. */
import { describe, expect, it } from "vitest";
import { fitOf, idsOn, PARTS, windowsOf } from "../../src/panel/screens/wall/pages.ts";
import { matches, parseQuery } from "../../src/protocol/query.ts";
import type { Queried } from "../../src/protocol/queried.ts";
import { presence } from "../../src/protocol/words.ts";

describe("the parts of a wall", () => {
  it("each device is in one of them, and who wants a look is before who does not", () => {
    const parts = PARTS.map((text) => {
      const query = parseQuery(text);
      if (!query.ok) throw new Error(query.fault.message);
      return query.value;
    });
    const partOf = (one: Partial<Queried>) =>
      parts.flatMap((query, at) =>
        matches(query, { isStopped: false, isDriven: false, ...one } as Queried, 0) ? [at] : []
      );
    for (const one of presence.options) {
      expect(partOf({ presence: one, isStopped: true })).toEqual([0]);
      expect(partOf({ presence: one })).toEqual([one === "suspect" ? 1 : one === "offline" ? 2 : 3]);
    }
  });
});

describe("its pages", () => {
  const lists = [["s1"], ["u1", "u2"], [], ["a", "b", "c", "d", "e"]];
  const totals = lists.map(({ length }) => length);

  it("together have every device once, in the order of the parts, whatever fits on one", () => {
    for (const size of [1, 2, 3, 5, 8, 20]) {
      const seen: string[] = [];
      for (let page = 0; page * size < 8; page++) {
        const parts = windowsOf(page, size, totals).map(([from, count], at) => ({
          from,
          order: lists[at].slice(from, from + count),
          total: totals[at],
        }));
        seen.push(...idsOn(page, size, parts));
      }
      expect(seen).toEqual(lists.flat());
    }
  });

  it("of ten thousand no more is watched than a page has", () => {
    expect(windowsOf(3, 24, [0, 0, 10, 9_990])).toEqual([[0, 1], [0, 1], [0, 1], [62, 24]]);
  });

  it("what is not known yet is asked for", () => {
    expect(windowsOf(0, 24, [0, 0, 0, 0])).toEqual([[0, 24], [0, 24], [0, 24], [0, 24]]);
  });

  it("who is in two parts for a moment is shown once", () => {
    const part = (order: string[]) => ({ from: 0, order, total: order.length });
    expect(idsOn(0, 5, [part([]), part(["a"]), part([]), part(["a", "b"])])).toEqual(["a", "b"]);
  });
});

describe("how large", () => {
  it("few are large, many as small as can be read, and there is always room for one", () => {
    const [few, some, many] = [4, 20, 900].map((count) => fitOf(1880, 880, 16, count));
    expect(few.scale).toBeGreaterThan(some.scale);
    expect(some.columns * some.rows).toBeGreaterThanOrEqual(20);
    expect(many.scale).toBe(1);
    expect(fitOf(200, 50, 16, 9)).toEqual({ columns: 1, rows: 1, scale: 1 });
  });
});
