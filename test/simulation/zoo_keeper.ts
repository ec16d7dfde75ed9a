/** Makes a copy of the hub with one line changed, and has it played in a cage until it is caught. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { DENO } from "../support/process.ts";
import type { Fault } from "./zoo.ts";
import type { Order, Report } from "./zoo_cage.ts";

const ROOT = join(import.meta.dirname!, "../..");
/** Inside the project, so that packages are found; always the same places, so that what is transpiled is found again. */
const ZOO = join(ROOT, "dist/zoo");
/** What the simulator stands on. */
const NEEDED = [
  "src/hub",
  "src/protocol",
  "src/kind",
  "src/mqtt",
  "src/store",
  "src/history",
  "src/platform",
  "test/simulation",
  "test/support",
];
/** A hub that goes in circles is caught too, but not by a checker. */
const PATIENCE = 300_000;
const STEPS = 2_000;

/** The folder of the copy; a sentence where the change does not fit the code any more. */
export function mutate({ name, file, line, becomes }: Pick<Fault, "name" | "file" | "line" | "becomes">): string {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = text.split(line).length - 1;
  if (found !== 1) throw new Error(`zoo: ${name}: its line is ${found} times in ${file}; plant it anew: ${line}`);
  const folder = copy(name);
  writeFileSync(join(folder, file), text.replace(line, () => becomes));
  return folder;
}

export function copy(name: string): string {
  const folder = join(ZOO, name.replaceAll(/\W+/g, "-"));
  rmSync(folder, { recursive: true, force: true });
  for (const path of NEEDED) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path), { recursive: true, filter: (from) => !from.endsWith(".test.ts") });
  }
  return folder;
}

/** All from 1 on, though the one that caught it before comes first: whichever it is, it is one of them. */
export function seedsFor({ within, caughtBy }: Pick<Fault, "within" | "caughtBy">): number[] {
  const all = Array.from({ length: within }, (_, at) => at + 1);
  return [...new Set([...all.filter((seed) => seed === caughtBy), ...all])];
}

/** One process for many orders, one at a time; a new one where the last did not come back. */
export class Cage {
  #child: ChildProcess | null = null;
  #lines: AsyncIterator<string> | null = null;

  async play(folder: string, seeds: readonly number[], overMqtt = false): Promise<Report> {
    const child = this.#child ??= this.#open();
    child.stdin!.write(`${JSON.stringify({ folder, seeds, steps: STEPS, overMqtt } satisfies Order)}\n`);
    const timer = setTimeout(() => this.close(), PATIENCE);
    const line = await this.#lines!.next();
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
    if (!line.done) return JSON.parse(line.value);
    this.close();
    return { seeds: 0, caught: null, crashed: "it did not come to an end, or took its process with it" };
  }

  close(): void {
    const child = this.#child;
    this.#child = null;
    // Not by the child's own `kill`: Deno would report that signal as its end, however the process ended.
    if (child?.pid !== undefined && child.exitCode === null) process.kill(child.pid, "SIGKILL");
  }

  #open(): ChildProcess {
    const child = spawn(DENO, [
      "run",
      "--no-check",
      "--allow-read",
      "--allow-env",
      join(import.meta.dirname!, "zoo_cage.ts"),
    ], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return child;
  }
}
