/** Real-time lanes: a second of frames, as a hand on the stick gives them [L4]. */
import { type Bench, TIME_IS_UP } from "./bench.ts";
import type { CheckName } from "./checks.ts";
import { paramsOf } from "./values.ts";

/** Twenty frames a second, for a second. */
const FRAMES = 20;
const EVERY_MS = 50;
/** [L4] Answers a second. */
const ANSWERS = 5;

export async function tryLanes(bench: Bench): Promise<void> {
  for (const [name, { effect }] of Object.entries(bench.kind.commands)) {
    if (effect === "stream") await tryLane(bench, name, `lane ${name}`);
  }
}

async function tryLane(bench: Bench, name: string, check: CheckName): Promise<void> {
  if (!bench.isDaring) return bench.unseen("it moves something; --danger drives it", check);
  if (bench.left === 0) return bench.unseen(TIME_IS_UP, check);
  const [data] = paramsOf(bench.kind, name);
  const from = bench.transcript.said.length;
  for (let n = 1; n <= FRAMES; n++) {
    bench.side.stream(name, data, n);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await bench.quiet();
  const answers = bench.transcript.frames("streamed", from).filter((frame) => frame.name === name);
  const refused = bench.side.laneRefusal?.();
  if (answers.length === 0 && refused !== undefined) return bench.unseen(refused, check);
  if (answers.length === 0) return bench.silent(check, "no streamed came");
  const ahead = answers.find(({ n }) => n > FRAMES);
  if (ahead) bench.findings.red(check, `it acted on ${ahead.n}, which was never sent`);
  if (answers.length < ANSWERS) bench.findings.red(check, `${answers.length} answers to a second of frames`);
  bench.findings.green(check, `${answers.length} answers to a second of frames`);
}
