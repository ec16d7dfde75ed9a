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
});
