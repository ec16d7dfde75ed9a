/** A switch that may measure what flows through it. */
import { z } from "zod";
import { desirable, duration, flag, kilowattHours, watts } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";

export default defineKind({
  name: "relay",
  version: 1,
  title: "Relay",
  description: "Switches a load on and off.",
  icon: "toggle-right",
  telemetry: {
    power: watts({ title: "Power", min: 0 }),
    energy: kilowattHours({ title: "Energy" }),
  },
  state: {
    on: desirable(flag({ title: "On", deviceClass: "outlet" })),
  },
  commands: {
    set: {
      title: "Switch",
      effect: "set",
      params: z.object({ on: flag({ title: "On" }) }),
      confirms: { field: "on", param: "on" },
    },
    toggle: { title: "Toggle", effect: "once" },
    pulse: {
      title: "Pulse",
      description: "On for a while, then off again.",
      effect: "once",
      params: z.object({ seconds: duration({ title: "For", min: 0.1, max: 3600, precision: 1 }) }),
    },
  },
});
