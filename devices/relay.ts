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
  behaviour(self) {
    /** Watts of what is plugged in. */
    const load = 15 + self.random() * 185;
    let energy = self.random() * 40;
    /** Grows with every switching, so that the end of a pulse knows whether it still counts. */
    let switched = 0;
    const measure = () => {
      const power = self.state.on ? load * (0.97 + self.random() * 0.06) : 0;
      self.telemetry({ power: Math.round(power * 10) / 10, energy: Math.round(energy * 1e6) / 1e6 });
      return power;
    };
    const put = (on: boolean) => {
      switched += 1;
      self.report({ on });
      measure();
    };
    self.report({ on: self.random() < 0.5 });
    return {
      every: 5,
      tick(dt) {
        energy += measure() * dt / 3.6e6;
      },
      commands: {
        set: ({ on }) => put(on),
        toggle: () => put(!self.state.on),
        pulse({ seconds }) {
          put(true);
          const mine = switched;
          // Not waited for: a pulse may last an hour, and a result is due within seconds.
          self.sleep(seconds).then(() => mine === switched && put(false));
        },
      },
      desired({ on }) {
        if (on !== undefined && on !== self.state.on) put(on);
      },
    };
  },
});
