/** A guess at the icon: by what it is, else by what it tells. */
import type { Draft } from "./draft.ts";

const BY_TYPE: Record<string, string> = {
  light: "lightbulb",
  lock: "lock",
  cover: "air-vent",
  climate: "thermometer",
  fan: "fan",
  switch: "toggle-right",
};

/** The first that fits a name wins. */
const BY_NAME: readonly [RegExp, string][] = [
  [/smoke|fire/, "flame"],
  [/leak|valve|water|^flow/, "droplets"],
  [/contact|door|window/, "door-open"],
  [/occupancy|presence|motion/, "radar"],
  [/soil|plant/, "sprout"],
  [/alarm|siren|warning/, "bell"],
  [/co2|voc|pm_?\d|air_quality/, "wind"],
  [/energy|power$/, "zap"],
  [/temperature|humidity/, "thermometer"],
  [/illuminance/, "sun"],
  [/vibration/, "activity"],
  [/pressure/, "gauge"],
  [/^action/, "power"],
];

export function iconOf({ telemetry, settable, reported, events }: Draft, types: readonly string[] = []): string {
  const type = Object.keys(BY_TYPE).find((type) => types.includes(type));
  if (type) return BY_TYPE[type];
  const names = [telemetry, settable, reported, events].flatMap(Object.keys);
  return BY_NAME.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? "circuit-board";
}
