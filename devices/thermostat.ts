/** Holds a room at a temperature. */
import { z } from "zod";
import { desirable, oneOf } from "../src/kind/field.ts";
import { celsius, percent } from "../src/kind/quantities.ts";
import { defineKind } from "../src/kind/kind.ts";

const target = celsius({ title: "Target", min: 5, max: 30, step: 0.5 });
const mode = oneOf(["off", "heat", "cool", "auto"], { title: "Mode" });

export default defineKind({
  name: "thermostat",
  version: 1,
  title: "Thermostat",
  description: "Holds a room at a temperature.",
  icon: "thermometer",
  telemetry: {
    temperature: celsius({ title: "Temperature" }),
    humidity: percent({ title: "Humidity", deviceClass: "humidity" }),
    action: oneOf(["off", "idle", "heating", "cooling"], { title: "Action" }),
  },
  state: {
    target: desirable(target),
    mode: desirable(mode),
  },
  commands: {
    set_target: {
      title: "Set target",
      effect: "set",
      params: z.object({ target }),
      confirms: { field: "target", param: "target" },
    },
    set_mode: {
      title: "Set mode",
      effect: "set",
      params: z.object({ mode }),
      confirms: { field: "mode", param: "mode" },
    },
  },
  examples: {
    telemetry: [{ temperature: 20.4, humidity: 45.2, action: "heating" }, { temperature: 21.9, action: "idle" }],
    state: [{ target: 21.5, mode: "heat" }],
    commands: {
      set_target: [{ params: { target: 21.5 } }],
      set_mode: [{ params: { mode: "auto" } }],
    },
  },
  behaviour(self) {
    /** A small room, so that somebody who watches sees it move: what leaks, heats and cools, per second. */
    const LEAK = 1 / 2400;
    const HEAT = 0.012;
    const COOL = 0.009;
    /** How far it drifts from the target before it does something; then it goes on as far as the target. */
    const BAND = 0.5;
    let temperature = 18 + self.random() * 3;
    let humidity = 40 + self.random() * 15;
    let action: "off" | "idle" | "heating" | "cooling" = "idle";
    self.report({ target: 20 + Math.round(self.random() * 4) / 2, mode: "heat" });

    const decide = () => {
      const { target = 20, mode } = self.state;
      if (mode === "off") return "off";
      const mayHeat = mode !== "cool";
      const mayCool = mode !== "heat";
      if (mayHeat && temperature < target - (action === "heating" ? 0 : BAND)) return "heating";
      if (mayCool && temperature > target + (action === "cooling" ? 0 : BAND)) return "cooling";
      return "idle";
    };
    const measure = () => {
      action = decide();
      const seen = temperature + (self.random() - 0.5) * 0.1;
      self.telemetry({ temperature: Math.round(seen * 100) / 100, humidity: Math.round(humidity * 10) / 10, action });
    };
    const put = (state: Parameters<typeof self.report>[0]) => {
      self.report(state);
      measure();
    };
    return {
      every: 5,
      tick(dt) {
        const outside = 10 + 6 * Math.sin((self.hour - 9) / 24 * 2 * Math.PI);
        const flow = action === "heating" ? HEAT : action === "cooling" ? -COOL : 0;
        // In closed form: a long step must not overshoot.
        const balance = outside + flow / LEAK;
        temperature = balance + (temperature - balance) * Math.exp(-LEAK * dt);
        humidity = Math.min(70, Math.max(30, humidity + (self.random() - 0.5) * 0.4));
        measure();
      },
      commands: { set_target: put, set_mode: put },
      desired: put,
    };
  },
});
