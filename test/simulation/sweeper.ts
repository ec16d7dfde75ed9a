/** Plays seeds on a core of its own: each message is a seed, and its answer what became of it. */
import { Checker } from "./checks/check.ts";
import { SIMULATED } from "./kinds.ts";
import { playSeed } from "./play.ts";

export interface Swept {
  seed: number;
  steps: number;
  /** Null where nothing was violated. */
  violation: string | null;
}

export function sweepOne(seed: number, steps: number): Swept {
  const run = playSeed(seed, steps, new Checker({ kinds: SIMULATED }).see);
  return { seed, steps: run.steps, violation: run.violation?.message ?? null };
}

// deno-lint-ignore no-explicit-any
const scope = self as any;
// In the program that starts the sweep this is a module like any other.
if (scope.name === "sweeper") {
  scope.onmessage = ({ data }: { data: { seed: number; steps: number } }) =>
    scope.postMessage(sweepOne(data.seed, data.steps));
}
