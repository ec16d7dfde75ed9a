/** A lamp: a switch, and how bright, how white or which colour. */
import type { CommandControl, Control, FieldControl } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import { isBounded, isChoice, type Seen } from "./seen.ts";

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

export function lightIn({ fields, controls, state }: Seen): LightParts | null {
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
    shows: state.find((field) => isChoice(field, /^color_temp/i, /^(color|hs|xy)$/i)),
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
