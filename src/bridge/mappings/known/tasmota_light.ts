/** Tasmota lamps. `Dimmer`, `CT` and `HSBColor` also switch them on, unless SetOption20 says otherwise. */
import type { MappingSpec } from "../mapping.ts";
import { brightnessOf, MIRED, MIRED_OFF, NUMBER, ON_OFF } from "./forms.ts";
import { asksFirmware, asksState, common, fails, hearsFirmware, isOn, itself, reboot, STATES } from "./tasmota.ts";

const hasColor = { at: "/HSBColor" };
const SCHEMES = { 0: "none", 2: "color_loop" };

export const tasmotaLight: MappingSpec = {
  name: "tasmota-light",
  title: "Tasmota: lamps",
  kind: "light",
  ...common,
  source: "https://tasmota.github.io/docs/Lights/",
  greets: [asksState, asksFirmware],
  hears: [
    hearsFirmware,
    ...STATES.map((topic) => ({
      topic,
      state: {
        on: isOn,
        brightness: { at: "/Dimmer", ...brightnessOf(100) },
        color_temp: { at: "/CT", ...MIRED },
        color: {
          parts: {
            h: { at: "/HSBColor", split: { by: ",", index: 0 }, ...NUMBER },
            s: { at: "/HSBColor", split: { by: ",", index: 1 }, ...NUMBER },
          },
        },
        // One that has both shows the white ones or the colored ones.
        color_mode: [
          { value: "color_temp", when: [hasColor, { at: "/White", not: 0 }] },
          { value: "color_temp", when: [{ at: "/HSBColor", is: "0,0,0" }, { at: "/CT" }] },
          { value: "color", when: hasColor },
          { value: "color_temp", when: { at: "/CT" } },
        ],
        effect: { at: "/Scheme", words: SCHEMES },
      },
      telemetry: itself,
    })),
    { topic: "{stat}/POWER", payload: "text", state: { on: ON_OFF } },
  ],
  tells: {
    set: {
      params: { on: ON_OFF },
      publish: [{ topic: "{cmnd}/POWER1", payload: "{on}" }],
      proves: [{ field: "on", param: "on" }],
      fails,
    },
    set_brightness: {
      params: { brightness: brightnessOf(100) },
      publish: [{ topic: "{cmnd}/Dimmer", payload: "{brightness}" }],
      proves: [{ field: "brightness", param: "brightness" }],
      fails,
    },
    set_color_temp: {
      params: { color_temp: MIRED },
      publish: [{ topic: "{cmnd}/CT", payload: "{color_temp}" }],
      proves: [{ field: "color_temp", param: "color_temp" }],
      fails,
    },
    set_color: {
      params: { color: { parts: { h: { digits: 0 }, s: { digits: 0 } } } },
      // Two commands, so that the brightness stays what it is.
      publish: [{ topic: "{cmnd}/Backlog0", payload: "HSBColor1 {color.h}; HSBColor2 {color.s}" }],
      proves: [{ field: "color", param: "color" }],
      fails,
    },
    effect: {
      params: { name: { words: SCHEMES } },
      publish: [{ topic: "{cmnd}/Scheme", payload: "{name}" }],
      proves: [{ field: "effect", param: "name" }],
      fails,
    },
    reboot,
  },
  desires: {
    color_temp: { command: "set_color_temp", param: "color_temp" },
    color: { command: "set_color", param: "color" },
    brightness: { command: "set_brightness", param: "brightness" },
    effect: { command: "effect", param: "name" },
    // Last, since the others may switch it on.
    on: { command: "set", param: "on" },
  },
  tolerance: { brightness: 1, color_temp: MIRED_OFF, color: 2 },
};
