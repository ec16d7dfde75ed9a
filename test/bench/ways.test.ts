/** What the bench knows of the samples that it sent: which device is next, what it said last, how long that took. */
import { describe, expect, it } from "vitest";
import { Delays } from "../../bench/ways/delays.ts";
import { sampleOf, Turns, valueOf } from "../../bench/ways/way.ts";

describe("the bench's samples", () => {
  it("go round all devices, and what each sent last is known", () => {
    const turns = new Turns(3);
    expect([turns.by(0), turns.last(0)]).toEqual([0, undefined]);
    const sent = Array.from({ length: 8 }, () => turns.next());
    expect(sent.map(({ device }) => device)).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
    expect([0, 1, 2].map((device) => turns.by(device))).toEqual([3, 3, 2]);
    for (const device of [0, 1, 2]) {
      const last = sent.findLast((one) => one.device === device)!;
      expect(turns.last(device)).toBe(valueOf(last.n));
      expect(JSON.parse(sampleOf(last.n)).data.temperature).toBe(valueOf(last.n));
    }
  });

  it("count as arrived with the newest that is shown, also when their values begin anew", () => {
    const delays = new Delays(2);
    for (let n = 997; n < 1_003; n++) delays.sent(0, n);
    delays.shown(0, 999);
    expect(delays.taken.length).toBe(3);
    delays.shown(0, 999);
    expect(delays.taken.length).toBe(3);
    delays.shown(0, 1);
    expect(delays.taken.length).toBe(5);
    delays.sent(1, 5);
    delays.arrived(1);
    expect(delays.taken.length).toBe(6);
    // Nobody looked at what came in between.
    delays.shown(0, 2);
    delays.sent(0, 2_500);
    delays.shown(0, 500);
    expect(delays.taken.length).toBe(8);
    expect(delays.taken.every((ms) => ms >= 0)).toBe(true);
  });
});
