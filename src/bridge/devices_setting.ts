/** Which devices arrive by which mapping, as the setting says it [N40]; beside the others, since few hubs have any. */
import { parseJson } from "../protocol/frame.ts";
import { type MappedDevice, readDevices } from "./mappings/mod.ts";

/** The devices of that setting, or a sentence about it [N40]. */
export function devicesOf(json: string, prefix: string): MappedDevice[] | string {
  const parsed = parseJson(json);
  const devices = parsed.ok ? readDevices(parsed.value, prefix) : parsed;
  return devices.ok ? devices.value : `SIGNALBOX_MQTT_DEVICES: ${devices.fault.message}.`;
}
