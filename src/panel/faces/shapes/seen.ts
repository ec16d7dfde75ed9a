/** What the shapes look at: a kind's controls and fields, and what is asked of a field. Pure. */
import type { KindDocument } from "../../../kind/schema.ts";
import type { CommandModel, Control, FieldControl } from "../../form/controls.ts";
import { type FieldModel, fieldsOf } from "../../form/field.ts";

export interface Seen {
  kind: KindDocument;
  controls: readonly Control[];
  fields: readonly FieldControl[];
  state: readonly FieldModel[];
  told: readonly FieldModel[];
  command(name: RegExp): CommandModel | undefined;
}

export function seenOf(kind: KindDocument, controls: readonly Control[]): Seen {
  const commands = controls.flatMap((control) =>
    control.sort === "command" ? [control.command] : [
      ...control.to.map(({ command }) => command),
      ...(control.sort === "field" && control.by ? [control.by.command] : []),
    ]
  );
  return {
    kind,
    controls,
    fields: controls.filter((control): control is FieldControl => control.sort === "field"),
    state: fieldsOf(kind.properties.state),
    told: fieldsOf(kind.properties.telemetry),
    command: (name) => commands.find((command) => name.test(command.name)),
  };
}

export const isChoice = (field: FieldModel, ...options: RegExp[]) =>
  field.sort === "choice" && options.every((option) => field.options!.some((one) => option.test(one)));
export const isNumber = ({ sort }: FieldModel) => sort === "number";
export const isBounded = ({ sort, min, max }: FieldModel) =>
  sort === "number" && min !== undefined && max !== undefined;
