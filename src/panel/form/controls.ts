/** Which controls a kind has: its document decides, so a new kind needs no new panel [K4]. */
import type { CommandDocument, KindDocument } from "../../kind/schema.ts";
import { type FieldModel, fieldOf, fieldsOf, propertiesOf } from "./field.ts";

export interface CommandModel {
  name: string;
  title: string;
  description?: string;
  effect: CommandDocument["effect"];
  danger: CommandDocument["danger"];
  role: CommandDocument["role"];
  timeout: number;
  mayQueue: boolean;
  /** It is selected first, and sent within ten seconds [C22]. */
  select: boolean;
  params: FieldModel[];
}

/** What asking for a value of a reported field means: a command with that param, or the desired document. */
export interface FieldControl {
  sort: "field";
  field: FieldModel;
  /** Sends the value as `param`; absent where only the desired document takes it. */
  by?: { command: CommandModel; param: string; fixed: Fixed };
  /** Commands that each lead to one value of it: `open` to 100. */
  to: Way[];
}

export interface Way {
  command: CommandModel;
  value: unknown;
}

/** Params that the control itself settles: which channel it is of. */
export type Fixed = Record<string, unknown>;

/** Commands that each lead to one value of a reported field: `lock` to `locked`. */
export interface ReachControl {
  sort: "reach";
  field: FieldModel;
  to: Way[];
}

export interface CommandControl {
  sort: "command";
  command: CommandModel;
}

export type Control = FieldControl | ReachControl | CommandControl;

/** [K3] Every kind has these; they stand last, because they are about the device and not about what it does. */
const UPKEEP = ["identify", "get_diagnostics", "reboot"];
export const isUpkeepName = (name: string): boolean => UPKEEP.includes(name);
export const isUpkeep = (control: Control): boolean => control.sort === "command" && isUpkeepName(control.command.name);

export function commandModel(name: string, command: CommandDocument): CommandModel {
  const { title, description, effect, danger, role, timeout, queue, select, params } = command;
  return { name, title, description, effect, danger, role, timeout, mayQueue: queue, select, params: fieldsOf(params) };
}

export function controlsOf(kind: KindDocument): Control[] {
  // A lane is driven frame by frame, not pressed: it has no control until there is a stick [L].
  const commands = Object.entries(kind.commands).filter(([, { effect }]) => effect !== "stream")
    .map(([name, command]) => commandModel(name, command));
  const fields = Object.entries(propertiesOf(kind.properties.state)).map(([name, schema]) => fieldOf(name, schema));
  const controls: Control[] = fields.flatMap((field) => fieldControl(kind, commands, field) ?? []);
  const drawn = new Set(controls.flatMap(commandsOf));
  const rest = commands.filter((command) => !drawn.has(command.name)).map((command) =>
    ({ sort: "command", command }) as const
  );
  return [...controls, ...rest.filter((one) => !isUpkeep(one)), ...rest.filter(isUpkeep)];
}

export const commandsOf = (control: Control): string[] => {
  switch (control.sort) {
    case "field":
    case "reach": {
      const by = control.sort === "field" && control.by ? [control.by.command.name] : [];
      return [...by, ...control.to.map(({ command }) => command.name)];
    }
    case "command":
      return [control.command.name];
  }
};

function fieldControl(kind: KindDocument, commands: CommandModel[], field: FieldModel): Control | null {
  const confirming = commands.flatMap((command) => {
    const { confirms } = kind.commands[command.name];
    return confirms?.field === plainName(field) ? [{ command, confirms }] : [];
  });
  // A channel's own are told apart by a param, which these do not have.
  const to = confirming.flatMap(({ command, confirms }) =>
    "value" in confirms && field.channel === undefined && canStandAlone(command)
      ? [{ command, value: confirms.value }]
      : []
  );
  for (const { command, confirms } of confirming) {
    if ("param" in confirms && canStandAlone(command, confirms.param)) {
      return { sort: "field", field, by: { command, param: confirms.param, fixed: fixedOf(field) }, to };
    }
  }
  // What wants a second thought as a command is not to be had without one as a wish.
  if (field.isDesirable && confirming.every(({ command }) => isHarmless(command))) {
    return { sort: "field", field, to: [] };
  }
  return to.length > 0 ? { sort: "reach", field, to } : null;
}

/** `on` for `on_3` [K6]. */
const plainName = ({ name, channel }: FieldModel) =>
  channel === undefined ? name : name.slice(0, -`_${channel}`.length);
const fixedOf = ({ channel }: FieldModel): Fixed => channel === undefined ? {} : { channel };

const isHarmless = ({ danger, select }: CommandModel) => danger === "none" && !select;

/** Params, a second thought, or a look at what would happen: there is a dialog before it is sent. */
export const needsDialog = (command: CommandModel): boolean => command.params.length > 0 || !isHarmless(command);

/** A command that needs more than the one param, or a second thought, has a form of its own [K2]. */
const canStandAlone = (command: CommandModel, param?: string) =>
  isHarmless(command) && command.params.every(({ name, isOptional }) => name === param || isOptional);

/** [K6] Those of one device: of the channels that it reports, and where there is one it is not asked which. */
export function forDevice(controls: Control[], reported: Record<string, unknown> = {}): Control[] {
  const isThere = ({ name, channel }: FieldModel) => channel === undefined || Object.hasOwn(reported, name);
  const there = controls.filter((control) => control.sort === "command" || isThere(control.field));
  const channels = Math.max(1, ...there.map((control) => control.sort === "command" ? 1 : control.field.channel ?? 1));
  return there.map((control) =>
    control.sort === "command" ? { ...control, command: withChannels(control.command, channels) } : control
  );
}

/** State of the device that nobody can ask for, such as a leak: it is shown beside the controls. */
export function reportedOnly(kind: KindDocument, controls: Control[], reported: Record<string, unknown> = {}) {
  const drawn = controls.flatMap((control) => control.sort === "command" ? [] : [control.field.name]);
  return fieldsOf(kind.properties.state).filter(({ name }) => Object.hasOwn(reported, name) && !drawn.includes(name));
}

function withChannels(command: CommandModel, channels: number): CommandModel {
  const params = command.params.flatMap((param) => {
    if (param.name !== "channel") return [param];
    return channels > 1 ? [{ ...param, max: channels }] : [];
  });
  return { ...command, params };
}

export interface Headline {
  part: "telemetry" | "reported";
  field: FieldModel;
}

/** The two or three values that tell most: what commands act on, then what is measured. */
export function headlineOf(kind: KindDocument): Headline[] {
  const acted = Object.values(kind.commands).flatMap(({ confirms }) => confirms ? [confirms.field] : []);
  const state = of("reported", kind.properties.state).filter(({ field }) => acted.includes(field.name));
  const own = of("telemetry", kind.properties.telemetry).filter(({ field }) =>
    !EVERYWHERE.includes(field.name) && field.channel === undefined
  );
  const [first] = state;
  // What was asked for comes first ("locked", "on", a position), or beside what is measured where that is the same
  // quantity: a target beside the temperature.
  const order = !first
    ? own
    : own[0] && first.field.unit !== undefined && own[0].field.unit === first.field.unit
    ? [...own.slice(0, 1), first, ...own.slice(1)]
    : [first, ...own];
  const battery = of("telemetry", kind.properties.telemetry).filter(({ field }) => field.name === "battery");
  return [...order, ...battery].slice(0, 3);
}

const of = (part: Headline["part"], schema: Parameters<typeof fieldsOf>[0]): Headline[] =>
  fieldsOf(schema).map((field) => ({ part, field }));

/** [K3] Telemetry that says how the device is, not what it measures. */
export const EVERYWHERE = ["battery", "rssi", "uptime", "firmware"];
