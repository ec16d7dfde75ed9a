/** The bench: `deno task bench`, or some of its rows; `--short` to try it, `--save` to keep the figures, `--kept` to see them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { forgetFolders } from "./folders.ts";
import { type Line, Lost, type Plan, ROOT } from "./harness.ts";
import { conditions, newest, table } from "./report.ts";
import { bridge } from "./rows/bridge.ts";
import { command } from "./rows/command.ts";
import { connect } from "./rows/connect.ts";
import { core } from "./rows/core.ts";
import { growth } from "./rows/growth.ts";
import { idle, memory } from "./rows/idle.ts";
import { mqtt } from "./rows/mqtt.ts";
import { panel } from "./rows/panel.ts";
import { storm } from "./rows/storm.ts";
import { telemetry } from "./rows/telemetry.ts";
import { views } from "./rows/views.ts";
import { watcher } from "./rows/watcher.ts";
import { workerd } from "./rows/workerd.ts";

const ROWS: Record<string, (plan: Plan) => Promise<Line[]>> = {
  telemetry,
  core,
  views,
  memory,
  connect,
  command,
  idle,
  workerd,
  storm,
  growth,
  watcher,
  mqtt,
  bridge,
  panel,
};
const RESULTS = join(ROOT, "bench/results");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    kept: { type: "boolean", default: false },
  },
});
if (values.kept) {
  console.log(table(newest(keptResults())));
  process.exit(0);
}
const unknown = positionals.find((name) => !Object.hasOwn(ROWS, name));
if (unknown !== undefined) {
  console.error(`There is no row ${unknown}: ${Object.keys(ROWS).join(", ")}.`);
  process.exit(2);
}
const plan: Plan = {
  ...(values.short ? { runs: 2, seconds: 2, warmUp: 1 } : { runs: 5, seconds: 10, warmUp: 5 }),
  profiles: values.profile ? RESULTS : null,
};
// What was started ends with this process, and its folders with it, also when somebody breaks it off.
Deno.addSignalListener("SIGINT", () => void forgetFolders().finally(() => process.exit(130)));

const begun = conditions(plan);
const lines: Line[] = [];
const failed: string[] = [];
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(ROWS)) {
    const began = performance.now();
    try {
      lines.push(...await ROWS[name](plan));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      failed.push(`${name}: no result, since something was lost. ${error.message}`);
    }
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
} finally {
  await forgetFolders();
}
console.log(table(lines));
console.log(`${begun}\n${failed.join("\n")}`);
if (values.save) {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, JSON.stringify({ conditions: begun, lines, failed }, null, 2) + "\n");
  console.log(`Kept in ${file}`);
}
process.exit(failed.length > 0 ? 1 : 0);

/** Their names begin with their time. */
function keptResults(): { lines: Line[] }[] {
  const files = readdirSync(RESULTS).filter((name) => name.endsWith(".json")).sort();
  return files.map((name) => JSON.parse(readFileSync(join(RESULTS, name), "utf8")));
}
