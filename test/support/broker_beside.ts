/** A broker beside the tests that run in workerd: its address is among their settings. */
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { DENO, start } from "./process.ts";

declare module "vitest" {
  export interface ProvidedContext {
    broker: string;
  }
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** In a process of its own: here its packages would be those for browsers. */
export default async function ({ provide }: TestProject): Promise<() => Promise<unknown>> {
  const child = start(DENO, ["run", "-A", "test/support/aedes_process.ts"], { cwd: ROOT });
  const [url] = await child.printed(/ws:\S+/);
  provide("broker", url);
  return () => child.kill();
}
