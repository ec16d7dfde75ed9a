/** Tasmota as a meter, of one phase or three: what a plug measures beyond its power, and what is read from a meter. */
import type { MappingSpec, ReadingSpec } from "../mapping.ts";
import { NUMBER } from "./forms.ts";
import {
  asksFirmware,
  asksInterval,
  asksSensors,
  asksState,
  common,
  hearsFirmware,
  interval,
  itself,
  reboot,
  setsInterval,
  STATES,
} from "./tasmota.ts";

const OF_A_PHASE = {
  power: "Power",
  voltage: "Voltage",
  current: "Current",
  apparent_power: "ApparentPower",
  reactive_power: "ReactivePower",
  power_factor: "Factor",
};

/** Of three phases they are lists, and what is the same for all of them, such as the voltage, may be one number. */
const readings = (under: string): Record<string, ReadingSpec> => {
  const at = (...places: string[]): ReadingSpec => ({
    at: places.map((place) => `${under}/ENERGY/${place}`),
    ...NUMBER,
  });
  return {
    power: at("Power"),
    energy_import: at("Total"),
    energy_export: at("ExportActive"),
    frequency: at("Frequency", "Frequency/0"),
    ...Object.fromEntries([0, 1, 2].flatMap((phase) =>
      Object.entries(OF_A_PHASE).map(([field, name]) => [
        `${field}_l${phase + 1}`,
        phase === 0 ? at(`${name}/0`, name) : at(`${name}/${phase}`),
      ])
    )),
  };
};

export const tasmotaMeter: MappingSpec = {
  name: "tasmota-meter",
  title: "Tasmota: meters of one phase or three",
  kind: "energy-meter",
  ...common,
  greets: [asksState, asksSensors, asksInterval, asksFirmware],
  hears: [
    hearsFirmware,
    ...STATES.map((topic) => ({ topic, state: { report_interval: interval }, telemetry: itself })),
    { topic: "{tele}/SENSOR", telemetry: readings("") },
    { topic: "{stat}/STATUS10", telemetry: readings("/StatusSNS") },
  ],
  tells: { reboot },
  desires: setsInterval,
};
