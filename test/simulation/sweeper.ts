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

interface Asked {
  seed: number;
  steps: number;
  /** The machines speak MQTT. */
  mqtt: boolean;
}

export const worldOf = (mqtt: boolean) => mqtt ? { overMqtt: true as const } : {};

export function sweepOne({ seed, steps, mqtt }: Asked): Swept {
  const run = playSeed(seed, steps, new Checker({ kinds: SIMULATED }).see, worldOf(mqtt));
  return { seed, steps: run.steps, violation: run.violation?.message ?? null };
}

// deno-lint-ignore no-explicit-any
const scope = self as any;
// In the program that starts the sweep this is a module like any other.
if (scope.name === "sweeper") {
  scope.onmessage = ({ data }: { data: Asked }) => scope.postMessage(sweepOne(data));
}
