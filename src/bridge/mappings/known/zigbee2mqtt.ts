/**
 * What Zigbee2MQTT tells of its devices: https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html. `topic`
 * is the device's, with the base before it: `zigbee2mqtt/kitchen lamp`.
 */
import type { MappingSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { brightnessOf, MIRED, MIRED_OFF, NUMBER, ON_OFF } from "./forms.ts";
import { FURTHER } from "./channels.ts";

const words = { online: "online", offline: "offline" } as const;

export const common = {
  source: "https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html",
  vars: { base: "zigbee2mqtt" },
  presence: [
    { topic: "{base}/bridge/state", at: ["", "/state"], words },
    // Only where its availability is switched on.
    { topic: "{topic}/availability", at: ["", "/state"], words, optional: true },
  ],
} satisfies Partial<MappingSpec>;

export const itself: Record<string, ReadingSpec> = { battery: { at: "/battery", ...NUMBER } };
/** Where `last_seen` is switched on. */
export const time = [{ at: "/last_seen", as: "iso" as const }, { at: "/last_seen", as: "ms" as const }];
export const asks = (key: string) => ({ topic: "{topic}/get", payload: { [key]: "" }, qos: 0 as const });

/** Channels have `state_l1`, `state_l2`; the only one has `state`. */
const switches = (channel: number, key: string) => {
  const only = { channel: { is: channel, ...(channel === 1 && { default: 1 }) } };
  const topic = `{topic}/set/${key}`;
  const set: TellSpec = {
    params: { on: ON_OFF, ...only },
    publish: [{ topic, payload: "{on}" }],
    proves: [{ field: "on", channel: "channel", param: "on" }],
  };
  const toggle: TellSpec = {
    params: only,
    publish: [{ topic, payload: "TOGGLE", qos: 0 }],
    proves: [{ field: "on", channel: "channel", changed: true }],
  };
  return { set, toggle };
};
const CHANNELS = [switches(1, "{first}"), ...FURTHER.map((channel) => switches(channel, `state_l${channel}`))];

export const zigbee2mqttRelay: MappingSpec = {
  name: "zigbee2mqtt-relay",
  title: "Zigbee2MQTT: switches and plugs",
  kind: "relay",
  ...common,
  /** `first` is `state_l1` where there are several. */
  vars: { ...common.vars, first: "state" },
  greets: [asks("state")],
  hears: [{
    topic: "{topic}",
    time,
    state: {
      on: { at: ["/state", "/state_l1"], ...ON_OFF },
      ...Object.fromEntries(FURTHER.map((channel) => [`on_${channel}`, { at: `/state_l${channel}`, ...ON_OFF }])),
    },
    telemetry: {
      ...itself,
      power: { at: ["/power", "/power_l1"], ...NUMBER },
      energy: { at: ["/energy", "/energy_l1"], ...NUMBER },
      ...Object.fromEntries(FURTHER.flatMap((channel) => [
        [`power_${channel}`, { at: `/power_l${channel}`, ...NUMBER }],
        [`energy_${channel}`, { at: `/energy_l${channel}`, ...NUMBER }],
      ])),
    },
  }],
  tells: { set: CHANNELS.map(({ set }) => set), toggle: CHANNELS.map(({ toggle }) => toggle) },
  desires: {
    on: { command: "set", param: "on" },
    ...Object.fromEntries(
      FURTHER.map((channel) => [`on_${channel}`, { command: "set", param: "on", with: { channel } }]),
    ),
  },
};

const tell = (
  param: string,
  key: string,
  form: NonNullable<TellSpec["params"]>[string],
  value = `{${param}}`,
): TellSpec => ({
  params: { [param]: form, transition: { optional: true } },
  publish: [{ topic: "{topic}/set", payload: { [key]: value, transition: "{transition}" } }],
  proves: [{ field: param, param }],
});

export const zigbee2mqttLight: MappingSpec = {
  name: "zigbee2mqtt-light",
  title: "Zigbee2MQTT: lamps",
  kind: "light",
  ...common,
  greets: [asks("state")],
  hears: [{
    topic: "{topic}",
    time,
    state: {
      on: { at: "/state", ...ON_OFF },
      brightness: { at: "/brightness", ...brightnessOf(254) },
      color_temp: { at: "/color_temp", ...MIRED },
      color: { parts: { h: { at: "/color/hue", ...NUMBER }, s: { at: "/color/saturation", ...NUMBER } } },
      color_mode: { at: "/color_mode", words: { color_temp: "color_temp", hs: "color", xy: "color" } },
    },
    telemetry: { ...itself, power: { at: "/power", ...NUMBER } },
  }],
  tells: {
    set: tell("on", "state", ON_OFF),
    set_brightness: tell("brightness", "brightness", brightnessOf(254)),
    set_color_temp: tell("color_temp", "color_temp", MIRED),
    set_color: {
      ...tell("color", "color", { parts: { h: { digits: 0 }, s: { digits: 0 } } }),
      publish: [{
        topic: "{topic}/set",
        payload: { color: { hue: "{color.h}", saturation: "{color.s}" }, transition: "{transition}" },
      }],
    },
  },
  desires: {
    color_temp: { command: "set_color_temp", param: "color_temp" },
    color: { command: "set_color", param: "color" },
    brightness: { command: "set_brightness", param: "brightness" },
    on: { command: "set", param: "on" },
  },
  tolerance: { brightness: 1, color_temp: MIRED_OFF, color: 2 },
};
