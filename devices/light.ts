/** A lamp that dims, in white or in colour. */
import { z } from "zod";
import { desirable, duration, flag, oneOf } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";
import { degrees, kelvin, percent, watts } from "../src/kind/quantities.ts";

const brightness = percent({ title: "Brightness", min: 1 });
const color_temp = kelvin({ title: "White", min: 2000, max: 6500, step: 100 });
const color = z.strictObject({ h: degrees({ title: "Hue" }), s: percent({ title: "Saturation" }) })
  .meta({ title: "Color", class: "state" });
const effect = oneOf(["none", "breathe", "candle", "color_loop"], { title: "Effect" });
const transition = duration({ title: "Over", max: 3600, precision: 1 }).optional();

export default defineKind({
  name: "light",
  version: 1,
  title: "Light",
  description: "A lamp that dims, in white or in color. What is set counts at once; the light gets there over a while.",
  icon: "lightbulb",
  telemetry: {
    output: percent({ title: "Light given" }),
    power: watts({ title: "Power", min: 0 }),
  },
  state: {
    on: desirable(flag({ title: "Switch" })),
    brightness: desirable(brightness),
    color_temp: desirable(color_temp),
    color: desirable(color),
    /** Which of the two it shows. */
    color_mode: oneOf(["color_temp", "color"], { title: "Shows" }),
    effect: desirable(effect),
  },
  commands: {
    set: {
      title: "Switch",
      effect: "set",
      params: z.object({ on: flag({ title: "On" }), transition }),
      confirms: { field: "on", param: "on" },
    },
    set_brightness: {
      title: "Set brightness",
      description: "How bright it is when it is on.",
      effect: "set",
      params: z.object({ brightness, transition }),
      confirms: { field: "brightness", param: "brightness" },
    },
    set_color_temp: {
      title: "Set white",
      effect: "set",
      params: z.object({ color_temp, transition }),
      confirms: { field: "color_temp", param: "color_temp" },
    },
    set_color: {
      title: "Set color",
      effect: "set",
      params: z.object({ color, transition }),
      confirms: { field: "color", param: "color" },
    },
    effect: {
      title: "Effect",
      effect: "set",
      params: z.object({ name: effect }),
      confirms: { field: "effect", param: "name" },
    },
  },
  examples: {
    telemetry: [{ output: 80, power: 7.6 }],
    state: [
      { on: true, brightness: 80, color_temp: 2700, color_mode: "color_temp", effect: "none" },
      { on: true, brightness: 40, color: { h: 210, s: 90 }, color_mode: "color", effect: "breathe" },
    ],
    commands: {
      set: [{ params: { on: true } }, { params: { on: false, transition: 3 } }],
      set_brightness: [{ params: { brightness: 40 } }, { params: { brightness: 100, transition: 600 } }],
      set_color_temp: [{ params: { color_temp: 4000, transition: 2 } }],
      set_color: [{ params: { color: { h: 30, s: 85 } } }],
      effect: [{ params: { name: "candle" } }],
    },
  },
  behaviour(self) {
    const FULL_WATTS = 9;
    const STANDBY_WATTS = 0.4;
    self.report({
      on: self.random() < 0.5,
      brightness: 60 + Math.round(self.random() * 40),
      color_temp: 2700,
      color: { h: 30, s: 60 },
      color_mode: "color_temp",
      effect: "none",
    });
    const target = () => self.state.on ? self.state.brightness! : 0;
    let fade = { from: target(), since: self.time, seconds: 0 };
    const isFading = () => self.time < fade.since + fade.seconds;
    const level = () =>
      isFading() ? fade.from + (target() - fade.from) * (self.time - fade.since) / fade.seconds : target();
    const flicker = () => {
      switch (self.state.effect) {
        case "breathe":
          return 0.6 + 0.4 * Math.cos(self.time / 4 * 2 * Math.PI);
        case "candle":
          return 0.7 + 0.3 * self.random();
        default:
          return 1;
      }
    };
    const measure = () => {
      const output = level() * flicker();
      const power = STANDBY_WATTS + FULL_WATTS * output / 100 * (0.99 + self.random() * 0.02);
      self.telemetry({ output: Math.round(output * 10) / 10, power: Math.round(power * 100) / 100 });
    };
    const put = (state: Parameters<typeof self.report>[0], seconds = 0) => {
      const [from, before] = [level(), target()];
      self.report(state);
      if (target() !== before) fade = { from, since: self.time, seconds };
      measure();
    };
    return {
      get every() {
        return isFading() || self.state.effect !== "none" ? 0.5 : 10;
      },
      tick: measure,
      commands: {
        set: ({ on, transition }) => put({ on }, transition),
        set_brightness: ({ brightness, transition }) => put({ brightness }, transition),
        set_color_temp: ({ color_temp, transition }) => put({ color_temp, color_mode: "color_temp" }, transition),
        set_color: ({ color, transition }) => put({ color, color_mode: "color" }, transition),
        effect: ({ name }) => put({ effect: name }),
      },
      desired(state) {
        const { color, color_temp } = self.state;
        // What is wanted already is no reason to go back from the other of the two.
        const isOther = (wanted: unknown, now: unknown) =>
          wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(now);
        put({
          ...state,
          ...(isOther(state.color_temp, color_temp) && { color_mode: "color_temp" }),
          ...(isOther(state.color, color) && { color_mode: "color" }),
        });
      },
    };
  },
});
