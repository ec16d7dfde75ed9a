/** A switch of one to eight channels, which may measure what flows through each. */
import { z } from "zod";
import { channel, channelField, MOST_CHANNELS, onChannel, perChannel } from "../src/kind/channel.ts";
import { desirable, duration, flag } from "../src/kind/field.ts";
import { integral, WATT_SECONDS_PER_KWH } from "../src/kind/world.ts";
import { defineKind } from "../src/kind/kind.ts";
import { kilowattHours, watts } from "../src/kind/quantities.ts";

export default defineKind({
  name: "relay",
  version: 1,
  title: "Relay",
  description: "Switches a load on and off, or up to eight of them.",
  icon: "toggle-right",
  telemetry: perChannel({
    power: watts({ title: "Power", min: 0 }),
    energy: kilowattHours({ title: "Energy" }),
  }),
  state: perChannel({
    on: desirable(flag({ title: "Switch", deviceClass: "outlet" })),
  }),
  commands: {
    set: {
      title: "Switch",
      effect: "set",
      params: z.object({ on: flag({ title: "On" }), channel: channel() }),
      confirms: { field: "on", param: "on" },
    },
    toggle: { title: "Toggle", effect: "once", params: z.object({ channel: channel() }) },
    pulse: {
      title: "Pulse",
      description: "On for a while, then off again.",
      effect: "once",
      params: z.object({
        seconds: duration({ title: "For", min: 0.1, max: 3600, precision: 1 }),
        channel: channel(),
      }),
    },
  },
  examples: {
    telemetry: [{ power: 60.5, energy: 12.345 }, { power: 0, energy: 3.2, power_2: 8.4, energy_2: 0.71 }],
    state: [{ on: true }, { on: true, on_2: false }],
    commands: {
      set: [{ params: { on: true } }, { params: { on: false, channel: 2 } }],
      toggle: [{ params: {} }, { params: { channel: 2 } }],
      pulse: [{ params: { seconds: 0.5 } }, { params: { seconds: 30, channel: 2 } }],
    },
  },
  behaviour(self) {
    const { channels = "1" } = self.settings;
    const count = Math.min(MOST_CHANNELS, Math.max(1, Math.round(Number(channels)) || 1));
    const outlets = Array.from({ length: count }, (_, index) => {
      const channel = index + 1;
      /** Watts of what is plugged in. */
      const load = 15 + self.random() * 185;
      const energy = integral(self, WATT_SECONDS_PER_KWH);
      /** Grows with every switching, so that the end of a pulse knows whether it still counts. */
      let switched = 0;
      const isOn = () => (self.state as Record<string, unknown>)[channelField("on", channel)] === true;
      const measure = () => {
        const power = isOn() ? Math.round(load * (0.97 + self.random() * 0.06) * 10) / 10 : 0;
        energy.flow(power);
        return onChannel(channel, { power, energy: Math.round(energy.total * 1e6) / 1e6 });
      };
      const put = (on: boolean) => {
        switched += 1;
        self.report(onChannel(channel, { on }));
        self.telemetry(measure());
      };
      const pulse = (seconds: number) => {
        put(true);
        const mine = switched;
        // Not waited for: a pulse may last an hour, and a result is due within seconds.
        self.sleep(seconds).then(() => mine === switched && put(false));
      };
      self.report(onChannel(channel, { on: self.random() < 0.5 }));
      return { isOn, measure, put, pulse };
    });
    const outlet = (channel = 1) =>
      outlets[channel - 1] ?? self.fail("out_of_range", `It has no channel ${channel}; the last one is ${count}.`);
    return {
      every: 5,
      tick: () => self.telemetry(Object.assign({}, ...outlets.map(({ measure }) => measure()))),
      commands: {
        set: ({ on, channel }) => outlet(channel).put(on),
        toggle: ({ channel }) => outlet(channel).put(!outlet(channel).isOn()),
        pulse: ({ seconds, channel }) => outlet(channel).pulse(seconds),
      },
      desired(state) {
        const wanted = state as Record<string, boolean | undefined>;
        outlets.forEach(({ isOn, put }, index) => {
          const on = wanted[channelField("on", index + 1)];
          if (on !== undefined && on !== isOn()) put(on);
        });
        const beyond = Object.keys(wanted).filter((field) => !Object.hasOwn(self.state, field));
        return Object.fromEntries(beyond.map((field) => [field, { code: "unsupported", message: "No such channel." }]));
      },
    };
  },
});
