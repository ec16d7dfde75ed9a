/** The definitions of the npm package `zigbee-herdsman-converters`, read at run time from the folder where it is. */
import { createRequire } from "node:module";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Package {
  version: string;
  /** As Zigbee2MQTT publishes them. */
  definitions: unknown[];
}

/** What the package's own definition is, as far as it matters here. */
interface Prepared {
  model: string;
  vendor: string;
  description: string;
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
function read({ model, vendor, description, exposes }: Prepared): unknown {
  const all = typeof exposes === "function" ? exposes({ isDummyDevice: true }, {}) : exposes;
  // Through JSON: what is no data falls away.
  return JSON.parse(JSON.stringify({ model, vendor, description, exposes: all }));
}

/** The package itself, or the folder in which it was installed. */
function rootOf(folder: string): string | undefined {
  return [folder, join(folder, "node_modules/zigbee-herdsman-converters")]
    .map((path) => resolve(path)).find((path) => existsSync(join(path, "dist/devices")));
}
