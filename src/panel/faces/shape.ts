/**
 * Which face fits a kind, by what its document has: fields, units, options, commands. Names count only where nothing else
 * tells two of the same shape apart, so that an imported kind gets a face as ours do. Pure.
 */
import type { KindDocument } from "../../kind/schema.ts";
import {
  type CommandControl,
  type CommandModel,
  commandModel,
  type Control,
  type FieldControl,
  type ReachControl,
} from "../form/controls.ts";
import { type FieldModel, fieldsOf, propertiesOf } from "../form/field.ts";

export interface ThermostatParts {
  target: FieldControl;
  measured: FieldModel;
  mode?: FieldControl;
  /** What it does about it now, in a word. */
  action?: FieldModel;
}

/** A colour as hue and saturation: one group, or a command of two params with what it leads to beside it. */
export interface ColorParts {
  by: FieldControl | CommandControl;
  hue: FieldModel;
  saturation: FieldModel;
}

export interface LightParts {
  on: FieldControl;
  brightness?: FieldControl;
  white?: FieldControl;
  color?: ColorParts;
  /** Which of white and colour it shows. */
  shows?: FieldModel;
}

export interface CoverParts {
  position: FieldControl;
  tilt?: FieldControl;
  moving?: FieldModel;
  blocked?: FieldModel;
  open?: CommandModel;
  stop?: CommandModel;
  close?: CommandModel;
}

export interface LockParts {
  bolt: ReachControl | FieldControl;
  locked: string;
  unlocked: string;
  lock: CommandModel;
  unlock: CommandModel;
  door?: FieldModel;
}

export interface CameraParts {
  snapshot: CommandModel;
  /** Turns it: a command of two angles that it reports. */
  look?: { command: CommandModel; pan: FieldModel; tilt: FieldModel };
  covered?: FieldControl;
}

export interface RoverParts {
  lane: {
    name: string;
    title: string;
    deadman: number;
    role: CommandModel["role"];
    forward: FieldModel;
    turn: FieldModel;
  };
  /** What the device itself allows, where it reports that. */
  most: { forward?: FieldModel; turn?: FieldModel };
  stop?: CommandModel;
  place?: { x: FieldModel; y: FieldModel; heading?: FieldModel };
  ahead?: FieldModel;
  speed?: FieldModel;
}

export interface ChargerParts {
  session: FieldModel;
  limit: FieldControl;
  energy?: FieldModel;
  power?: FieldModel;
  battery?: FieldModel;
  start?: CommandModel;
  stop?: CommandModel;
}

export interface TrackerParts {
  lat: FieldModel;
  lon: FieldModel;
  accuracy?: FieldModel;
  speed?: FieldModel;
  course?: FieldModel;
  fence?: { lat: FieldModel; lon: FieldModel; radius: FieldModel; name?: FieldModel };
  locate?: CommandModel;
}

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

interface Seen {
  kind: KindDocument;
  controls: readonly Control[];
  fields: readonly FieldControl[];
  state: readonly FieldModel[];
  told: readonly FieldModel[];
  command(name: RegExp): CommandModel | undefined;
}

/** Null where the generic controls are as good. */
export function shapeOf(kind: KindDocument, controls: readonly Control[]): Shape | null {
  const commands = controls.flatMap((control) =>
    control.sort === "command" ? [control.command] : [
      ...control.to.map(({ command }) => command),
      ...(control.sort === "field" && control.by ? [control.by.command] : []),
    ]
  );
  const seen: Seen = {
    kind,
    controls,
    fields: controls.filter((control): control is FieldControl => control.sort === "field"),
    state: fieldsOf(kind.properties.state),
    told: fieldsOf(kind.properties.telemetry),
    command: (name) => commands.find((command) => name.test(command.name)),
  };
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

const CHOICE = (field: FieldModel, ...options: RegExp[]) =>
  field.sort === "choice" && options.every((option) => field.options!.some((one) => option.test(one)));
const isNumber = ({ sort }: FieldModel) => sort === "number";
const isBounded = ({ sort, min, max }: FieldModel) => sort === "number" && min !== undefined && max !== undefined;

const DEGREES = ["°C", "°F", "K"];

function thermostatIn({ fields, told }: Seen): ThermostatParts | null {
  const targets = fields.filter(({ field, by }) => by && isBounded(field) && DEGREES.includes(field.unit ?? ""));
  const target = targets.find(({ field }) => /target|setpoint|set_?point/.test(field.name)) ??
    // A correction of a few degrees around nought is no target.
    targets.find(({ field }) => field.max! >= 15);
  const measured = target && told.find(({ unit, sort }) => sort === "number" && unit === target.field.unit);
  if (!target || !measured) return null;
  const mode = fields.find(({ field }) => CHOICE(field, /^off$/i, /^(heat|cool|auto)/i));
  return { target, measured, mode, action: told.find((field) => CHOICE(field, /^(heating|cooling|heat|idle)$/i)) };
}

function lightIn({ fields, controls, state }: Seen): LightParts | null {
  const on = fields.find(({ field, by }) =>
    by && field.sort === "toggle" && /^(on|state|light|power)(_|$)/.test(field.name)
  );
  const brightness = fields.find(({ field }) => isBounded(field) && /bright|dim/.test(field.name));
  const white = fields.find(({ field }) => isBounded(field) && ["K", "mired"].includes(field.unit ?? ""));
  const color = colorIn(fields, controls, state);
  if (!on || (!brightness && !white && !color)) return null;
  return {
    on,
    brightness,
    white,
    color,
    shows: state.find((field) => CHOICE(field, /^color_temp/i, /^(color|hs|xy)$/i)),
  };
}

const isHue = ({ name, sort }: FieldModel) => sort === "number" && /(^|_)h(ue)?$/.test(name);
const isSaturation = ({ name, sort }: FieldModel) => sort === "number" && /(^|_)s(at(uration)?)?$/.test(name);

function colorIn(
  fields: readonly FieldControl[],
  controls: readonly Control[],
  state: readonly FieldModel[],
): ColorParts | undefined {
  for (const control of fields) {
    const [hue, saturation] = [control.field.parts?.find(isHue), control.field.parts?.find(isSaturation)];
    if (hue && saturation && control.field.parts!.length === 2) return { by: control, hue, saturation };
  }
  for (const control of controls) {
    if (control.sort !== "command" || control.command.danger !== "none" || control.command.params.length !== 2) {
      continue;
    }
    const { params } = control.command;
    const [hue, saturation] = [state.find(isHue), state.find(isSaturation)];
    if (params.some(isHue) && params.some(isSaturation) && hue && saturation) return { by: control, hue, saturation };
  }
  return undefined;
}

const isPercent = ({ sort, unit, min, max }: FieldModel) =>
  sort === "number" && unit === "%" && min === 0 && max === 100;

function coverIn({ fields, state, command }: Seen): CoverParts | null {
  const position = fields.find(({ field, by }) => by && isPercent(field) && /position|lift|cover/.test(field.name));
  if (!position) return null;
  const plain = (model: CommandModel | undefined) =>
    model && model.params.every(({ isOptional }) => isOptional) ? model : undefined;
  const [open, stop, close] = [/^open(_|$)/, /^stop(_|$)/, /^close(_|$)/].map((name) => plain(command(name)));
  if (!stop && !(open && close)) return null;
  return {
    position,
    tilt: fields.find(({ field, by }) => by && isPercent(field) && /tilt/.test(field.name)),
    moving: state.find((field) => CHOICE(field, /^opening$/i, /^closing$/i)),
    blocked: state.find(({ sort, deviceClass, name }) =>
      sort === "toggle" && (deviceClass === "problem" || /obstruct/.test(name))
    ),
    open,
    stop,
    close,
  };
}

function lockIn({ controls, told, command }: Seen): LockParts | null {
  const [lock, unlock] = [command(/^lock(_|$)/), command(/^unlock(_|$)/)];
  if (!lock || !unlock) return null;
  for (const bolt of controls) {
    if (bolt.sort === "command" || bolt.field.sort !== "choice") continue;
    if (!bolt.to.some(({ command }) => command.name === lock.name)) continue;
    const [locked, unlocked] = [/^lock(ed)?$/i, /^unlock(ed)?$/i].map((name) =>
      bolt.field.options!.find((option) => name.test(option))
    );
    if (!locked || !unlocked) continue;
    const door = told.find(({ deviceClass, name }) => deviceClass === "door" || name === "door");
    return { bolt, locked, unlocked, lock, unlock, door };
  }
  return null;
}

function cameraIn({ kind, controls, fields, state }: Seen): CameraParts | null {
  if (!kind.blobs.some((mime) => mime.startsWith("image/"))) return null;
  const snapshot = controls.find((control): control is CommandControl =>
    control.sort === "command" && control.command.effect === "query" &&
    control.command.params.every(({ isOptional }) => isOptional) &&
    Object.values(propertiesOf(kind.commands[control.command.name].result ?? {})).some(({ type }) =>
      type === "string"
    ) &&
    /snap|picture|photo|shot|image/.test(control.command.name)
  );
  if (!snapshot) return null;
  const turns = controls.flatMap((control) => {
    if (control.sort !== "command" || control.command.danger !== "none") return [];
    const { params } = control.command;
    const [pan, tilt] = ["pan", "tilt"].map((name) => params.find((param) => param.name === name && isBounded(param)));
    const isReported = ["pan", "tilt"].every((name) => state.some((field) => field.name === name));
    return pan && tilt && params.length === 2 && isReported ? [{ command: control.command, pan, tilt }] : [];
  });
  const covered = fields.find(({ field }) => field.sort === "toggle" && /privacy|shutter/.test(field.name));
  return { snapshot: snapshot.command, look: turns[0], covered };
}

const isBothWays = (field: FieldModel) => isBounded(field) && field.min! < 0 && field.max! > 0;
const TURNING = ["rad/s", "°/s"];

function roverIn({ kind, state, told, command }: Seen): RoverParts | null {
  for (const [name, document] of Object.entries(kind.commands)) {
    if (document.effect !== "stream") continue;
    const { title, role, params } = commandModel(name, document);
    const ways = params.filter(isBothWays);
    const turn = ways.find(({ unit, name }) => TURNING.includes(unit ?? "") || /turn|ang|yaw|steer/.test(name));
    const forward = ways.find((field) => field !== turn);
    if (!turn || !forward || params.length !== 2) continue;
    const most = (field: FieldModel) =>
      state.find(({ name, unit }) => name === `max_${field.name}` && unit === field.unit);
    const [x, y] = ["x", "y"].map((axis) => told.find((field) => field.name === axis && isNumber(field)));
    return {
      lane: { name, title, role, deadman: document.deadman ?? 0.5, forward, turn },
      most: { forward: most(forward), turn: most(turn) },
      stop: command(/^stop$/),
      ...(x && y && { place: { x, y, heading: told.find(({ name }) => /^(heading|yaw|course)$/.test(name)) } }),
      ahead: told.find(({ name, unit }) => unit === "m" && /obstacle|ahead|range/.test(name)),
      speed: told.find(({ name }) => name === forward.name),
    };
  }
  return null;
}

function chargerIn({ fields, state, told, command }: Seen): ChargerParts | null {
  const limit = fields.find(({ field, by }) => by && isBounded(field) && field.unit === "A");
  const session = state.find((field) => CHOICE(field, /^charging$/i, /./) && field.options!.length > 2);
  if (!limit || !session) return null;
  const energy = told.filter(({ unit }) => unit === "kWh" || unit === "Wh");
  return {
    session,
    limit,
    energy: energy.find(({ name }) => /session/.test(name)) ?? energy[0],
    power: told.find(({ unit }) => unit === "W" || unit === "kW"),
    battery: told.find(({ name, unit }) => unit === "%" && name !== "battery"),
    start: command(/^start/),
    stop: command(/^stop/),
  };
}

function trackerIn({ told, state, command }: Seen): TrackerParts | null {
  const find = (fields: readonly FieldModel[], called: RegExp, most: number) =>
    fields.find(({ name, sort, unit, max = most }) =>
      called.test(name) && sort === "number" && (unit === undefined || unit === "°") && max <= most
    );
  const [lat, lon] = [find(told, /^lat(itude)?$/, 90), find(told, /^(lon|lng|longitude)$/, 180)];
  if (!lat || !lon) return null;
  const [fenceLat, fenceLon] = [find(state, /fence.*lat/, 90), find(state, /fence.*(lon|lng)/, 180)];
  const radius = state.find(({ name, unit }) => /fence.*radius/.test(name) && unit === "m");
  return {
    lat,
    lon,
    accuracy: told.find(({ name, unit }) => /accuracy/.test(name) && unit === "m"),
    speed: told.find(({ unit }) => unit === "m/s" || unit === "km/h"),
    course: told.find(({ name, unit }) => /course|heading|bearing/.test(name) && unit === "°"),
    ...(fenceLat && fenceLon && radius &&
      {
        fence: {
          lat: fenceLat,
          lon: fenceLon,
          radius,
          name: state.find(({ name, sort }) => /fence$/.test(name) && sort === "text"),
        },
      }),
    locate: command(/locate/),
  };
}
