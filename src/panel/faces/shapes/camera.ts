/** Pictures as blobs, and a command that asks for one. */
import type { CommandControl, CommandModel, FieldControl } from "../../form/controls.ts";
import { type FieldModel, propertiesOf } from "../../form/field.ts";
import { isBounded, type Seen } from "./seen.ts";

export interface CameraParts {
  snapshot: CommandModel;
  /** Turns it: a command of two angles that it reports. */
  look?: { command: CommandModel; pan: FieldModel; tilt: FieldModel };
  covered?: FieldControl;
}

export function cameraIn({ kind, controls, fields, state }: Seen): CameraParts | null {
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
