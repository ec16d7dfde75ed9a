/** Holds a room at a temperature. */
import { z } from "zod";
import { celsius, desirable, oneOf, percent } from "../src/kind/field.ts";
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
});
