/** ESPHome lights, by their JSON. */
import type { MappingSpec, TellSpec } from "../mapping.ts";
import { brightnessOf, MIRED, MIRED_OFF, ON_OFF } from "./forms.ts";
import { common, hearsItself, itself } from "./esphome.ts";

/** It says what it is going to be, not how far it is; and nothing where nothing changes. */
const tell = (param: string, key: string, form: NonNullable<TellSpec["params"]>[string]): TellSpec => ({
  params: { [param]: form, transition: { optional: true } },
  publish: [{
    topic: "{topic}/light/{light}/command",
    payload: { [key]: `{${param}}`, transition: "{transition}" },
  }],
  proves: [{ field: param, param }],
  already: true,
});

export const esphomeLight: MappingSpec = {
  name: "esphome-light",
  title: "ESPHome: lights",
  kind: "light",
  ...common,
  vars: { ...itself, light: "light" },
  hears: [
    {
      topic: "{topic}/light/{light}/state",
      state: {
        on: { at: "/state", ...ON_OFF },
        brightness: { at: "/brightness", ...brightnessOf(255) },
        color_temp: { at: "/color_temp", ...MIRED },
        color: { at: "/color", convert: "rgb" },
        color_mode: {
          at: "/color_mode",
          words: {
            rgb: "color",
            rgbw: "color",
            rgbct: "color",
            rgbww: "color",
            color_temp: "color_temp",
            cwww: "color_temp",
            white: "color_temp",
          },
        },
        effect: { at: "/effect", words: { None: "none" } },
      },
    },
    ...hearsItself,
  ],
  tells: {
    set: tell("on", "state", ON_OFF),
    set_brightness: tell("brightness", "brightness", brightnessOf(255)),
    set_color_temp: tell("color_temp", "color_temp", MIRED),
    set_color: tell("color", "color", { convert: "rgb" }),
  },
  desires: {
    color_temp: { command: "set_color_temp", param: "color_temp" },
    color: { command: "set_color", param: "color" },
    brightness: { command: "set_brightness", param: "brightness" },
    on: { command: "set", param: "on" },
  },
  tolerance: { brightness: 1, color_temp: MIRED_OFF, color: 2 },
};
