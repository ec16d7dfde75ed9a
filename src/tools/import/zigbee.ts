/** The definitions of the npm package `zigbee-herdsman-converters`, read at run time from the folder where it is. */
import { createRequire } from "node:module";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Definition, definition } from "./exposes.ts";

export interface Package {
  version: string;
  definitions: Definition[];
}

/** What the package's own definition is, as far as it matters here. */
interface Prepared {
  exposes: unknown[] | ((device: object, options: object) => unknown[]);
}

/** Drives a radio with native code. Definitions are only read, so this stands in its place. */
const RADIO = "@serialport/bindings-cpp";
const NO_RADIO = { autoDetect: () => class {} };

export function readPackage(folder: string): Package | null {
  const root = rootOf(folder);
  if (!root) return null;
  const require = createRequire(join(root, "package.json"));
  const serial = createRequire(require.resolve("zigbee-herdsman")).resolve(RADIO);
  require.cache[serial] = { id: serial, filename: serial, loaded: true, exports: NO_RADIO } as NodeJS.Module;
  const { prepareDefinition } = require(join(root, "dist/index.js"));
  const devices = join(root, "dist/devices");
  const definitions = readdirSync(devices).filter((file) => file.endsWith(".js")).sort()
    .flatMap((file): unknown[] => require(join(devices, file)).definitions ?? [])
    .map((raw) => read(prepareDefinition(raw)));
  return { version: require("./package.json").version, definitions };
}

/** Some say what they expose when they see the device; without one they say it for the whole model. */
function read({ exposes, ...rest }: Prepared): Definition {
  const all = typeof exposes === "function" ? exposes({ isDummyDevice: true }, {}) : exposes;
  // Through JSON, as Zigbee2MQTT publishes it: what is no data falls away.
  return definition.parse(JSON.parse(JSON.stringify({ ...pick(rest), exposes: all })));
}

const pick = (definition: object) =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => ["model", "vendor", "description"].includes(key)));

/** The package itself, or the folder in which it was installed. */
function rootOf(folder: string): string | undefined {
  return [folder, join(folder, "node_modules/zigbee-herdsman-converters")]
    .map((path) => resolve(path)).find((path) => existsSync(join(path, "dist/devices")));
}
