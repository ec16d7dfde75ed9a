/** A position in percent with ways to open, stop and close it. */
import type { CommandModel, FieldControl } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import { isChoice, type Seen } from "./seen.ts";

export interface CoverParts {
  position: FieldControl;
  tilt?: FieldControl;
  moving?: FieldModel;
  blocked?: FieldModel;
  open?: CommandModel;
  stop?: CommandModel;
  close?: CommandModel;
}

const isPercent = ({ sort, unit, min, max }: FieldModel) =>
  sort === "number" && unit === "%" && min === 0 && max === 100;

export function coverIn({ fields, state, command }: Seen): CoverParts | null {
  const position = fields.find(({ field, by }) => by && isPercent(field) && /position|lift|cover/.test(field.name));
  if (!position) return null;
  const plain = (model: CommandModel | undefined) =>
    model && model.params.every(({ isOptional }) => isOptional) ? model : undefined;
  const [open, stop, close] = [/^open(_|$)/, /^stop(_|$)/, /^close(_|$)/].map((name) => plain(command(name)));
  if (!stop && !(open && close)) return null;
  return {
    position,
    tilt: fields.find(({ field, by }) => by && isPercent(field) && /tilt/.test(field.name)),
    moving: state.find((field) => isChoice(field, /^opening$/i, /^closing$/i)),
    blocked: state.find(({ sort, deviceClass, name }) =>
      sort === "toggle" && (deviceClass === "problem" || /obstruct/.test(name))
    ),
    open,
    stop,
    close,
  };
}
