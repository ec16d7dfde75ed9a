/** Sensors, thermostats and covers of Zigbee2MQTT. */
import type { MappingSpec, TellSpec } from "../mapping.ts";
import { NUMBER } from "./forms.ts";
import { asks, common, itself, time } from "./zigbee2mqtt.ts";

export const zigbee2mqttSensor: MappingSpec = {
  name: "zigbee2mqtt-sensor",
  title: "Zigbee2MQTT: environment sensors",
  kind: "env-sensor",
  ...common,
  hears: [{
    topic: "{topic}",
    time,
    telemetry: {
      ...itself,
      temperature: { at: "/temperature", ...NUMBER },
      humidity: { at: "/humidity", ...NUMBER },
      pressure: { at: "/pressure", ...NUMBER },
      illuminance: { at: ["/illuminance_lux", "/illuminance"], ...NUMBER },
      co2: { at: "/co2", ...NUMBER },
    },
  }],
};

/** `setpoint` is `current_heating_setpoint` with most radiator valves. */
export const zigbee2mqttThermostat: MappingSpec = {
  name: "zigbee2mqtt-thermostat",
  title: "Zigbee2MQTT: thermostats and radiator valves",
  kind: "thermostat",
  ...common,
  vars: { ...common.vars, setpoint: "occupied_heating_setpoint" },
  greets: [asks("{setpoint}")],
  hears: [{
    topic: "{topic}",
    time,
    state: {
      target: { at: "/{setpoint}", ...NUMBER },
      mode: { at: "/system_mode", words: { off: "off", heat: "heat", cool: "cool", auto: "auto" } },
    },
    telemetry: {
      ...itself,
      temperature: { at: "/local_temperature", ...NUMBER },
      humidity: { at: "/humidity", ...NUMBER },
      action: { at: "/running_state", words: { idle: "idle", heat: "heating", cool: "cooling" } },
    },
  }],
  tells: {
    set_target: {
      params: { target: { digits: 2 } },
      publish: [{ topic: "{topic}/set/{setpoint}", payload: "{target}" }],
      proves: [{ field: "target", param: "target" }],
    },
    set_mode: {
      params: { mode: { words: { off: "off", heat: "heat", cool: "cool", auto: "auto" } } },
      publish: [{ topic: "{topic}/set", payload: { system_mode: "{mode}" } }],
      proves: [{ field: "mode", param: "mode" }],
    },
  },
  desires: {
    mode: { command: "set_mode", param: "mode" },
    target: { command: "set_target", param: "target" },
  },
  tolerance: { target: 0.051 },
};

const move = (payload: string, proves: TellSpec["proves"], more: Partial<TellSpec> = {}): TellSpec => ({
  publish: [{ topic: "{topic}/set/state", payload, qos: 0 }],
  proves,
  received: [{ field: "moving", value: "opening" }, { field: "moving", value: "closing" }],
  progress: ["position", "moving"],
  group: "move",
  within: 180,
  ...more,
});

export const zigbee2mqttCover: MappingSpec = {
  name: "zigbee2mqtt-cover",
  title: "Zigbee2MQTT: covers that know their position",
  kind: "cover",
  ...common,
  greets: [asks("position")],
  hears: [{
    topic: "{topic}",
    time,
    state: {
      position: { at: "/position", ...NUMBER },
      tilt: { at: "/tilt", ...NUMBER },
      moving: [
        { at: "/moving", words: { UP: "opening", DOWN: "closing", STOP: "stopped" } },
        { at: "/motor_state", words: { OPENING: "opening", CLOSING: "closing", STOPPED: "stopped" } },
      ],
    },
    telemetry: itself,
  }],
  tells: {
    open: move("OPEN", [{ field: "position", value: 100 }]),
    close: move("CLOSE", [{ field: "position", value: 0 }]),
    stop: move("STOP", [{ field: "moving", value: "stopped" }], { received: undefined, progress: [] }),
    go_to: move("", [{ field: "position", param: "position" }], {
      params: { position: { digits: 0 } },
      publish: [{ topic: "{topic}/set/position", payload: "{position}" }],
    }),
    tilt_to: {
      params: { tilt: { digits: 0 } },
      publish: [{ topic: "{topic}/set/tilt", payload: "{tilt}" }],
      proves: [{ field: "tilt", param: "tilt" }],
    },
  },
  tolerance: { position: 1, tilt: 1 },
};
