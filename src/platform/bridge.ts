/** The bridge in this process: what its settings name is read first, and what cannot be is said at the start [S6]. */
import { Bridge, type BridgeOptions } from "../bridge/bridge.ts";
import { devicesOf } from "../bridge/devices_setting.ts";
import { type BridgeSettings, isJson } from "../bridge/settings.ts";
import type { Read } from "./settings.ts";

const FILES = { ca: "SIGNALBOX_MQTT_CA", cert: "SIGNALBOX_MQTT_CERT", key: "SIGNALBOX_MQTT_KEY" } as const;

export function bridgeOf(
  settings: BridgeSettings,
  options: Pick<BridgeOptions, "kinds" | "channels" | "log" | "about">,
): Read<Bridge> {
  const tls: NonNullable<BridgeOptions["tls"]> = {};
  for (const name of ["ca", "cert", "key"] as const) {
    const path = settings.files[name];
    if (path === null) continue;
    const text = textOf(path);
    if (text === null) return { ok: false, sentence: `${FILES[name]} names a file that cannot be read.` };
    if (!text.includes("-----BEGIN ")) return { ok: false, sentence: `${FILES[name]} names a file that is not PEM.` };
    tls[name] = text;
  }
  const devices = mappedOf(settings);
  if (typeof devices === "string") return { ok: false, sentence: devices };
  return {
    ok: true,
    value: new Bridge({ ...options, settings, devices, ...(Object.keys(tls).length > 0 && { tls }) }),
  };
}

/** [N40] */
function mappedOf({ devices, prefix }: BridgeSettings): ReturnType<typeof devicesOf> {
  if (devices === null) return [];
  const json = isJson(devices) ? devices : textOf(devices);
  return json === null ? "SIGNALBOX_MQTT_DEVICES names a file that cannot be read." : devicesOf(json, prefix);
}

function textOf(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
