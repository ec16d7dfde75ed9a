/** A list that stays sorted [O11], against one that is sorted anew each time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ranking } from "../../src/hub/watching/ranking.ts";
import { orderOf, type SortKey } from "../../src/hub/watching/sort.ts";

interface Item {
  id: string;
  key: SortKey;
}

const key = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom("a", "b", "", null), fc.double({ noNaN: true }));

/** As one would say it, without a thought of speed. */
function sorted(items: Iterable<Item>, isDescending: boolean): string[] {
  const sign = isDescending ? -1 : 1;
  const rank = (key: SortKey) => key === null ? 2 * sign : typeof key === "string" ? 1 : 0;
  return [...items].sort((one, other) =>
    sign * (rank(one.key) - rank(other.key)) ||
    (one.key === other.key ? one.id < other.id ? -1 : 1 : sign * (one.key! < other.key! ? -1 : 1))
  ).map(({ id }) => id);
}

describe("a ranking", () => {
  it("[O11] is what sorting anew would give, whatever comes, moves and goes, in many blocks", () => {
    const moves = fc.array(fc.record({ id: fc.nat(1_500), key: fc.option(key, { nil: undefined }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.nat(1_400), fc.array(key, { minLength: 1 }), moves, fc.boolean(), (size, keys, moves, down) => {
        const first = Array.from({ length: size }, (_, at): Item => ({ id: `d${at}`, key: keys[at % keys.length] }));
        const members = new Map(first.map((item) => [item.id, item]));
        const ranking = new Ranking<Item>(orderOf(down ? "-power" : "power"), first);
        for (const { id, key } of moves) {
          const before = members.get(`d${id}`);
          if (before) ranking.remove(before);
          members.delete(`d${id}`);
          if (key === undefined) continue;
          const item = { id: `d${id}`, key };
          members.set(item.id, item);
          ranking.add(item);
        }
        const all = sorted(members.values(), down);
        expect(ranking.size).toBe(all.length);
        expect(ranking.slice(0, 2_000).map(({ id }) => id)).toEqual(all);
        expect(ranking.slice(700, 50).map(({ id }) => id)).toEqual(all.slice(700, 750));
      }),
      { numRuns: 60 },
    );
  });

  it("splits what grows, and goes on when it was empty", () => {
    const ranking = new Ranking<number>((one, other) => one < other);
    const numbers = Array.from({ length: 3_000 }, (_, at) => at * 7_919 % 3_001);
    for (const one of numbers) ranking.add(one);
    expect(ranking.slice(0, 3_000)).toEqual([...numbers].sort((one, other) => one - other));
    for (const one of numbers) ranking.remove(one);
    expect([ranking.size, ranking.slice(0, 10)]).toEqual([0, []]);
    ranking.add(4);
    expect(ranking.slice(0, 10)).toEqual([4]);
  });
});
