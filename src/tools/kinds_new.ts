/** `deno task kinds:new <name>`: a kind to begin with, that works as it stands. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KIND_NAME } from "../kind/kind.ts";
import { DEVICES, writeList } from "./kinds_folder.ts";
import { Misuse, run } from "./run.ts";

const USAGE = "Name the new kind: deno task kinds:new greenhouse.";

function main([name, ...more]: string[]): number {
  if (name === undefined || more.length > 0) throw new Misuse(USAGE);
  if (!KIND_NAME.test(name) || name === "mod") {
    throw new Misuse(`${name} cannot name a kind: a name is lower-case words joined by -, such as env-sensor.`);
  }
  const path = join(DEVICES, `${name}.ts`);
  if (existsSync(path)) throw new Misuse(`There is a kind ${name} already: devices/${name}.ts is left as it is.`);
  writeFileSync(path, starter(name));
  writeList(DEVICES);
  console.log(`devices/${name}.ts is a kind, and devices/mod.ts names it. Make it yours, then start the hub.`);
  return 0;
}

/** `grow-tent` → `Grow tent`. */
const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");

/** The starter as a file in devices/, under another name. */
function starter(name: string): string {
  const text = readFileSync(new URL("starter.ts", import.meta.url), "utf8");
  return text.replaceAll("greenhouse", name).replaceAll("Greenhouse", titleOf(name)).replaceAll(
    "../kind/",
    "../src/kind/",
  );
}

if (import.meta.main) await run(() => main(Deno.args));
