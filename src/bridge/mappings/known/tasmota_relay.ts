/** Tasmota switches and plugs, of up to eight channels, which may measure. */
import { channelField } from "../../../kind/channel.ts";
import type { MappingSpec, ReadingSpec } from "../mapping.ts";
import { NUMBER, ON_OFF } from "./forms.ts";
import { CHANNELS, desiresEach, FURTHER } from "./channels.ts";
import {
  asksFirmware,
  asksSensors,
  asksState,
  common,
  fails,
  hearsFirmware,
  isOn,
  itself,
  reboot,
  STATES,
} from "./tasmota.ts";

/** A power sensor's numbers are lists where it measures several channels. `Status 10` has them one level deeper. */
const measured = (name: string, channel: number, under: string): ReadingSpec => ({
  at: (channel === 1 ? ["", "/0"] : [`/${channel - 1}`]).map((place) => `${under}/ENERGY/${name}${place}`),
  ...NUMBER,
});

export const tasmotaRelay: MappingSpec = {
  name: "tasmota-relay",
  title: "Tasmota: switches and plugs, of up to eight channels",
  kind: "relay",
  ...common,
  greets: [asksState, asksSensors, asksFirmware],
  hears: [
    hearsFirmware,
    ...STATES.map((topic) => ({
      topic,
      state: {
        on: isOn,
        ...Object.fromEntries(FURTHER.map((channel) => [`on_${channel}`, { at: `/POWER${channel}`, ...ON_OFF }])),
      },
      telemetry: itself,
    })),
    { topic: "{stat}/POWER", payload: "text", state: { on: ON_OFF } },
    ...CHANNELS.map((channel) => ({
      topic: `{stat}/POWER${channel}`,
      payload: "text" as const,
      state: { [channelField("on", channel)]: ON_OFF },
    })),
    ...[["{tele}/SENSOR", ""], ["{stat}/STATUS10", "/StatusSNS"]].map(([topic, under]) => ({
      topic,
      telemetry: Object.fromEntries(CHANNELS.flatMap((channel) => [
        [channelField("power", channel), measured("Power", channel, under)],
        [channelField("energy", channel), measured("Total", channel, under)],
      ])),
    })),
  ],
  tells: {
    set: {
      params: { on: ON_OFF, channel: { default: 1 } },
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
        // It counts in tenths of a second, up to 3,600 of them.
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
  desires: desiresEach,
};
