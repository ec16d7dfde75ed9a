/**
 * Plays seeds or a script by hand: `deno task simulate --seed 123`, `--seeds 2000`, `--script FILE`, `--log`,
 * `--until-caught` for a hub that is meant to fail. Exits with 1 where something was violated.
 */
import { SIMULATED } from "./kinds.ts";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Checker } from "./checks/check.ts";
import { commit } from "./commit.ts";
import { minimise } from "./minimise.ts";
import { digestOf, type Played, playScript, playSeed } from "./play.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "300" },
    from: { type: "string", default: "1" },
    steps: { type: "string", default: "2000" },
    script: { type: "string" },
    log: { type: "boolean", default: false },
    "until-caught": { type: "boolean", default: false },
    minimise: { type: "boolean", default: false },
  },
});
const steps = Number(values.steps);

if (values.script !== undefined) {
  end(tell(playScript(JSON.parse(readFileSync(values.script, "utf8")), new Checker({ kinds: SIMULATED }).see)));
} else if (values.seed !== undefined) {
  end(tell(playSeed(Number(values.seed), steps, new Checker({ kinds: SIMULATED }).see), Number(values.seed)));
} else sweep(Number(values.from), Number(values.seeds));

function sweep(from: number, seeds: number): void {
  const begun = performance.now();
  let played = 0, made = 0, isSound = true;
  for (let seed = from; seed < from + seeds; seed++) {
    const run = playSeed(seed, steps, new Checker({ kinds: SIMULATED }).see);
    played += 1;
    made += run.steps;
    if (!run.violation) continue;
    isSound = false;
    tell(run, seed);
    if (values["until-caught"]) {
      console.log(`caught after ${played} seeds`);
      break;
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${played} seeds, ${made} steps in ${seconds.toFixed(1)} s: ${Math.round(made / seconds)} steps a second`,
  );
  end(isSound);
}

/** True where nothing was violated. */
function tell(run: Played, seed?: number): boolean {
  if (values.log) { for (const event of run.events) console.log(JSON.stringify(event)); }
  if (run.violation) {
    if (seed !== undefined) console.error(`SEED=${seed} COMMIT=${commit()}: deno task simulate --seed ${seed}`);
    console.error(`violation ${run.violation.message}`);
    if (values.minimise) console.error(JSON.stringify(minimise(run.script, run.violation)));
  } else if (!values.log && (values.seed !== undefined || values.script !== undefined)) {
    console.log(`${run.steps} steps, ${run.events.length} events, ${digestOf(run.events)}`);
  }
  return !run.violation;
}

function end(isSound: boolean): void {
  if (!isSound) Deno.exitCode = 1;
}
