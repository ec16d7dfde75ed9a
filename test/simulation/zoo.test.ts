/** The simulator has teeth: each planted fault is caught, soon, and by what should notice it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZOO } from "./zoo.ts";
import type { Report } from "./zoo_cage.ts";
import { Cage, copy, mutate } from "./zoo_keeper.ts";

/** One for each core that the tests may have. */
const CAGES = 2;
const PATIENCE = 900_000;

const reports = new Map<string, Report | Error>();
let sound: Report;

describe("the bug zoo", () => {
  beforeAll(async () => {
    const cages = Array.from({ length: CAGES }, () => new Cage());
    const waiting = [...ZOO];
    await Promise.all(cages.map(async (cage) => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
        try {
          reports.set(fault.name, await cage.play(mutate(fault), fault.within));
        } catch (error) {
          reports.set(fault.name, error as Error);
        }
      }
    }));
    const most = Math.max(...[...reports.values()].map((report) => "seeds" in report ? report.seeds : 0));
    sound = await cages[0].play(copy("unchanged"), most);
    for (const cage of cages) cage.close();
  }, PATIENCE);

  it.each(ZOO)("$name", ({ name, invariants, within }) => {
    const report = reports.get(name)!;
    if (report instanceof Error) throw report;
    expect(report.crashed ?? "").toBe("");
    expect(report.caught, `nothing noticed it within ${within} seeds`).not.toBeNull();
    expect(invariants, report.caught!.expected).toContain(report.caught!.invariant);
  });

  it("what nobody changed passes the seeds that these were caught with", () => {
    expect(sound).toStrictEqual({ seeds: sound.seeds, caught: null });
    expect(sound.seeds).toBeGreaterThan(10);
  });

  it("has faults of every sort, each with a name of its own", () => {
    expect(new Set(ZOO.map(({ name }) => name)).size).toBe(ZOO.length);
    expect(new Set(ZOO.flatMap(({ invariants }) => invariants)).size).toBeGreaterThanOrEqual(20);
  });

  afterAll(() => {
    const lines = ZOO.map(({ name, within }) => {
      const report = reports.get(name);
      const [seeds, invariant] = report && "seeds" in report
        ? [report.seeds, report.caught?.invariant ?? "not caught"]
        : ["-", "not planted"];
      return `  ${String(seeds).padStart(4)} of ${String(within).padStart(3)}  ${invariant.padEnd(4)} ${name}`;
    });
    console.log(`zoo: seeds until caught, of how many at most, by what\n${lines.join("\n")}`);
  });
});
