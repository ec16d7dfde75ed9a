/** A door's bolt. What moves is reported only: nobody can desire a door open. */
import { z } from "zod";
import { desirable, duration, every, oneOf, secret, text } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";

export default defineKind({
  name: "lock",
  version: 1,
  title: "Lock",
  description: "Locks and unlocks a door, and knows whether the door is closed.",
  icon: "lock",
  telemetry: {
    door: every(oneOf(["open", "closed"], { title: "Door", deviceClass: "door" })),
  },
  state: {
    state: oneOf(["locked", "unlocked", "jammed"], { title: "Bolt", deviceClass: "lock" }),
    auto_relock: desirable(duration({ title: "Locks itself after", description: "0 is never.", max: 3600 })),
  },
  events: {
    tamper: z.strictObject({ sort: oneOf(["cover_opened", "forced"], { title: "Sort" }) }),
  },
  commands: {
    lock: { title: "Lock", effect: "set", confirms: { field: "state", value: "locked" } },
    unlock: {
      title: "Unlock",
      effect: "once",
      danger: "confirm",
      params: z.object({
        pin: secret(text({ title: "PIN", max: 16 })).optional(),
        seconds: duration({ title: "Only for", min: 1, max: 3600 }).optional(),
      }),
      errors: ["invalid_pin"],
    },
  },
  examples: {
    telemetry: [{ door: "closed", battery: 82 }],
    state: [{ state: "locked", auto_relock: 30 }, { state: "jammed" }],
    events: { tamper: [{ sort: "cover_opened" }] },
    commands: {
      lock: [{ params: {} }],
      unlock: [{ params: {} }, { params: { pin: "4711", seconds: 10 } }],
    },
  },
  behaviour(self) {
    const { pin: rightPin } = self.settings;
    let isOpen = false;
    let isMoving = false;
    /** Grows with every order, so that an older one's relock knows that it no longer counts. */
    let order = 0;
    let battery = 70 + self.random() * 30;
    const measure = () => self.telemetry({ door: isOpen ? "open" : "closed", battery: Math.round(battery) });
    self.report({ state: "locked", auto_relock: 0 });

    const move = async (to: "locked" | "unlocked", cancelled?: AbortSignal) => {
      if (isMoving) self.fail("busy", "The bolt is moving already.");
      if (self.state.state === to) return;
      isMoving = true;
      try {
        await self.sleep(0.7 + self.random() * 0.6, cancelled);
        if (self.random() < 0.03) {
          self.report({ state: "jammed" });
          self.fail("jammed", "The bolt did not move.");
        }
        self.report({ state: to });
      } finally {
        isMoving = false;
      }
    };
    /** As soon as the door is closed; a bolt that jams then stays as it is, and says so. */
    const relock = async (seconds: number, mine: number) => {
      await self.sleep(seconds);
      while (isOpen) await self.sleep(1);
      if (mine === order) await move("locked").catch(() => {});
    };
    return {
      every: 10,
      tick(dt) {
        // Nobody opens a locked door. Unlocked, it opens every two minutes and stays so for twenty seconds.
        const mayOpen = self.state.state === "unlocked" && !isMoving;
        if (isOpen ? self.random() < dt / 20 : mayOpen && self.random() < dt / 120) isOpen = !isOpen;
        battery = Math.max(5, battery - dt * 1e-5);
        if (self.random() < dt / 100_000) self.event("tamper", { sort: "cover_opened" });
        measure();
      },
      commands: {
        lock(_, { cancelled }) {
          if (isOpen) self.fail("obstructed", "The door is open.");
          order += 1;
          return move("locked", cancelled);
        },
        async unlock({ pin, seconds = self.state.auto_relock }, { cancelled }) {
          if (rightPin !== undefined && pin !== rightPin) self.fail("invalid_pin", "This is not the PIN.");
          const mine = ++order;
          await move("unlocked", cancelled);
          if (seconds) relock(seconds, mine);
        },
      },
      desired({ auto_relock }) {
        if (auto_relock !== undefined) self.report({ auto_relock });
      },
    };
  },
});
