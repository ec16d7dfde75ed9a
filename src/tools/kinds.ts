/** `deno task kinds`: writes devices/mod.ts from the files in devices/. */
import { DEVICES, kindsIn, writeList } from "./kinds_folder.ts";
import { run } from "./run.ts";

function main(): number {
  const isChanged = writeList(DEVICES);
  console.log(`devices/mod.ts ${isChanged ? "now lists" : "already listed"} ${kindsIn(DEVICES).join(", ")}.`);
  return 0;
}

if (import.meta.main) await run(main);
