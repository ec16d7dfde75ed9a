import { describe, expect, it } from "vitest";
import { Deadlines } from "../../src/hub/deadlines.ts";

describe("deadlines", () => {
  it("gives back what is due, earliest first, whatever the order of adding", () => {
    const deadlines = new Deadlines();
    const times = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1_009);
    for (const at of times) deadlines.add(at, String(at));
    const due: number[] = [];
    for (let id = deadlines.due(600); id !== undefined; id = deadlines.due(600)) due.push(Number(id));
    expect(due).toEqual(times.filter((at) => at <= 600).sort((one, other) => one - other));
    expect(deadlines.next).toBe(Math.min(...times.filter((at) => at > 600)));
  });

  it("has nothing when nothing was added", () => {
    expect([new Deadlines().next, new Deadlines().due(Infinity)]).toEqual([null, undefined]);
  });
});
