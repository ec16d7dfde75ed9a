/** The hub in a world that breaks: many seeds, each with other faults, and what once failed. */
import { SIMULATED } from "./kinds.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Checker } from "./checks/check.ts";
import { commit } from "./commit.ts";
import { digestOf, playScript, playSeed } from "./play.ts";

const SEEDS = 200;
const SEEDS_OVER_MQTT = 60;
const STEPS = 2_000;

describe("the simulator", () => {
  it("[I1-I19] every seed ends without a violation", () => {
    const violations: string[] = [];
    const begun = performance.now();
    let steps = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = playSeed(seed, STEPS, new Checker({ kinds: SIMULATED }).see);
      steps += run.steps;
      expect(run.violation || run.steps >= STEPS, `seed ${seed} is too short`).toBeTruthy();
      if (!run.violation) continue;
      violations.push(
        `SEED=${seed} COMMIT=${commit()}: deno task simulate --seed ${seed} --minimise\n${run.violation.message}`,
      );
    }
    const seconds = (performance.now() - begun) / 1000;
    console.log(
      `simulation: ${SEEDS} seeds, ${steps} steps in ${seconds.toFixed(1)} s, ${Math.round(steps / seconds)} a second`,
    );
    expect(violations.join("\n\n")).toBe("");
  }, 300_000);

  it("[M] nor does one whose machines speak MQTT, cut anyhow", () => {
    const violations: string[] = [];
    // And two that once failed: a full disk took a publish whose error did not name its seq.
    const seeds = [...Array.from({ length: SEEDS_OVER_MQTT }, (_, at) => at + 1), 351, 655];
    for (const seed of seeds) {
      const { violation } = playSeed(seed, STEPS, new Checker({ kinds: SIMULATED }).see, { overMqtt: true });
      if (!violation) continue;
      violations.push(
        `SEED=${seed} COMMIT=${commit()}: deno task simulate --mqtt --seed ${seed} --minimise\n${violation.message}`,
      );
    }
    expect(violations.join("\n\n")).toBe("");
  }, 300_000);

  it("one seed is one run: twice played it leaves the same log, and so does the script of it", () => {
    for (const seed of [1, 2, 3, 20, 300]) {
      const run = playSeed(seed, STEPS, new Checker({ kinds: SIMULATED }).see);
      const again = playSeed(seed, STEPS, new Checker({ kinds: SIMULATED }).see);
      expect(digestOf(again.events)).toBe(digestOf(run.events));
      expect(digestOf(playScript(run.script, new Checker({ kinds: SIMULATED }).see).events)).toBe(digestOf(run.events));
      expect(run.events.length).toBeGreaterThan(100);
    }
  });

  it("no two seeds are one", () => {
    const digests = [1, 2, 3, 4].map((seed) => digestOf(playSeed(seed, 100, () => {}).events));
    expect(new Set(digests).size).toBe(4);
  });
});

describe("what once failed, or might", () => {
  const folder = join(import.meta.dirname!, "scripts");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

  it.each(names)("%s", (name) => {
    const { violation } = playScript(
      JSON.parse(readFileSync(join(folder, name), "utf8")),
      new Checker({ kinds: SIMULATED }).see,
    );
    expect(violation?.message ?? "").toBe("");
  });
});
