/**
 * Which face fits a kind, by what its document has: fields, units, options, commands. Names count only where nothing else
 * tells two of the same shape apart, so that an imported kind gets a face as ours do. Pure.
 */
import type { KindDocument } from "../../kind/schema.ts";
import type { CommandModel, Control } from "../form/controls.ts";
import type { FieldModel } from "../form/field.ts";
import { cameraIn, type CameraParts } from "./shapes/camera.ts";
import { chargerIn, type ChargerParts } from "./shapes/charger.ts";
import { coverIn, type CoverParts } from "./shapes/cover.ts";
import { lightIn, type LightParts } from "./shapes/light.ts";
import { lockIn, type LockParts } from "./shapes/lock.ts";
import { roverIn, type RoverParts } from "./shapes/rover.ts";
import { thermostatIn, type ThermostatParts } from "./shapes/thermostat.ts";
import { trackerIn, type TrackerParts } from "./shapes/tracker.ts";
import { seenOf } from "./shapes/seen.ts";

export type Shape =
  | { name: "thermostat"; parts: ThermostatParts }
  | { name: "light"; parts: LightParts }
  | { name: "cover"; parts: CoverParts }
  | { name: "lock"; parts: LockParts }
  | { name: "camera"; parts: CameraParts }
  | { name: "rover"; parts: RoverParts }
  | { name: "charger"; parts: ChargerParts }
  | { name: "tracker"; parts: TrackerParts };

export type ShapeOf<N extends Shape["name"]> = Extract<Shape, { name: N }>["parts"];

/** Null where the generic controls are as good. */
export function shapeOf(kind: KindDocument, controls: readonly Control[]): Shape | null {
  const seen = seenOf(kind, controls);
  const rover = roverIn(seen);
  if (rover) return { name: "rover", parts: rover };
  const camera = cameraIn(seen);
  if (camera) return { name: "camera", parts: camera };
  const charger = chargerIn(seen);
  if (charger) return { name: "charger", parts: charger };
  const lock = lockIn(seen);
  if (lock) return { name: "lock", parts: lock };
  const cover = coverIn(seen);
  if (cover) return { name: "cover", parts: cover };
  const thermostat = thermostatIn(seen);
  if (thermostat) return { name: "thermostat", parts: thermostat };
  const light = lightIn(seen);
  if (light) return { name: "light", parts: light };
  const tracker = trackerIn(seen);
  return tracker && { name: "tracker", parts: tracker };
}

/** The controls that a face draws, by the names of their fields and commands. */
export function drawnBy({ name, parts }: Shape): Set<string> {
  const drawn = new Set<string>();
  const add = (...some: (Control | FieldModel | CommandModel | undefined)[]) => {
    for (const one of some) {
      if (!one) continue;
      if ("effect" in one) drawn.add(`command:${one.name}`);
      else if ("class" in one) drawn.add(`field:${one.name}`);
      else if (one.sort === "command") drawn.add(`command:${one.command.name}`);
      else drawn.add(`field:${one.field.name}`);
    }
  };
  switch (name) {
    case "thermostat":
      add(parts.target, parts.mode);
      break;
    case "light":
      add(parts.on, parts.brightness, parts.white, parts.color?.by, parts.shows);
      if (parts.color?.by.sort === "command") add(parts.color.hue, parts.color.saturation);
      break;
    case "cover":
      add(parts.position, parts.tilt, parts.moving, parts.blocked, parts.open, parts.stop, parts.close);
      break;
    case "lock":
      add(parts.bolt, parts.lock, parts.unlock);
      break;
    case "camera":
      add(parts.look?.command, parts.look?.pan, parts.look?.tilt, parts.covered);
      if (parts.snapshot.params.length === 0) add(parts.snapshot);
      break;
    case "rover":
      add(parts.stop);
      break;
    case "charger":
      add(parts.session, parts.limit, parts.stop);
      if (parts.start?.params.length === 0) add(parts.start);
      break;
    case "tracker":
      add(parts.fence?.lat, parts.fence?.lon, parts.fence?.radius, parts.fence?.name);
      break;
  }
  return drawn;
}

/** Also where all that leads to it is drawn: `stop`, which leads to what does not move. */
export const isDrawn = (drawn: ReadonlySet<string>, control: Control): boolean => {
  const hasCommand = (name: string) => drawn.has(`command:${name}`);
  if (control.sort === "command") return hasCommand(control.command.name);
  return drawn.has(`field:${control.field.name}`) ||
    (control.sort === "reach" && control.to.every(({ command }) => hasCommand(command.name)));
};
