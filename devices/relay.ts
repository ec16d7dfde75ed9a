/** A switch that may measure what flows through it. */
import { z } from "zod";
import { desirable, duration, flag } from "../src/kind/field.ts";
import { kilowattHours, watts } from "../src/kind/quantities.ts";
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
    on: desirable(flag({ title: "Switch", deviceClass: "outlet" })),
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
    /** Kilowatt-hours from nothing: a total that begins elsewhere would count as used at each new life. */
    let energy = 0;
    let power = 0;
    let measuredAt = self.time;
    /** Grows with every switching, so that the end of a pulse knows whether it still counts. */
    let switched = 0;
    const measure = () => {
      energy += power * (self.time - measuredAt) / 3.6e6;
      measuredAt = self.time;
      power = self.state.on ? Math.round(load * (0.97 + self.random() * 0.06) * 10) / 10 : 0;
      self.telemetry({ power, energy: Math.round(energy * 1e6) / 1e6 });
    };
    const put = (on: boolean) => {
      switched += 1;
      self.report({ on });
      measure();
    };
    self.report({ on: self.random() < 0.5 });
    return {
      every: 5,
      tick: measure,
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
