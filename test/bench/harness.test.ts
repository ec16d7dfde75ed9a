/** What the bench's figures rest on; that anything is fast is asserted nowhere. */
import process from "node:process";
import { describe, expect, it } from "vitest";
import { cpuClockOf, cpuOf } from "../../bench/cpu_clock.ts";
import { alternate, beside, each, expectAll, Lost, median, pace, quantile, until } from "../../bench/harness.ts";

describe("the bench's harness", () => {
  it("takes the median of the ratios of runs side by side, not the ratio of the medians", async () => {
    const order: string[] = [];
    const side = (name: string, figures: number[]) => () => {
      order.push(name);
      return Promise.resolve({ cost: figures.shift()! });
    };
    const { cost } = await alternate(3, side("ours", [10, 30, 20]), side("theirs", [10, 10, 40]));
    expect(cost).toEqual({ ours: 20, yardstick: 10, ratio: 1 });
    expect(order).toEqual(["ours", "theirs", "theirs", "ours", "ours", "theirs"]);
  });

  it("compares each yardstick with our runs of the same rounds only", async () => {
    const order: string[] = [];
    const side = (name: string, figures: number[]) => () => {
      order.push(name);
      return Promise.resolve({ cost: figures.shift()! });
    };
    const { once, always } = await beside(side("ours", [8, 20, 2]), {
      once: { side: side("once", [4]), runs: 1 },
      always: { side: side("always", [8, 10, 2]), runs: 3 },
    });
    expect([once.cost, always.cost]).toEqual([
      { ours: 8, yardstick: 4, ratio: 2 },
      { ours: 8, yardstick: 8, ratio: 1 },
    ]);
    expect(order).toEqual(["ours", "once", "always", "always", "ours", "ours", "always"]);
  });

  it("reads the CPU time of a process as the operating system counts it", () => {
    const clock = cpuClockOf(process.pid);
    const [before, exact, after] = [cpuOf(process.pid), clock(), cpuOf(process.pid)];
    // Two counters of hundredths of a second, both rounded down.
    expect(exact).toBeGreaterThanOrEqual(before);
    expect(exact).toBeLessThan(after + 20);
    expect(() => cpuClockOf(2 ** 22 + 1)()).toThrow();
  });

  it("knows the middle and the tail", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 4, 100])).toBe(7);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([3], 0.99)]).toEqual([51, 100, 3]);
  });

  it("sends as much as it was told, each once, and stops where sending fails", async () => {
    const sent: number[] = [];
    expect(await pace(500, 0.1, (index) => sent.push(index))).toBe(50);
    expect(sent).toEqual(Array.from({ length: 50 }, (_, index) => index));
    await expect(pace(500, 0.1, () => {
      throw new Error("gone");
    })).rejects.toThrow("gone");
  });

  it("has as many at work as it was told, and results in their order", async () => {
    let working = 0, most = 0;
    const results = await each([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++working);
      await Promise.resolve();
      working -= 1;
      return item * item;
    });
    expect([results, most]).toEqual([[1, 4, 9, 16, 25], 2]);
  });

  it("is no result where something is missing, or came twice", async () => {
    expectAll("samples", 7, 7);
    expect(() => expectAll("samples", 6, 7)).toThrow(new Lost("samples: 6 of 7"));
    expect(() => expectAll("samples", 8, 7)).toThrow(Lost);
    await expect(until("all is there", () => false, 0.02)).rejects.toThrow(Lost);
  });
});
