import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DEVICES = fileURLToPath(new URL("../../devices", import.meta.url));

/** The files that each are a kind: what a sweep must have seen, whatever `devices/mod.ts` says. */
export const kindFiles = (): string[] =>
  readdirSync(DEVICES).filter((name) => name.endsWith(".ts") && name !== "mod.ts");
