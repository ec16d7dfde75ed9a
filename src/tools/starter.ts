/** Greenhouse: say here in a sentence what it is for. */
import { z } from "zod";
import { desirable, oneOf } from "../kind/field.ts";
import { celsius, percent } from "../kind/quantities.ts";
import { defineKind } from "../kind/kind.ts";

// Quantities carry unit, range and precision; src/kind/quantities.ts has many more. What a command sets and the device
// reports is one field, written once.
const target = celsius({ title: "Target", min: 5, max: 35, step: 0.5 });

export default defineKind({
  name: "greenhouse",
  // Raise it when a change breaks devices or operators: `deno task kinds:check` says when that is.
  version: 1,
  title: "Greenhouse",
  description: "Keeps warm what grows in it.",
  // Any of lucide.dev/icons.
  icon: "sprout",

  // What it measures. Each field may be sent alone; battery, rssi, uptime and firmware are every kind's already.
  telemetry: {
    temperature: celsius({ title: "Temperature" }),
    humidity: percent({ title: "Humidity", deviceClass: "humidity" }),
  },

  // What it is set to and reports. What is `desirable` an operator may wish for while the device is away.
  state: {
    target: desirable(target),
    window: oneOf(["open", "closed"], { title: "Window", deviceClass: "window" }),
  },

  // What happens, and what is told with it.
  events: {
    frost: z.strictObject({ temperature: celsius({ title: "Temperature" }) }),
  },

  // What can be asked of it. The effect says what may be done with a command whose outcome is not known:
  // `set`: it may be sent again, the newest wins · `once`: never twice · `query`: changes nothing.
  commands: {
    set_target: {
      title: "Set target",
      effect: "set",
      params: z.object({ target }),
      // The reported field that proves it.
      confirms: { field: "target", param: "target" },
    },
    water: {
      title: "Water",
      description: "Opens the tap for a while.",
      effect: "once",
      // The panel asks before it sends.
      danger: "confirm",
      params: z.object({ litres: z.number().min(0.1).max(20).meta({ title: "Litres", unit: "L", precision: 1 }) }),
      result: z.strictObject({ litres: z.number().min(0).meta({ title: "Litres", unit: "L", precision: 1 }) }),
      // Codes of its own, beside the common ones.
      errors: ["tank_empty"],
    },
  },

  // Shown in the documents, and held against the fields by the tests.
  examples: {
    telemetry: [{ temperature: 21.5, humidity: 64 }],
    state: [{ target: 22, window: "closed" }],
    events: { frost: [{ temperature: 1.5 }] },
    commands: {
      set_target: [{ params: { target: 24 } }],
      water: [{ params: { litres: 2 }, result: { litres: 2 } }],
    },
  },

  // How a simulated one lives: `deno task device greenhouse --token …`. Without it, it would live from its ranges.
  behaviour(self) {
    let temperature = 15 + self.random() * 10;
    let humidity = 60;
    self.report({ target: 22, window: "closed" });
    return {
      // Seconds between ticks.
      every: 5,
      tick(dt) {
        const { target = 22 } = self.state;
        const before = temperature;
        temperature += (target - temperature) * (1 - Math.exp(-dt / 600)) + (self.random() - 0.5) * 0.1;
        humidity = Math.max(30, humidity - dt * 0.01);
        self.telemetry({ temperature: Math.round(temperature * 10) / 10, humidity: Math.round(humidity) });
        if (before >= 3 && temperature < 3) self.event("frost", { temperature });
        const window = temperature > target + 2 ? "open" : "closed";
        if (window !== self.state.window) self.report({ window });
      },
      commands: {
        set_target: ({ target }) => self.report({ target }),
        async water({ litres }, { progress, cancelled }) {
          progress(10, "The tap opens.");
          await self.sleep(1, cancelled);
          humidity = Math.min(95, humidity + litres * 5);
          return { litres };
        },
      },
      desired: ({ target }) => {
        if (target !== undefined) self.report({ target });
      },
    };
  },
});
