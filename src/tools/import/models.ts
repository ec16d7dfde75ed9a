/** Where models are read from: a JSON file of either sort, a folder of such files, the npm package of Zigbee2MQTT. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Imported } from "./draft.ts";
import { definition, fromExposes } from "./exposes.ts";
import type { Model } from "./report.ts";
import { fromThing } from "./things.ts";
import { readPackage } from "./zigbee.ts";

export interface Models {
  title: string;
  models: Model[];
}

export function packageModels(folder: string): Models | null {
  const found = readPackage(folder);
  return found && {
    title: `zigbee-herdsman-converters ${found.version}`,
    models: found.definitions.map((entry, index) => modelOf(entry, `number ${index + 1}`)),
  };
}

/** In a folder, what is no model is passed by; a file that was named is refused. */
export function fileModels(path: string): Models {
  const models = (file: string) =>
    modelsOf(readFileSync(file, "utf8"), basename(file).replace(/(\.t[dm])?\.json(ld)?$/, ""));
  if (!statSync(path).isDirectory()) return { title: path, models: models(path) };
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((file) => /\.json(ld)?$/.test(file));
  const all = files.sort().flatMap((file) => models(join(path, file)));
  return { title: path, models: all.filter(({ imported }) => imported.ok || imported.why !== NO_MODEL) };
}

const NO_MODEL = "it is neither a Thing Description nor what a Zigbee2MQTT device exposes";

/** A list, as `bridge/devices` is one, has a model in each entry that has a definition. */
export function modelsOf(text: string, label: string): Model[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [{ label, imported: { ok: false, why: NO_MODEL } }];
  }
  if (!Array.isArray(json)) return [modelOf(json, label)];
  // The coordinator, and a device that Zigbee2MQTT does not know, have none.
  return json.filter((entry) => entry?.definition !== null)
    .map((entry, index) => modelOf(entry, `${label} ${index + 1}`));
}

const modelOf = (json: unknown, at: string): Model => ({ label: labelOf(json, at), imported: importOf(json, at) });

const device = z.looseObject({ definition: z.looseObject({}) });

function importOf(json: unknown, label: string): Imported {
  const wrapped = device.safeParse(json);
  const given = wrapped.success ? wrapped.data.definition : json;
  if (typeof given !== "object" || given === null) return { ok: false, why: NO_MODEL };
  if (!("exposes" in given)) return isThing(given) ? fromThing(given, label) : { ok: false, why: NO_MODEL };
  const parsed = definition.safeParse(given);
  if (parsed.success) return fromExposes(parsed.data);
  const [{ path, message }] = parsed.error.issues;
  return { ok: false, why: `it is no definition of Zigbee2MQTT: ${path.join(".")}: ${message}` };
}

/** By its context, of any version; other JSON-LD has another. */
const isThing = (given: object) => "@context" in given && /\bwot\b|\btd\b/.test(JSON.stringify(given["@context"]));

const naming = z.object({
  definition: z.object({ model: z.coerce.string() }).optional(),
  model: z.string().optional(),
  title: z.string().optional(),
});

function labelOf(json: unknown, otherwise: string): string {
  const { data } = naming.safeParse(json);
  return data?.definition?.model ?? data?.model ?? data?.title ?? otherwise;
}
