/** Settings on Workers: the same ones, but what they cannot do is refused [S5, S6]. */
import { notOnWorkers } from "../bridge/settings.ts";
import { type Read, readSettings, type Settings } from "./settings.ts";

/** `env` has bindings beside them. */
export function readDurableSettings(env: object): Read<Settings> {
  const settings = readSettings({ ...env });
  if (!settings.ok || settings.value.bridge === null) return settings;
  const sentence = notOnWorkers(settings.value.bridge);
  return sentence === null ? settings : { ok: false, sentence };
}
