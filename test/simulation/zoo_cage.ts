/** A process in which mutated hubs live, one after another: each is a copy of the project in a folder of its own. */
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";
import process from "node:process";
import type * as checks from "./checks/check.ts";
import type * as kinds from "./kinds.ts";
import type * as plays from "./play.ts";
import type * as sweeper from "./sweeper.ts";

/** What is asked, a line of JSON each: play these seeds with the code of this folder until something is violated. */
export interface Order {
  folder: string;
  seeds: readonly number[];
  steps: number;
  overMqtt: boolean;
}

/** What it came to. `crashed`: it was not a checker that noticed. */
export interface Report {
  /** How many seeds were played. */
  seeds: number;
  caught: { seed: number; invariant: string; expected: string } | null;
  crashed?: string;
}

async function play({ folder, seeds, steps, overMqtt }: Order): Promise<Report> {
  const load = (path: string) => import(pathToFileURL(`${folder}/test/simulation/${path}`).href);
  let played = 0;
  try {
    const { playSeed }: typeof plays = await load("play.ts");
    const { Checker }: typeof checks = await load("checks/check.ts");
    const { SIMULATED }: typeof kinds = await load("kinds.ts");
    const { worldOf }: typeof sweeper = await load("sweeper.ts");
    for (const seed of seeds) {
      played++;
      const { violation } = playSeed(seed, steps, new Checker({ kinds: SIMULATED }).see, worldOf(overMqtt));
      if (!violation) continue;
      const { invariant, expected } = violation;
      return { seeds: played, caught: { seed, invariant, expected } };
    }
    return { seeds: played, caught: null };
  } catch (error) {
    return {
      seeds: played,
      caught: null,
      crashed: error instanceof Error ? error.stack ?? error.message : String(error),
    };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await play(JSON.parse(line) as Order)));
}
