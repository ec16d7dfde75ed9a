/** The simulator has teeth: each planted fault is caught, soon, and by what should notice it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZOO } from "./zoo.ts";
import type { Report } from "./zoo_cage.ts";
import { Cage, copy, mutate, seedsFor } from "./zoo_keeper.ts";

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
          reports.set(fault.name, await cage.play(mutate(fault), seedsFor(fault), fault.overMqtt));
        } catch (error) {
          reports.set(fault.name, error as Error);
        }
      }
    }));
    const caught = new Set(
      [...reports.values()].flatMap((report) => "caught" in report ? report.caught?.seed ?? [] : []),
    );
    sound = await cages[0].play(copy("unchanged"), [...caught].toSorted((a, b) => a - b));
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
    const lines = ZOO.map(({ name, within, caughtBy }) => {
      const report = reports.get(name);
      const caught = report && "caught" in report ? report.caught : undefined;
      const [seed, invariant] = caught
        ? [caught.seed, caught.invariant]
        : ["-", caught === null ? "not caught" : "not planted"];
      const isOther = caught && seed !== caughtBy ? ", which may stand in `caughtBy`" : "";
      return `  ${String(seed).padStart(4)} of ${String(within).padStart(3)}  ${invariant.padEnd(4)} ${name}${isOther}`;
    });
    console.log(`zoo: the seed that caught it, of how many at most, by what\n${lines.join("\n")}`);
  });
});
