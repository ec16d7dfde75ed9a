/** A boat's log that somebody else recorded: taken out of the package that it comes with, and kept for the next run. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { TestContext } from "vitest";
import { ROOT } from "../runtime/launch.ts";

/** Its server needs hundreds of other packages to be installed, and none to be read. */
const PACKAGE = "signalk-server@2.32.0";
const WITHIN = "package/samples/plaka.log";
const SHA256 = "c79c2365ece431cb0bf0fa0f60c0a74c6472edfec49cd4baabadf7ac04eac8fe";

const FOLDER = join(ROOT, "node_modules/.cache/signalbox");
const LOG = join(FOLDER, "plaka.log");

let log: string | null | undefined;

/** The log's text; where it cannot be had the test is skipped, and the run says why. */
export function plakaLog({ skip }: TestContext): string {
  if (log === undefined) log = stored() ?? unpacked();
  return log ?? skip(`${PACKAGE}, which has a recorded voyage in it, could not be had`);
}

function stored(file = LOG): string | null {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  return createHash("sha256").update(bytes).digest("hex") === SHA256 ? bytes.toString("latin1") : null;
}

function unpacked(): string | null {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "pack-"));
  const run = (command: string, ...args: string[]) => {
    const { status, stdout } = spawnSync(command, args, { cwd: folder, encoding: "utf8", timeout: 60_000, env: ONCE });
    return status === 0 ? stdout.trim() : null;
  };
  try {
    const archive = run("npm", "pack", PACKAGE, "--silent");
    if (archive === null || run("tar", "-xzf", archive, WITHIN) === null) return null;
    const text = stored(join(folder, WITHIN));
    // Another run may have had the same thought.
    if (text !== null) renameSync(join(folder, WITHIN), LOG);
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Who has no network shall hear so at once. */
const ONCE = { ...process.env, npm_config_fetch_retries: "0", npm_config_fetch_timeout: "30000" };
