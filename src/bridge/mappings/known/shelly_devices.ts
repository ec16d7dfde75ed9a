/** Shelly switches, covers, meters and sensors. */
import { channelField } from "../../../kind/channel.ts";
import type { MappingSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { NUMBER, WATT_HOURS } from "./forms.ts";
import { CHANNELS, desiresEach } from "./channels.ts";
import { calls, common, itself, reboot, statuses } from "./shelly.ts";

/** Channels count from 1 here and from 0 there. */
const CHANNEL = { default: 1, range: { theirs: [0, 1], ours: [1, 2] } } satisfies NonNullable<
  TellSpec["params"]
>[string];

const flag: ReadingSpec = { as: "flag" };

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
  desires: desiresEach,
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

const MOVES: ReadingSpec["words"] = {
  opening: "opening",
  closing: "closing",
  open: "stopped",
  closed: "stopped",
  stopped: "stopped",
};

/** Its answer says that it begins; that it is there its state says, as of one that does not know its position. */
const move = (method: string, is: string, position: number): TellSpec => {
  const { proves: received, ...rest } = calls(method, { id: 0 }, 0);
  const state = { at: "/params/cover:0/state", is };
  return {
    ...rest,
    received,
    proves: [{ field: "position", value: position }, { topic: "{topic}/events/rpc", ...state }],
    progress: ["position", "moving"],
    group: "move",
    within: 300,
  };
};
const { proves: received, ...goTo } = calls("Cover.GoToPosition", { id: 0, pos: "{position}" }, 1);

export const shellyCover: MappingSpec = {
  name: "shelly-cover",
  title: "Shelly (second generation and newer): covers",
  kind: "cover",
  ...common,
  hears: statuses((under) => ({
    state: {
      position: { at: `${under}/cover:0/current_pos`, ...NUMBER },
      moving: { at: `${under}/cover:0/state`, words: MOVES },
    },
    telemetry: { ...itself(under), power: { at: `${under}/cover:0/apower`, ...NUMBER, bounds: [0, 10_000] } },
  })),
  tells: {
    open: move("Cover.Open", "open", 100),
    close: move("Cover.Close", "closed", 0),
    stop: { ...calls("Cover.Stop", { id: 0 }, 1), group: "move" },
    go_to: {
      ...goTo,
      received,
      params: { position: { digits: 0 } },
      proves: [{ field: "position", param: "position" }],
      progress: ["position", "moving"],
      group: "move",
      within: 300,
    },
    reboot,
  },
  tolerance: { position: 1 },
};

const PHASES = { l1: "a", l2: "b", l3: "c" };
const OF_A_PHASE = {
  power: "act_power",
  voltage: "voltage",
  current: "current",
  apparent_power: "aprt_power",
  power_factor: "pf",
};

export const shellyMeter: MappingSpec = {
  name: "shelly-meter",
  title: "Shelly (second generation and newer): meters of three phases",
  kind: "energy-meter",
  ...common,
  hears: statuses((under) => ({
    telemetry: {
      ...itself(under),
      power: { at: `${under}/em:0/total_act_power`, ...NUMBER },
      frequency: { at: `${under}/em:0/a_freq`, ...NUMBER },
      energy_import: { at: `${under}/emdata:0/total_act`, ...WATT_HOURS },
      energy_export: { at: `${under}/emdata:0/total_act_ret`, ...WATT_HOURS },
      ...Object.fromEntries(
        Object.entries(PHASES).flatMap(([phase, theirs]) =>
          Object.entries(OF_A_PHASE).map(([field, name]) => [
            `${field}_${phase}`,
            { at: `${under}/em:0/${theirs}_${name}`, ...NUMBER },
          ])
        ),
      ),
    },
  })),
  tells: { reboot },
};
