/** A door's bolt. What moves is reported only: nobody can desire a door open. */
import { z } from "zod";
import { oneOf, secret, text } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";

export default defineKind({
  name: "lock",
  version: 1,
  title: "Lock",
  description: "Locks and unlocks a door, and knows whether the door is closed.",
  icon: "lock",
  telemetry: {
    door: oneOf(["open", "closed"], { title: "Door", deviceClass: "door" }),
  },
  state: {
    state: oneOf(["locked", "unlocked", "jammed"], { title: "Bolt", deviceClass: "lock" }),
  },
  commands: {
    lock: { title: "Lock", effect: "set", confirms: { field: "state", value: "locked" } },
    unlock: {
      title: "Unlock",
      effect: "once",
      danger: "confirm",
      params: z.object({ pin: secret(text({ title: "PIN", max: 16 })).optional() }),
      errors: ["invalid_pin"],
    },
  },
  behaviour(self) {
    const { pin: rightPin } = self.settings;
    let isOpen = false;
    let isMoving = false;
    let battery = 70 + self.random() * 30;
    const measure = () => self.telemetry({ door: isOpen ? "open" : "closed", battery: Math.round(battery) });
    self.report({ state: "locked" });

    const move = async (to: "locked" | "unlocked", cancelled: AbortSignal) => {
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
    return {
      every: 10,
      tick(dt) {
        // Nobody opens a locked door. Unlocked, it opens every two minutes and stays so for twenty seconds.
        const mayOpen = self.state.state === "unlocked" && !isMoving;
        if (isOpen ? self.random() < dt / 20 : mayOpen && self.random() < dt / 120) isOpen = !isOpen;
        battery = Math.max(5, battery - dt * 1e-5);
        measure();
      },
      commands: {
        lock(_, { cancelled }) {
          if (isOpen) self.fail("obstructed", "The door is open.");
          return move("locked", cancelled);
        },
        unlock({ pin }, { cancelled }) {
          if (rightPin !== undefined && pin !== rightPin) self.fail("invalid_pin", "This is not the PIN.");
          return move("unlocked", cancelled);
        },
      },
    };
  },
});
