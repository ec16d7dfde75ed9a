/** What opens and closes by a motor: a blind, a gate, a garage door. What moves is reported only. */
import { z } from "zod";
import { flag, oneOf } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";
import { percent, watts } from "../src/kind/quantities.ts";
import { towards } from "../src/kind/world.ts";
import type { Handling } from "../src/kind/behaviour.ts";

const position = percent({ title: "Position", description: "0 is closed, 100 is open." });
const tilt = percent({ title: "Tilt" });
/** Seconds: nothing moves because of what somebody wanted long ago. */
const ttl = { max: 60 };
const errors = ["thermal_protection", "position_failure", "remote_lockout"];

export default defineKind({
  name: "cover",
  version: 2,
  title: "Cover",
  description: "A blind, a gate or a garage door. A movement is done when it is there, and says how far it is.",
  icon: "blinds",
  // Whoever closes it while it opens must not wait until it is open: the newer order ends the older one.
  inFlight: 2,
  telemetry: {
    power: watts({ title: "Motor", min: 0 }),
  },
  state: {
    position,
    tilt,
    moving: oneOf(["stopped", "opening", "closing"], { title: "Moves" }),
    obstruction: flag({ title: "Obstruction", deviceClass: "problem" }),
  },
  events: {
    obstructed: z.strictObject({ position }),
  },
  commands: {
    // As a door: sent once, since an order that comes again after a stop would be one too many.
    open: { title: "Open", effect: "once", confirms: { field: "position", value: 100 }, errors },
    close: { title: "Close", effect: "once", confirms: { field: "position", value: 0 }, errors },
    stop: { title: "Stop", effect: "set", confirms: { field: "moving", value: "stopped" } },
    go_to: {
      title: "Go to",
      effect: "set",
      params: z.object({ position }),
      ttl,
      confirms: { field: "position", param: "position" },
      errors,
    },
    tilt_to: {
      title: "Tilt",
      effect: "set",
      params: z.object({ tilt }),
      ttl,
      confirms: { field: "tilt", param: "tilt" },
      errors,
    },
    calibrate: {
      title: "Calibrate",
      description: "Closes and opens it all the way, to learn where its ends are.",
      effect: "once",
      danger: "confirm",
      errors,
    },
  },
  interlocks: [
    {
      commands: ["calibrate"],
      when: { field: "moving", isNot: "stopped" },
      sentence: "It is moving. Stop it before it is calibrated.",
    },
    // Nothing is below 0; but a cover without slats never reports `tilt`, and over that a condition holds [K7].
    { commands: ["tilt_to"], when: { field: "tilt", below: 0 }, sentence: "It has no slats to tilt." },
    {
      commands: ["tilt_to"],
      when: { field: "position", above: 99 },
      sentence: "It is all the way up, where its slats lie on each other. Lower it first.",
    },
  ],
  examples: {
    telemetry: [{ power: 120.5 }],
    state: [
      { position: 0, tilt: 50, moving: "stopped", obstruction: false },
      { position: 62, moving: "closing" },
      { position: 38, moving: "stopped", obstruction: true },
    ],
    events: { obstructed: [{ position: 38 }] },
    commands: {
      open: [{ params: {} }],
      close: [{ params: {} }],
      stop: [{ params: {} }],
      go_to: [{ params: { position: 40 } }],
      tilt_to: [{ params: { tilt: 50 } }],
      calibrate: [{ params: {} }],
    },
  },
  behaviour(self) {
    /** Percent in a second. */
    const SPEED = 4;
    const TILT_SPEED = 40;
    const MOTOR_WATTS = 130;
    const { obstacle } = self.settings;
    /** Grows with every movement and every stop: who sees another number has been overtaken. */
    let journey = 0;
    self.report({ position: 0, tilt: 50, moving: "stopped", obstruction: false });
    const measure = () => {
      const load = self.state.moving === "stopped" ? 0.3 : MOTOR_WATTS * (self.state.moving === "opening" ? 1 : 0.7);
      self.telemetry({ power: Math.round(load * (0.95 + self.random() * 0.1) * 10) / 10 });
    };
    const turn = (moving: "stopped" | "opening" | "closing") => {
      self.report({ moving });
      measure();
    };
    /** How far it can close from here: as far as it goes, unless something stands in the way. */
    const lowest = (from: number) => {
      if (obstacle !== undefined) return Number(obstacle) <= from ? Number(obstacle) : 0;
      return self.random() < 0.03 ? Math.floor(self.random() * from) : 0;
    };
    const bump = (position: number) => {
      self.report({ obstruction: true });
      self.event("obstructed", { position });
      return self.fail("obstructed", `Something is in the way at ${position} %.`);
    };
    const move = async (field: "position" | "tilt", to: number, { progress, cancelled }: Handling) => {
      const from = self.state[field]!;
      const mine = ++journey;
      if (from === to) return;
      const speed = field === "tilt" ? TILT_SPEED : SPEED;
      const isClosing = to < from;
      const end = isClosing && field === "position" ? Math.max(to, lowest(from)) : to;
      turn(isClosing ? "closing" : "opening");
      self.report({ obstruction: false });
      try {
        for (let at = from; at !== end;) {
          await self.sleep(Math.min(Math.abs(end - at) / speed, 1), cancelled);
          if (mine !== journey) self.fail("cancelled", `Stopped on the way, at ${at} %.`);
          at = towards(end, at, speed);
          self.report({ [field]: at });
          progress(Math.round(100 * Math.abs(at - from) / Math.abs(to - from)));
        }
        if (end !== to) bump(end);
      } finally {
        if (mine === journey) turn("stopped");
      }
    };
    return {
      every: 10,
      tick: measure,
      commands: {
        open: (_, handling) => move("position", 100, handling),
        close: (_, handling) => move("position", 0, handling),
        stop() {
          journey += 1;
          turn("stopped");
        },
        go_to: ({ position }, handling) => move("position", position, handling),
        tilt_to({ tilt }, handling) {
          if (self.state.position! > 99) self.fail("refused", "It is all the way up.");
          return move("tilt", tilt, handling);
        },
        async calibrate(_, handling) {
          await move("position", 0, { ...handling, progress: (percent = 0) => handling.progress(percent / 2) });
          await move("position", 100, { ...handling, progress: (percent = 0) => handling.progress(50 + percent / 2) });
        },
      },
    };
  },
});
