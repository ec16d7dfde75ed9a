/** The mappings that come with the bridge, and the setting that says which device arrives by which [N40]. */
import { z } from "zod";
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { read } from "../../protocol/read.ts";
import { id, NAME } from "../../protocol/words.ts";
import { type Mapping, mappingSchema, type MappingSpec } from "./mapping.ts";
import { Mapped } from "./mapped.ts";
import { esphomeLight } from "./known/esphome_light.ts";
import { esphomeClimate, esphomeCover, esphomeLock, esphomeSensor } from "./known/esphome_others.ts";
import { esphomeRelay } from "./known/esphome_relay.ts";
import { homieLight, homieRelay, homieSensor, homieThermostat } from "./known/homie.ts";
import { shellyCover, shellyMeter, shellyRelay, shellySensor } from "./known/shelly_devices.ts";
import { tasmotaLight } from "./known/tasmota_light.ts";
import { tasmotaMeter } from "./known/tasmota_meter.ts";
import { tasmotaRelay } from "./known/tasmota_relay.ts";
import { tasmotaSensor } from "./known/tasmota_sensor.ts";
import { zigbee2mqttLight, zigbee2mqttRelay } from "./known/zigbee2mqtt.ts";
import { zigbee2mqttCover, zigbee2mqttSensor, zigbee2mqttThermostat } from "./known/zigbee2mqtt_others.ts";

export { Mapped } from "./mapped.ts";
export type { Heard, MappedOptions, Told } from "./mapped.ts";
export type { Mapping, MappingSpec } from "./mapping.ts";
export type { Published } from "./way.ts";

const SPECS: readonly MappingSpec[] = [
  tasmotaRelay,
  tasmotaLight,
  tasmotaSensor,
  tasmotaMeter,
  esphomeRelay,
  esphomeLight,
  esphomeSensor,
  esphomeCover,
  esphomeClimate,
  esphomeLock,
  homieRelay,
  homieLight,
  homieSensor,
  homieThermostat,
  shellyRelay,
  shellySensor,
  shellyCover,
  shellyMeter,
  zigbee2mqttRelay,
  zigbee2mqttLight,
  zigbee2mqttSensor,
  zigbee2mqttThermostat,
  zigbee2mqttCover,
];

export const MAPPINGS: ReadonlyMap<string, Mapping> = new Map(
  SPECS.map((spec) => [spec.name, mappingSchema.parse(spec)]),
);

export const mappingNamed = (name: string): Mapping | undefined => MAPPINGS.get(name);

const topic = z.string().min(1).max(256).regex(/^[^+#$\0][^+#\0]*$/, "a topic without wildcards, not beginning with $");

const entry = z.strictObject({
  device: id,
  mapping: z.string().max(64),
  topic,
  vars: z.record(z.string().regex(NAME), z.string().max(256).regex(/^[^+#\0]*$/, "a part of a topic")).default({}),
});

/** A list of devices, or an object that has mappings of the user's own beside it. */
const listed = z.array(entry).max(10_000);
const setting = z.strictObject({ devices: listed, mappings: z.array(mappingSchema).max(256).default([]) });

export interface MappedDevice {
  device: string;
  mapping: Mapping;
  topic: string;
  vars: Record<string, string>;
}

/** `SIGNALBOX_MQTT_DEVICES`, or what is wrong with it; `prefix` is the bridge's own, under which no device may speak. */
export function readDevices(json: unknown, prefix: string): Outcome<MappedDevice[]> {
  const parsed = read(setting, Array.isArray(json) ? { devices: json } : json, "bad_request");
  if (!parsed.ok) return parsed;
  const own = new Map(MAPPINGS);
  for (const mapping of parsed.value.mappings) {
    if (own.has(mapping.name)) return refuse("bad_request", `there are two mappings named ${mapping.name}`);
    own.set(mapping.name, mapping);
  }
  const devices = new Map<string, MappedDevice>();
  for (const { device, mapping: name, topic, vars } of parsed.value.devices) {
    const mapping = own.get(name);
    if (!mapping) return refuse("bad_request", `${device}: there is no mapping ${JSON.stringify(name)}`);
    if (devices.has(device)) return refuse("bad_request", `${device} is there twice`);
    const unknown = Object.keys(vars).find((variable) => !Object.hasOwn(mapping.vars, variable));
    if (unknown !== undefined) return refuse("bad_request", `${device}: ${name} has no variable ${unknown}`);
    const looped = new Mapped(mapping, { device, topic, vars }).topics().find((one) => one.startsWith(`${prefix}/`));
    if (looped !== undefined) return refuse("bad_request", `${device}: ${looped} is a topic of the bridge itself`);
    devices.set(device, { device, mapping, topic, vars });
  }
  return ok([...devices.values()]);
}
