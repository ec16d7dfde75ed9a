/**
 * Shelly, from its second generation on: https://shelly-api-docs.shelly.cloud/gen2/. `topic` is its MQTT prefix, which
 * is its id unless that was changed; it takes RPC over MQTT, and tells its status by it, as it does when it is new.
 */
import type { MappingSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { NUMBER } from "./forms.ts";

/** It answers to this, and `/rpc` behind it. */
const SOURCE = "{topic}/signalbox";
export const ANSWERS = `${SOURCE}/rpc`;

export const common = {
  source: "https://shelly-api-docs.shelly.cloud/gen2/General/RPCChannels",
  presence: [{ topic: "{topic}/online", words: { true: "online", false: "offline" } }],
  greets: [{ topic: "{topic}/rpc", payload: { id: 0, src: SOURCE, method: "Shelly.GetStatus" } }],
} satisfies Partial<MappingSpec>;

/** The number of the request tells which answer is whose. */
export const calls = (method: string, params: Record<string, string | number | boolean>, qos: 0 | 1): TellSpec => ({
  publish: [{ topic: "{topic}/rpc", payload: { id: "{n}", src: SOURCE, method, params }, qos }],
  proves: [{ topic: ANSWERS, match: { "/id": "{n}" }, at: "/id" }],
  fails: [{ topic: ANSWERS, match: { "/id": "{n}" }, at: "/error", message: "/error/message" }],
});

export const reboot: TellSpec = calls("Shelly.Reboot", {}, 0);

/** The same in what it tells by itself, `/params`, and in its answer, `/result`. */
export const statuses = (
  told: (under: string) => { state?: Record<string, ReadingSpec>; telemetry: Record<string, ReadingSpec> },
) =>
  [["{topic}/events/rpc", "/params"], [ANSWERS, "/result"]].map(([topic, under]) => ({
    topic,
    ...told(under),
    time: [{ at: "/params/ts", as: "s" as const }],
  }));

export const itself = (under: string): Record<string, ReadingSpec> => ({
  rssi: { at: `${under}/wifi/rssi`, ...NUMBER },
  uptime: { at: `${under}/sys/uptime`, ...NUMBER },
  battery: { at: `${under}/devicepower:0/battery/percent`, ...NUMBER },
});
