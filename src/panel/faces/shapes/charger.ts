/** A limit in amperes and a session that charges or does not. */
import type { CommandModel, FieldControl } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import { isBounded, isChoice, type Seen } from "./seen.ts";

export interface ChargerParts {
  session: FieldModel;
  limit: FieldControl;
  energy?: FieldModel;
  power?: FieldModel;
  battery?: FieldModel;
  start?: CommandModel;
  stop?: CommandModel;
}

export function chargerIn({ fields, state, told, command }: Seen): ChargerParts | null {
  const limit = fields.find(({ field, by }) => by && isBounded(field) && field.unit === "A");
  const session = state.find((field) => isChoice(field, /^charging$/i, /./) && field.options!.length > 2);
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
