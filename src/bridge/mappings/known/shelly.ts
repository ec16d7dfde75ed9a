/**
 * Shelly, from its second generation on: https://shelly-api-docs.shelly.cloud/gen2/. `topic` is its MQTT prefix, which
 * is its id unless that was changed; it takes RPC over MQTT, and tells its status by it, as it does when it is new.
 */
import { channelField } from "../../../kind/channel.ts";
import type { MappingSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { FURTHER, NUMBER, WATT_HOURS } from "./forms.ts";

const CHANNELS = [1, ...FURTHER];
/** It answers to this, and `/rpc` behind it. */
const SOURCE = "{topic}/signalbox";
const ANSWERS = `${SOURCE}/rpc`;

const common = {
  source: "https://shelly-api-docs.shelly.cloud/gen2/General/RPCChannels",
  presence: [{ topic: "{topic}/online", words: { true: "online", false: "offline" } }],
  greets: [{ topic: "{topic}/rpc", payload: { id: 0, src: SOURCE, method: "Shelly.GetStatus" } }],
} satisfies Partial<MappingSpec>;

/** The number of the request tells which answer is whose. */
const calls = (method: string, params: Record<string, string | number | boolean>, qos: 0 | 1): TellSpec => ({
  publish: [{ topic: "{topic}/rpc", payload: { id: "{n}", src: SOURCE, method, params }, qos }],
  proves: [{ topic: ANSWERS, match: { "/id": "{n}" }, at: "/id" }],
  fails: [{ topic: ANSWERS, match: { "/id": "{n}" }, at: "/error", message: "/error/message" }],
});

/** Channels count from 1 here and from 0 there. */
const CHANNEL = { default: 1, range: { theirs: [0, 1], ours: [1, 2] } } satisfies NonNullable<
  TellSpec["params"]
>[string];

const flag: ReadingSpec = { as: "flag" };

const reboot: TellSpec = calls("Shelly.Reboot", {}, 0);

/** The same in what it tells by itself, `/params`, and in its answer, `/result`. */
const statuses = (
  told: (under: string) => { state?: Record<string, ReadingSpec>; telemetry: Record<string, ReadingSpec> },
) =>
  [["{topic}/events/rpc", "/params"], [ANSWERS, "/result"]].map(([topic, under]) => ({
    topic,
    ...told(under),
    time: [{ at: "/params/ts", as: "s" as const }],
  }));

const itself = (under: string): Record<string, ReadingSpec> => ({
  rssi: { at: `${under}/wifi/rssi`, ...NUMBER },
  uptime: { at: `${under}/sys/uptime`, ...NUMBER },
  battery: { at: `${under}/devicepower:0/battery/percent`, ...NUMBER },
});

export const shellyRelay: MappingSpec = {
  name: "shelly-relay",
  title: "Shelly (second generation and newer): switches and plugs",
  kind: "relay",
  ...common,
  hears: statuses((under) => ({
    state: Object.fromEntries(
      CHANNELS.map((
        channel,
      ) => [channelField("on", channel), { at: `${under}/switch:${channel - 1}/output`, ...flag }]),
    ),
    telemetry: {
      ...itself(under),
      ...Object.fromEntries(CHANNELS.flatMap((channel) => [
        [channelField("power", channel), { at: `${under}/switch:${channel - 1}/apower`, ...NUMBER }],
        [channelField("energy", channel), { at: `${under}/switch:${channel - 1}/aenergy/total`, ...WATT_HOURS }],
      ])),
    },
  })),
  tells: {
    set: { ...calls("Switch.Set", { id: "{channel}", on: "{on}" }, 1), params: { on: {}, channel: CHANNEL } },
    toggle: { ...calls("Switch.Toggle", { id: "{channel}" }, 0), params: { channel: CHANNEL } },
    pulse: {
      ...calls("Switch.Set", { id: "{channel}", on: true, toggle_after: "{seconds}" }, 0),
      params: { seconds: {}, channel: CHANNEL },
    },
    reboot,
  },
  desires: Object.fromEntries(
    CHANNELS.map((channel) => [channelField("on", channel), { command: "set", param: "on", with: { channel } }]),
  ),
};

/** It sleeps, and tells everything when it wakes: whether it is there is known by that only. */
export const shellySensor: MappingSpec = {
  name: "shelly-sensor",
  title: "Shelly (second generation and newer): temperature and humidity",
  kind: "env-sensor",
  ...common,
  hears: statuses((under) => ({
    telemetry: {
      ...itself(under),
      temperature: { at: `${under}/temperature:0/tC`, ...NUMBER },
      humidity: { at: `${under}/humidity:0/rh`, ...NUMBER },
      illuminance: { at: `${under}/illuminance:0/lux`, ...NUMBER },
    },
  })),
  tells: { reboot },
};
