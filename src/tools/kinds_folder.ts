/** The folder of kinds and its list, `mod.ts`, which is written from the files beside it and never by hand. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KIND_NAME } from "../kind/kind.ts";

export const DEVICES = fileURLToPath(new URL("../../devices/", import.meta.url));

/** The kinds by the names of their files; `mod.ts` is the list itself. */
export const kindsIn = (folder: string): string[] =>
  readdirSync(folder).filter((file) => file.endsWith(".ts") && file !== "mod.ts").map((file) => file.slice(0, -3))
    .filter((name) => KIND_NAME.test(name)).toSorted();

/** Writes the list where it is not right; true when it was not. */
export function writeList(folder: string): boolean {
  const path = join(folder, "mod.ts");
  const text = listOf(kindsIn(folder));
  if (readFileSync(path, "utf8") === text) return false;
  writeFileSync(path, text);
  return true;
}

/** What `mod.ts` is for these kinds, as the formatter would have it. */
export function listOf(names: readonly string[]): string {
  const imports = names.map((name) => `import ${variableOf(name)} from "./${name}.ts";`);
  return [...HEAD, ...imports, "", constant(names.map(variableOf)), ""].join("\n");
}

const HEAD = ["/** Every kind that this hub knows. */", 'import type { AnyKind } from "../src/kind/kind.ts";'];
const WIDTH = 120;

function constant(variables: string[]): string {
  const start = "export const KINDS: readonly AnyKind[] = [";
  const line = `${start}${variables.join(", ")}];`;
  return line.length <= WIDTH ? line : `${start}\n${variables.map((name) => `  ${name},\n`).join("")}];`;
}

/** Words that name no variable, of those that could name a kind. */
const RESERVED =
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield"
    .split(" ");

/** `env-sensor` → `envSensor`. */
export function variableOf(name: string): string {
  const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return RESERVED.includes(camel) ? `${camel}Kind` : camel;
}
