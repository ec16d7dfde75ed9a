/** The soak: `deno task soak`, `--minutes 60`, `--devices 500`; `--picture` keeps its curve and figures in `bench`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { forgetFolders } from "../folders.ts";
import { ROOT } from "../harness.ts";
import { findings } from "./judge.ts";
import { picture } from "./picture.ts";
import { figures, mark, markdown, titleOf } from "./report.ts";
import { soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    devices: { type: "string", default: "2000" },
    picture: { type: "boolean", default: false },
  },
});
const plan = { minutes: Number(values.minutes), devices: Number(values.devices) };
if (!(plan.minutes >= 0.5 && Number.isInteger(plan.devices) && plan.devices >= 50)) {
  console.error("At least --minutes 0.5 and --devices 50.");
  process.exit(2);
}
// What was started ends with this process, and its folders with it, also when somebody breaks it off.
Deno.addSignalListener("SIGINT", () => void forgetFolders().finally(() => process.exit(130)));

const begun = new Date();
try {
  const outcome = await soak(plan, (line) => console.log(line));
  const found = findings(outcome);
  console.log(`\n${titleOf(outcome)}`);
  for (const [what, figure] of figures(outcome)) console.log(`      ${what}: ${figure}`);
  for (const finding of found) console.log(mark(finding));
  if (values.picture) {
    writeFileSync(join(ROOT, "bench/soak.svg"), picture(`Signalbox: ${titleOf(outcome)}`, outcome.looks));
    writeFileSync(join(ROOT, "bench/soak.md"), markdown(outcome, found, begun));
  }
  process.exitCode = found.every(({ holds }) => holds) ? 0 : 1;
} finally {
  await forgetFolders();
}
process.exit();
