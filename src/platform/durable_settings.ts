/** Settings on Workers: the same ones, but what they cannot do is refused [S5, S6]. */
import type { MappedDevice } from "../bridge/mappings/mod.ts";
import { type BridgeSettings, notOnWorkers } from "../bridge/settings.ts";
import { type Read, readSettings, type Settings } from "./settings.ts";

/** `env` has bindings beside them. */
export function readDurableSettings(env: object): Read<Settings> {
  const settings = readSettings({ ...env });
  if (!settings.ok || settings.value.bridge === null) return settings;
  const sentence = notOnWorkers(settings.value.bridge);
  return sentence === null ? settings : { ok: false, sentence };
}

/** Those that arrive by a mapping, or a sentence about their setting [N40]; what knows mappings is loaded for them only. */
export async function mappedOn({ devices, prefix }: BridgeSettings): Promise<MappedDevice[] | string> {
  if (devices === null) return [];
  const { devicesOf } = await import("../bridge/devices_setting.ts");
  return devicesOf(devices, prefix);
}
