/** What takes too long for every test run: `deno task nightly`. Each night other numbers; a failure names its seed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { DENO } from "./support/process.ts";

interface Long {
  what: string;
  /** A task of deno.json, with its arguments. */
  task: string[];
  settings?: Record<string, string>;
}

const SEED = process.env.SEED ?? String(Math.floor(Date.now() / 86_400_000));

/** Each night's are others, and none that every run plays. */
const FROM = String(1_000_000 + Number(SEED) % 500_000 * 5_000);

const LONGS: readonly Long[] = [
  { what: "5,000 seeds", task: ["simulate", "--from", FROM, "--seeds", "5000"] },
  { what: "1,000 seeds over MQTT", task: ["simulate", "--mqtt", "--from", FROM, "--seeds", "1000"] },
  {
    what: "200 kills",
    task: ["vitest", "run", "test/kill", "test/workerd/kill.test.ts"],
    settings: { KILLS: "200" },
  },
  {
    what: "three days of a thousand devices in an object",
    task: ["vitest", "run", "--project", "workerd", "test/workerd/budget.test.ts"],
    settings: { DAYS: "3" },
  },
  {
    what: "every model of Zigbee2MQTT",
    task: ["vitest", "run", "test/foreign/import.test.ts", "test/foreign/discovery.test.ts"],
    settings: { MODELS: "all" },
  },
  { what: "axe on every screen", task: ["axe"] },
  { what: "ten minutes of a restless fleet", task: ["soak", "--minutes", "10"] },
];

async function run({ what, task, settings = {} }: Long): Promise<boolean> {
  console.log(`\n${what}, SEED=${SEED} ${Object.entries(settings).map((pair) => pair.join("=")).join(" ")}`);
  const child = spawn(DENO, ["task", ...task], {
    stdio: "inherit",
    env: { ...process.env, SEED, ...settings },
  });
  const [code] = await once(child, "exit");
  return code === 0;
}

const failed: string[] = [];
for (const long of LONGS) if (!await run(long)) failed.push(long.what);
console.log(failed.length === 0 ? "\nthe night was quiet" : `\nfailed: ${failed.join(", ")}; SEED=${SEED}`);
process.exit(failed.length === 0 ? 0 : 1);
