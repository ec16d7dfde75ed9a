/** `deno task kinds:import`: a kind's file of somebody else's model, or why not. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { KIND_NAME } from "../../kind/kind.ts";
import { kindDocument } from "../../kind/schema.ts";
import { DEVICES, writeList } from "../kinds_folder.ts";
import { argsOf, Misuse, run } from "../run.ts";
import type { Draft } from "./draft.ts";
import { kindFrom } from "./kind_from.ts";
import { fileModels, type Models, packageModels } from "./models.ts";
import { figuresOf, type Model, reportOf } from "./report.ts";
import { sourceOf } from "./source.ts";

const USAGE = `A kind of a W3C Thing Description or Thing Model, or of what a Zigbee2MQTT device exposes.

  deno task kinds:import <file or folder>
  deno task kinds:import --zigbee <folder> --model E1743

  <file>      JSON: a Thing, an entry of Zigbee2MQTT's bridge/devices, or that whole list
  --zigbee    where the npm package zigbee-herdsman-converters is installed
  --model     which one, where there are several
  --all       all of them
  --name      the kind's name, such as hall-lamp
  --out       the file to write (default devices/<name>.ts); with --all a folder
  --json      prints the kind's document and writes nothing
  --report    how many import, and why others do not; writes nothing
  --help      this text

It never writes over a file.`;

const OPTIONS = {
  zigbee: { type: "string" },
  model: { type: "string" },
  all: { type: "boolean", default: false },
  name: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
  report: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Wanted = ReturnType<typeof parsed>["values"];

export async function importKinds(args: string[], say: (line: string) => void = console.log): Promise<number> {
  const { values, positionals } = parsed(args);
  if (values.help) say(USAGE);
  if (values.help) return 0;
  const { title, models } = read(values, positionals);
  const chosen = values.model === undefined ? models : models.filter(({ label }) => label === values.model);
  if (chosen.length === 0) throw new Misuse(`${title} has no model ${values.model ?? ""}`.trim() + ".");
  if (values.report) {
    const figures = await figuresOf(chosen);
    say(reportOf(title, figures));
    return figures.broken.length === 0 ? 0 : 1;
  }
  if (values.all) return chosen.map((model) => tell(model, values, say)).includes(0) ? 0 : 1;
  if (chosen.length > 1) throw new Misuse(`${title} has ${chosen.length} models: choose one with --model, or --all.`);
  return tell(chosen[0], values, say);
}

const parsed = (args: string[]) => argsOf({ args, options: OPTIONS, allowPositionals: true });

function read({ zigbee, name, all, out, json, report }: Wanted, positionals: string[]): Models {
  if (name !== undefined && (all || !KIND_NAME.test(name))) {
    throw new Misuse("--name names one kind: lower-case words joined by -, such as hall-lamp.");
  }
  if (all && !out && !json && !report) throw new Misuse("--all writes many files: give their folder with --out.");
  if (positionals.length !== (zigbee === undefined ? 1 : 0)) {
    throw new Misuse("Give one file, or a folder with --zigbee (--help tells more).");
  }
  if (zigbee !== undefined) {
    const found = packageModels(zigbee);
    if (!found) throw new Misuse(`${zigbee} has no zigbee-herdsman-converters: npm install it there.`);
    return found;
  }
  if (!existsSync(positionals[0])) throw new Misuse(`There is no ${positionals[0]}.`);
  return fileModels(positionals[0]);
}

/** One model, written, printed or refused; the exit code that it would have alone. */
function tell({ label, imported }: Model, { name, out, json, all }: Wanted, say: (line: string) => void): number {
  if (!imported.ok) {
    say(`${label} does not become a kind: ${imported.why}.`);
    return 1;
  }
  const draft = { ...imported.draft, ...(name && { name }) };
  if (json) say(JSON.stringify(kindDocument(kindFrom(draft)), null, 2));
  else if (!write(draft, all ? join(out!, `${draft.name}.ts`) : out, say)) return 1;
  // Beside a document nothing else is printed: it may be on its way into another program.
  if (!json) { for (const { feature, why } of draft.leftOut) say(`  left out: ${feature}: ${why}`); }
  return 0;
}

const KIND = fileURLToPath(new URL("../../kind", import.meta.url));

function write(draft: Draft, out: string | undefined, say: (line: string) => void): boolean {
  const path = resolve(out ?? join(DEVICES, `${draft.name}.ts`));
  const shown = relative(".", path);
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const text = sourceOf(draft, relative(folder, KIND).replaceAll("\\", "/"));
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    say(`${shown} is there already and is left as it is; give another --name or --out.`);
    return false;
  }
  const isListed = resolve(folder) === resolve(DEVICES);
  if (isListed) writeList(DEVICES);
  say(`${shown} is the kind ${draft.name}${isListed ? ", and devices/mod.ts names it" : ""}.`);
  return true;
}

if (import.meta.main) await run(() => importKinds(Deno.args));
