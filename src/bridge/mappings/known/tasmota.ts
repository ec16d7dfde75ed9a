/**
 * Tasmota: https://tasmota.github.io/docs/MQTT/, /Lights/, /Commands/. `topic` is the device's Topic; where its
 * FullTopic is another than `%prefix%/%topic%/`, `cmnd`, `stat` and `tele` say what becomes of it.
 */
import type { HearsSpec, MappingSpec, PublishSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { NUMBER, ON_OFF } from "./forms.ts";

export const common = {
  vars: { cmnd: "cmnd/{topic}", stat: "stat/{topic}", tele: "tele/{topic}" },
  presence: [{ topic: "{tele}/LWT", words: { Online: "online", Offline: "offline" } }],
  source: "https://tasmota.github.io/docs/MQTT/",
} satisfies Partial<MappingSpec>;

/** Where it says how it is switched: its answer to a command, and every few minutes. */
export const STATES = ["{stat}/RESULT", "{tele}/STATE"];

/** What each of them says of itself, in `tele/…/STATE`. */
export const itself: Record<string, ReadingSpec> = {
  rssi: { at: "/Wifi/Signal", ...NUMBER },
  uptime: { at: "/UptimeSec", ...NUMBER },
};

export const asksState: PublishSpec = { topic: "{cmnd}/STATE", payload: "", qos: 0 };
export const asksSensors: PublishSpec = { topic: "{cmnd}/STATUS", payload: "10", qos: 0 };
export const asksFirmware: PublishSpec = { topic: "{cmnd}/STATUS", payload: "2", qos: 0 };
export const hearsFirmware: HearsSpec = {
  topic: "{stat}/STATUS2",
  telemetry: { firmware: { at: "/StatusFWR/Version", as: "text" } },
};

/** How often it measures, which its answer to `TelePeriod` says. */
export const asksInterval: PublishSpec = { topic: "{cmnd}/TelePeriod", payload: "", qos: 0 };
export const interval: ReadingSpec = { at: "/TelePeriod", ...NUMBER, bounds: [1, 3600] };
export const setsInterval: NonNullable<MappingSpec["desires"]> = {
  report_interval: { publish: [{ topic: "{cmnd}/TelePeriod", payload: "{value}" }], digits: 0, bounds: [10, 3600] },
};

export const reboot: TellSpec = {
  publish: [{ topic: "{cmnd}/Restart", payload: "1", qos: 0 }],
  proves: [{ topic: "{stat}/RESULT", at: "/Restart", is: "Restarting" }],
};

/** Its answer to what it does not know. */
export const fails: TellSpec["fails"] = [
  { topic: "{stat}/RESULT", at: "/Command", is: ["Unknown", "Error"], code: "unsupported" },
];

/** The first channel's switch, as JSON and as the plain text beside it. */
export const isOn: ReadingSpec = { at: ["/POWER", "/POWER1"], ...ON_OFF };
