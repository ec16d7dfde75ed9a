/**
 * Plays seeds or a script by hand: `deno task simulate --seed 123`, `--seeds 2000`, `--script FILE`, `--log`,
 * `--until-caught` for a hub that is meant to fail, `--mqtt` for machines that speak that. Exits with 1 where something was violated.
 */
import { SIMULATED } from "./kinds.ts";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Checker } from "./checks/check.ts";
import { commit } from "./commit.ts";
import { minimise } from "./minimise.ts";
import { digestOf, type Played, playScript, playSeed } from "./play.ts";
import { sweepOne, type Swept, worldOf } from "./sweeper.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "300" },
    from: { type: "string", default: "1" },
    steps: { type: "string", default: "2000" },
    script: { type: "string" },
    log: { type: "boolean", default: false },
    "until-caught": { type: "boolean", default: false },
    workers: { type: "string" },
    minimise: { type: "boolean", default: false },
    mqtt: { type: "boolean", default: false },
  },
});
const steps = Number(values.steps);
const { mqtt } = values;
/** Who looks for the first failure takes the seeds in their order. */
const workers = Number(values.workers ?? (values["until-caught"] ? 1 : 2));

if (values.script !== undefined) {
  end(tell(playScript(JSON.parse(readFileSync(values.script, "utf8")), new Checker({ kinds: SIMULATED }).see)));
} else if (values.seed !== undefined) {
  const run = playSeed(Number(values.seed), steps, new Checker({ kinds: SIMULATED }).see, worldOf(mqtt));
  end(tell(run, Number(values.seed)));
} else await sweep(Number(values.from), Number(values.seeds));

async function sweep(from: number, seeds: number): Promise<void> {
  const begun = performance.now();
  let next = from, played = 0, made = 0, isSound = true, isCaught = false;
  const take = () => next < from + seeds && !isCaught ? next++ : null;
  const swept = ({ seed, steps, violation }: Swept) => {
    played += 1;
    made += steps;
    if (violation === null) return;
    isSound = false;
    isCaught = values["until-caught"];
    say(seed, violation);
  };
  if (workers > 1) await Promise.all(Array.from({ length: workers }, () => onOneCore(take, swept)));
  else for (let seed = take(); seed !== null; seed = take()) swept(sweepOne({ seed, steps, mqtt }));
  const seconds = (performance.now() - begun) / 1000;
  if (isCaught) console.log(`caught after ${played} seeds`);
  console.log(
    `${played} seeds, ${made} steps in ${seconds.toFixed(1)} s: ${Math.round(made / seconds)} steps a second`,
  );
  end(isSound);
}

/** One seed after the other, until there are none. */
function onOneCore(take: () => number | null, swept: (swept: Swept) => void): Promise<void> {
  const worker = new Worker(import.meta.resolve("./sweeper.ts"), { type: "module", name: "sweeper" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const go = () => {
    const seed = take();
    if (seed === null) return resolve();
    worker.postMessage({ seed, steps, mqtt });
  };
  worker.onmessage = ({ data }) => {
    swept(data);
    go();
  };
  worker.onerror = (event) => reject(event.error ?? new Error(event.message));
  go();
  return promise.finally(() => worker.terminate());
}

function say(seed: number, violation: string): void {
  console.error(`SEED=${seed} COMMIT=${commit()}: deno task simulate --seed ${seed}${mqtt ? " --mqtt" : ""}`);
  console.error(`violation ${violation}`);
}

/** True where nothing was violated. */
function tell(run: Played, seed?: number): boolean {
  if (values.log) { for (const event of run.events) console.log(JSON.stringify(event)); }
  if (run.violation) {
    if (seed !== undefined) say(seed, run.violation.message);
    else console.error(`violation ${run.violation.message}`);
    if (values.minimise) console.error(JSON.stringify(minimise(run.script, run.violation)));
  } else if (!values.log && (values.seed !== undefined || values.script !== undefined)) {
    console.log(`${run.steps} steps, ${run.events.length} events, ${digestOf(run.events)}`);
  }
  return !run.violation;
}

function end(isSound: boolean): void {
  if (!isSound) Deno.exitCode = 1;
}
