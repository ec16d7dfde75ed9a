/**
 * ESPHome's MQTT component: https://esphome.io/components/mqtt. `topic` is its topic_prefix; the variables are the
 * object ids of its components, which follow from their names: "Living Room" is `living_room`.
 */
import type { HearsSpec, MappingSpec, ReadingSpec } from "../mapping.ts";
import { NUMBER } from "./forms.ts";

export const common = {
  source: "https://esphome.io/components/mqtt",
  presence: [{ topic: "{topic}/status", words: { online: "online", offline: "offline" } }],
} satisfies Partial<MappingSpec>;

/** What a device says of itself, where it has these sensors. */
export const itself = { wifi_signal: "wifi_signal", uptime: "uptime", battery: "battery" };

/** A component's topic with plain text: a sensor's number, unless it says otherwise. */
export const hears = (
  sort: "telemetry" | "state",
  field: string,
  topic: string,
  reading: ReadingSpec = NUMBER,
): HearsSpec => ({ topic: `{topic}/${topic}`, payload: "text", [sort]: { [field]: reading } });

export const hearsItself: HearsSpec[] = [
  hears("telemetry", "rssi", "sensor/{wifi_signal}/state"),
  hears("telemetry", "uptime", "sensor/{uptime}/state"),
  hears("telemetry", "battery", "sensor/{battery}/state"),
];
