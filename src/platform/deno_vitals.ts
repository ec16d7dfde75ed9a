/** What a Deno process knows of itself and of its data's disk. */
import { statfsSync } from "node:fs";
import process from "node:process";
import type { Vitals } from "../hub/metrics/vitals.ts";

export const vitalsOf = (folder: string) => (): Vitals => {
  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    runtime: `deno ${Deno.version.deno}`,
    startedAt: performance.timeOrigin,
    cpu: (user + system) / 1_000_000,
    resident: rss,
    heap: heapUsed,
    ...freeIn(folder),
  };
};

/** A folder that is gone, or a file system that does not tell, is no reason to say nothing at all. */
function freeIn(folder: string): { free?: number } {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return { free: bavail * bsize };
  } catch {
    return {};
  }
}
