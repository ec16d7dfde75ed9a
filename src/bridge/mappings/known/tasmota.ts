/**
 * Tasmota: https://tasmota.github.io/docs/MQTT/, /Lights/, /Commands/. `topic` is the device's Topic; where its
 * FullTopic is another than `%prefix%/%topic%/`, `cmnd`, `stat` and `tele` say what becomes of it.
 */
import { channelField, MOST_CHANNELS } from "../../../kind/channel.ts";
import type { MappingSpec, PublishSpec, ReadingSpec, TellSpec } from "../mapping.ts";

const CHANNELS = Array.from({ length: MOST_CHANNELS }, (_, index) => index + 1);

const common = {
  vars: { cmnd: "cmnd/{topic}", stat: "stat/{topic}", tele: "tele/{topic}" },
  presence: [{ topic: "{tele}/LWT", words: { Online: "online", Offline: "offline" } }],
  source: "https://tasmota.github.io/docs/MQTT/",
} satisfies Partial<MappingSpec>;

const ON_OFF = { ON: true, OFF: false };

/** What each of them says of itself, in `tele/…/STATE`. */
const itself: Record<string, ReadingSpec> = {
  rssi: { at: "/Wifi/Signal", as: "number" },
  uptime: { at: "/UptimeSec", as: "number" },
};

const asksState: PublishSpec = { topic: "{cmnd}/STATE", payload: "", qos: 0 };
const asksSensors: PublishSpec = { topic: "{cmnd}/STATUS", payload: "10", qos: 0 };

const reboot: TellSpec = {
  params: {},
  publish: [{ topic: "{cmnd}/Restart", payload: "1", qos: 0 }],
  proves: [{ topic: "{stat}/RESULT", at: "/Restart", is: "Restarting" }],
};

/** Its answer to what it does not know. */
const fails: TellSpec["fails"] = [
  { topic: "{stat}/RESULT", at: "/Command", is: ["Unknown", "Error"], code: "unsupported" },
  { topic: "{stat}/COMMAND", at: "/Command", is: ["Unknown", "Error"], code: "unsupported" },
];

/** A power sensor's numbers are lists where it measures several channels. */
const measured = (name: string, channel: number) => ({
  at: channel === 1 ? [`/ENERGY/${name}`, `/ENERGY/${name}/0`] : `/ENERGY/${name}/${channel - 1}`,
  as: "number" as const,
});

export const tasmotaRelay: MappingSpec = {
  name: "tasmota-relay",
  title: "Tasmota: switches and plugs, of up to eight channels",
  kind: "relay",
  ...common,
  greets: [asksState, asksSensors],
  hears: [
    ...["{stat}/RESULT", "{tele}/STATE"].map((topic) => ({
      topic,
      state: Object.fromEntries(CHANNELS.map((channel) => [
        channelField("on", channel),
        { at: channel === 1 ? ["/POWER", "/POWER1"] : `/POWER${channel}`, words: ON_OFF },
      ])),
      telemetry: itself,
    })),
    { topic: "{stat}/POWER", payload: "text", state: { on: { words: ON_OFF } } },
    ...CHANNELS.map((channel) => ({
      topic: `{stat}/POWER${channel}`,
      payload: "text" as const,
      state: { [channelField("on", channel)]: { words: ON_OFF } },
    })),
    ...["{tele}/SENSOR", "{stat}/STATUS10"].map((topic) => ({
      topic,
      telemetry: Object.fromEntries(CHANNELS.flatMap((channel) => [
        [channelField("power", channel), within(measured("Power", channel), topic)],
        [channelField("energy", channel), within(measured("Total", channel), topic)],
      ])),
    })),
  ],
  tells: {
    set: {
      params: { on: { words: ON_OFF }, channel: { default: 1 } },
      publish: [{ topic: "{cmnd}/POWER{channel}", payload: "{on}" }],
      proves: [{ field: "on", channel: "channel", param: "on" }],
      fails,
    },
    toggle: {
      params: { channel: { default: 1 } },
      publish: [{ topic: "{cmnd}/POWER{channel}", payload: "TOGGLE", qos: 0 }],
      proves: [{ field: "on", channel: "channel", changed: true }],
      fails,
    },
    pulse: {
      params: {
        seconds: { range: { theirs: [0, 10], ours: [0, 1] }, digits: 0, bounds: [0.2, 360] },
        channel: { default: 1 },
      },
      publish: [{
        topic: "{cmnd}/Backlog",
        payload: "Power{channel} ON; Delay {seconds}; Power{channel} OFF",
        qos: 0,
      }],
      proves: [{ field: "on", channel: "channel", value: true }],
      fails,
    },
    reboot,
  },
  desires: Object.fromEntries(
    CHANNELS.map((channel) => [channelField("on", channel), { command: "set", param: "on", with: { channel } }]),
  ),
};

/** `Status 10` answers with what `tele/…/SENSOR` says, one level deeper. */
function within<R extends { at: string | string[] }>(reading: R, topic: string): R {
  if (!topic.endsWith("STATUS10")) return reading;
  return { ...reading, at: [reading.at].flat().map((place) => `/StatusSNS${place}`) };
}
