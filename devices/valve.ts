/** Lets water through, measures it, and closes by itself: after its time, at a leak, and when it was forgotten. */
import { z } from "zod";
import { desirable, duration, flag, oneOf } from "../src/kind/field.ts";
import { integral, SECONDS_PER_MINUTE, towards } from "../src/kind/world.ts";
import { defineKind } from "../src/kind/kind.ts";
import { litres, litresPerMinute, percent } from "../src/kind/quantities.ts";

const errors = ["blocked", "leaking", "not_connected", "short_circuit", "current_exceeded"];

export default defineKind({
  name: "valve",
  version: 2,
  title: "Valve",
  description: "Lets water through and measures it. It closes by itself after its time, and at a leak.",
  icon: "droplets",
  telemetry: {
    flow: litresPerMinute({ title: "Flow" }),
    volume: litres({ title: "Volume" }),
  },
  state: {
    state: oneOf(["open", "closed", "opening", "closing"], { title: "Valve", deviceClass: "water" }),
    level: percent({ title: "Level", description: "How far it is open." }),
    leak: flag({ title: "Leak", deviceClass: "moisture" }),
    /** There is always a limit: an end of the connection must not be a flood. */
    max_open: desirable(duration({ title: "Open at most", min: 1, max: 86_400, step: 60 })),
  },
  events: {
    leak_detected: z.strictObject({ volume: litres({ title: "Volume" }) }),
    closed_itself: z.strictObject({
      reason: oneOf(["time", "max_open", "leak"], { title: "Why" }),
      volume: litres({ title: "Volume" }),
    }),
  },
  commands: {
    open: {
      title: "Open",
      description: "Opens it, and closes it again after the time that is given, or else after the longest allowed.",
      effect: "once",
      danger: "confirm",
      // Water runs where nobody looks: what is about to happen is read before it does.
      select: true,
      params: z.object({
        seconds: duration({ title: "For", min: 1, max: 86_400 }).optional(),
        level: percent({ title: "Level", min: 1 }).optional(),
      }),
      confirms: { field: "state", value: "open" },
      errors,
    },
    close: { title: "Close", effect: "set", confirms: { field: "state", value: "closed" }, errors },
  },
  interlocks: [
    { commands: ["open"], when: { field: "leak", is: true }, sentence: "Water leaks behind it. Mend that first." },
  ],
  examples: {
    telemetry: [{ flow: 11.8, volume: 240.5 }],
    state: [
      { state: "closed", level: 0, leak: false, max_open: 1800 },
      { state: "open", level: 40, leak: false },
      { state: "closed", level: 0, leak: true },
    ],
    events: {
      leak_detected: [{ volume: 251.2 }],
      closed_itself: [{ reason: "time", volume: 246.5 }],
    },
    commands: {
      open: [{ params: {} }, { params: { seconds: 300, level: 40 } }],
      close: [{ params: {} }],
    },
  },
  behaviour(self) {
    /** Percent in a second: a motor on a ball. */
    const SPEED = 25;
    /** Litres a minute, wide open; the pressure is never quite the same. */
    const pressure = 10 + self.random() * 4;
    const MENDED_AFTER = 1800;
    const { leak_after } = self.settings;
    const water = integral(self, SECONDS_PER_MINUTE);
    /** Grows with every order: who sees another number has been overtaken. */
    let order = 0;
    /** Since when it is open, and for how long somebody wanted it. */
    let opened: { since: number; seconds?: number } | null = null;
    let leaksAt = leak_after === undefined ? null : Number(leak_after);
    self.report({ state: "closed", level: 0, leak: false, max_open: 1800 });

    const volume = () => Math.round(water.total * 1000) / 1000;
    const measure = () => {
      const flow = Math.round(pressure * self.state.level! * (0.98 + self.random() * 0.04)) / 100;
      water.flow(flow);
      self.telemetry({ flow, volume: volume() });
    };
    const turn = async (to: number, cancelled?: AbortSignal) => {
      const mine = ++order;
      if (to !== self.state.level) self.report({ state: to > self.state.level! ? "opening" : "closing" });
      try {
        while (self.state.level !== to) {
          const { level } = self.state;
          await self.sleep(Math.min(Math.abs(to - level!) / SPEED, 1), cancelled);
          if (mine !== order) self.fail("cancelled", "Another order came in between.");
          self.report({ level: towards(to, level!, SPEED) });
          measure();
        }
      } finally {
        // Also where it was stopped on the way.
        if (mine === order) self.report({ state: self.state.level! > 0 ? "open" : "closed" });
      }
    };
    type Reason = "time" | "max_open" | "leak";
    /** Overtaken, it says nothing: somebody wants something else by now. */
    const closeItself = (reason: Reason) => {
      turn(0).then(() => self.event("closed_itself", { reason, volume: volume() }), () => {});
    };
    /** Looked at anew at each tick: a shorter limit counts for what is open already. */
    const end = (): { at: number; reason: Reason } | null => {
      if (!opened || self.state.state !== "open") return null;
      const { since, seconds = Infinity } = opened;
      const { max_open = 0 } = self.state;
      return { at: since + Math.min(seconds, max_open), reason: seconds < max_open ? "time" : "max_open" };
    };
    const leak = () => {
      leaksAt = null;
      self.report({ leak: true });
      self.event("leak_detected", { volume: volume() });
      closeItself("leak");
      self.sleep(MENDED_AFTER).then(() => self.report({ leak: false }));
    };
    return {
      get every() {
        const { at = Infinity } = end() ?? {};
        return self.state.level! > 0 ? Math.min(2, Math.max(0.1, at - self.time)) : 10;
      },
      tick(dt) {
        measure();
        const { at = Infinity, reason } = end() ?? {};
        const leaks = leaksAt === null ? self.random() < dt / 1e6 : self.time >= leaksAt;
        if (leaks && !self.state.leak && self.state.level! > 0) leak();
        else if (reason && self.time >= at) closeItself(reason);
      },
      commands: {
        async open({ seconds, level = 100 }, { cancelled }) {
          if (self.state.leak) self.fail("leaking", "Water leaks behind it.");
          // From here on it is limited, also where it is stopped on the way.
          opened = { since: self.time, seconds };
          await turn(level, cancelled);
          opened = { since: self.time, seconds };
        },
        close: (_, { cancelled }) => turn(0, cancelled),
      },
      desired({ max_open }) {
        if (max_open !== undefined) self.report({ max_open });
      },
    };
  },
});
