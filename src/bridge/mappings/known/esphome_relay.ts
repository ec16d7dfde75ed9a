/** ESPHome switches, of up to eight channels, with sensors for what they measure. */
import { channelField } from "../../../kind/channel.ts";
import type { MappingSpec, TellSpec } from "../mapping.ts";
import { ON_OFF } from "./forms.ts";
import { CHANNELS, desiresEach, FURTHER } from "./channels.ts";
import { common, hears, hearsItself, itself } from "./esphome.ts";

const COMPONENTS = ["switch", "power", "energy"];

const only = (channel: number) => ({ channel: { is: channel, ...(channel === 1 && { default: 1 }) } });

/** It says nothing where nothing changes. */
const set = (channel: number): TellSpec => ({
  params: { on: ON_OFF, ...only(channel) },
  publish: [{ topic: `{topic}/switch/{${channelField("switch", channel)}}/command`, payload: "{on}" }],
  proves: [{ field: "on", channel: "channel", param: "on" }],
  already: true,
});
const toggle = (channel: number): TellSpec => ({
  params: only(channel),
  publish: [{ topic: `{topic}/switch/{${channelField("switch", channel)}}/command`, payload: "TOGGLE", qos: 0 }],
  proves: [{ field: "on", channel: "channel", changed: true }],
});

export const esphomeRelay: MappingSpec = {
  name: "esphome-relay",
  title: "ESPHome: switches, of up to eight channels",
  kind: "relay",
  ...common,
  vars: {
    ...itself,
    ...{ switch: "relay", power: "power", energy: "energy" },
    ...Object.fromEntries(FURTHER.flatMap((channel) => COMPONENTS.map((name) => [channelField(name, channel), ""]))),
  },
  hears: [
    ...CHANNELS.flatMap((channel) => {
      const named = (name: string) => channelField(name, channel);
      return [
        hears("state", named("on"), `switch/{${named("switch")}}/state`, ON_OFF),
        hears("telemetry", named("power"), `sensor/{${named("power")}}/state`),
        hears("telemetry", named("energy"), `sensor/{${named("energy")}}/state`),
      ];
    }),
    ...hearsItself,
  ],
  tells: { set: CHANNELS.map(set), toggle: CHANNELS.map(toggle) },
  desires: desiresEach,
};
