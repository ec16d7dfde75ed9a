/** Tasmota environment sensors. `sensor` is the name of the one that counts, such as `BME280`, or `*`: the first. */
import type { MappingSpec, ReadingSpec } from "../mapping.ts";
import { FAHRENHEIT, NUMBER } from "./forms.ts";
import {
  asksFirmware,
  asksInterval,
  asksSensors,
  asksState,
  common,
  fails,
  hearsFirmware,
  interval,
  itself,
  reboot,
  setsInterval,
  STATES,
} from "./tasmota.ts";

/** `Status 10` has them one level deeper. */
const readings = (under: string): Record<string, ReadingSpec | ReadingSpec[]> => {
  const at = (name: string) => ({ at: `${under}/{sensor}/${name}` });
  const pressureIn = (unit: string, hectopascal: number): ReadingSpec => ({
    ...at("Pressure"),
    when: { at: `${under}/PressureUnit`, is: unit },
    range: { theirs: [0, 1], ours: [0, hectopascal] },
    round: 1,
  });
  return {
    temperature: [
      { ...at("Temperature"), when: { at: `${under}/TempUnit`, is: "F" }, ...FAHRENHEIT },
      { ...at("Temperature"), ...NUMBER },
    ],
    humidity: { ...at("Humidity"), ...NUMBER },
    pressure: [pressureIn("mmHg", 1.333224), pressureIn("inHg", 33.86389), { ...at("Pressure"), ...NUMBER }],
    illuminance: { ...at("Illuminance"), ...NUMBER },
    co2: { ...at("CarbonDioxide"), ...NUMBER },
  };
};

export const tasmotaSensor: MappingSpec = {
  name: "tasmota-sensor",
  title: "Tasmota: environment sensors",
  kind: "env-sensor",
  ...common,
  vars: { ...common.vars, sensor: "*" },
  greets: [asksState, asksSensors, asksInterval, asksFirmware],
  hears: [
    hearsFirmware,
    ...STATES.map((topic) => ({
      topic,
      state: { report_interval: interval },
      telemetry: itself,
    })),
    { topic: "{tele}/SENSOR", telemetry: readings("") },
    { topic: "{stat}/STATUS10", telemetry: readings("/StatusSNS") },
  ],
  tells: {
    read_now: {
      publish: [{ topic: "{cmnd}/STATUS", payload: "10", qos: 0 }],
      proves: [{ topic: "{stat}/STATUS10", at: "/StatusSNS" }],
      fails,
    },
    reboot,
  },
  desires: setsInterval,
};
