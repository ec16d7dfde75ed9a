/** ESPHome sensors, covers, climates and locks. */
import type { MappingSpec, TellSpec } from "../mapping.ts";
import { NUMBER } from "./forms.ts";
import { common, hears, hearsItself, itself } from "./esphome.ts";

export const esphomeSensor: MappingSpec = {
  name: "esphome-sensor",
  title: "ESPHome: environment sensors",
  kind: "env-sensor",
  ...common,
  vars: {
    ...itself,
    temperature: "temperature",
    humidity: "humidity",
    pressure: "pressure",
    illuminance: "illuminance",
    co2: "co2",
  },
  hears: [
    ...["temperature", "humidity", "pressure", "illuminance", "co2"].map((name) =>
      hears("telemetry", name, `sensor/{${name}}/state`)
    ),
    ...hearsItself,
  ],
};

const move = (payload: string, more: Partial<TellSpec> & Pick<TellSpec, "proves">): TellSpec => ({
  publish: [{ topic: "{topic}/cover/{cover}/command", payload, qos: 0 }],
  received: [{ field: "moving", value: "opening" }, { field: "moving", value: "closing" }],
  progress: ["position", "moving"],
  group: "move",
  within: 180,
  already: true,
  ...more,
});

/** Those that know their position; whether another has come as far as it was asked to nobody can say. */
export const esphomeCover: MappingSpec = {
  name: "esphome-cover",
  title: "ESPHome: covers that know their position",
  kind: "cover",
  ...common,
  vars: { ...itself, cover: "cover", power: "power" },
  hears: [
    hears("state", "position", "cover/{cover}/position/state"),
    hears("state", "tilt", "cover/{cover}/tilt/state"),
    hears("state", "moving", "cover/{cover}/state", {
      words: { opening: "opening", closing: "closing", open: "stopped", closed: "stopped" },
    }),
    hears("telemetry", "power", "sensor/{power}/state"),
    ...hearsItself,
  ],
  tells: {
    open: move("OPEN", { proves: [{ field: "position", value: 100 }] }),
    close: move("CLOSE", { proves: [{ field: "position", value: 0 }] }),
    stop: move("STOP", { proves: [{ field: "moving", value: "stopped" }], received: undefined, progress: [] }),
    go_to: move("", {
      params: { position: { digits: 0 } },
      publish: [{ topic: "{topic}/cover/{cover}/position/command", payload: "{position}" }],
      proves: [{ field: "position", param: "position" }],
    }),
    tilt_to: {
      params: { tilt: { digits: 0 } },
      publish: [{ topic: "{topic}/cover/{cover}/tilt/command", payload: "{tilt}" }],
      proves: [{ field: "tilt", param: "tilt" }],
      already: true,
    },
  },
  tolerance: { position: 1, tilt: 1 },
};

const setsClimate = (param: string, topic: string, form: NonNullable<TellSpec["params"]>[string]): TellSpec => ({
  params: { [param]: form },
  publish: [{ topic: `{topic}/climate/{climate}/${topic}/command`, payload: `{${param}}` }],
  proves: [{ field: param, param }],
  already: true,
});

const modes = { off: "off", heat: "heat", cool: "cool", auto: "auto", heat_cool: "auto" };

export const esphomeClimate: MappingSpec = {
  name: "esphome-climate",
  title: "ESPHome: climates with one target temperature",
  kind: "thermostat",
  ...common,
  vars: { ...itself, climate: "climate" },
  hears: [
    hears("telemetry", "temperature", "climate/{climate}/current_temperature/state"),
    hears("telemetry", "humidity", "climate/{climate}/current_humidity/state"),
    hears("telemetry", "action", "climate/{climate}/action/state", {
      words: { off: "off", idle: "idle", heating: "heating", cooling: "cooling" },
    }),
    hears("state", "target", "climate/{climate}/target_temperature/state", NUMBER),
    hears("state", "mode", "climate/{climate}/mode/state", { words: modes }),
    ...hearsItself,
  ],
  tells: {
    set_target: setsClimate("target", "target_temperature", { digits: 2 }),
    set_mode: setsClimate("mode", "mode", { words: modes }),
  },
  desires: {
    mode: { command: "set_mode", param: "mode" },
    target: { command: "set_target", param: "target" },
  },
  tolerance: { target: 0.051 },
};

const turn = (payload: string, value: string, qos: 0 | 1): TellSpec => ({
  publish: [{ topic: "{topic}/lock/{lock}/command", payload, qos }],
  proves: [{ field: "state", value }],
  fails: [{ topic: "{topic}/lock/{lock}/state", at: "", is: "JAMMED", code: "jammed" }],
  already: true,
});

/** `door` is a binary sensor: on is open. */
export const esphomeLock: MappingSpec = {
  name: "esphome-lock",
  title: "ESPHome: locks, with a binary sensor for the door",
  kind: "lock",
  ...common,
  vars: { ...itself, lock: "lock", door: "door" },
  hears: [
    hears("state", "state", "lock/{lock}/state", {
      words: { LOCKED: "locked", UNLOCKED: "unlocked", JAMMED: "jammed" },
    }),
    hears("telemetry", "door", "binary_sensor/{door}/state", { words: { ON: "open", OFF: "closed" } }),
    ...hearsItself,
  ],
  tells: { lock: turn("LOCK", "locked", 1), unlock: turn("UNLOCK", "unlocked", 0) },
};
