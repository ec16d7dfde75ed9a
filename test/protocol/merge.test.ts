import { describe, expect, it } from "vitest";
import { diff, mergePatch } from "../../src/protocol/merge.ts";

const PAIRS: [unknown, unknown][] = [
  [{}, { a: 1 }],
  [{ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2 } }],
  [{ a: { b: 1 } }, { a: 2 }],
  [{ a: 1 }, { a: { b: { c: 1 } } }],
  [{ a: [1, 2] }, { a: [1, 2, 3] }],
  [{ a: 1 }, { a: 1 }],
];

describe("merge-patch", () => {
  it.each(PAIRS)("the difference of %j and %j leads from one to the other", (before, after) => {
    expect(mergePatch(before, diff(before, after) ?? {})).toEqual(after);
  });

  it("does not touch its arguments, or any prototype", () => {
    const before = { a: { b: 1 } };
    const result = mergePatch(before, JSON.parse('{"a":{"b":null},"__proto__":{"x":1}}')) as Record<string, unknown>;
    expect(before).toEqual({ a: { b: 1 } });
    expect(Object.keys(result)).toEqual(["a", "__proto__"]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
