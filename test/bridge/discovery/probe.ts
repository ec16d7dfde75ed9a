/** A kind with what our own have not: names that are methods in Python, no bounds, guarded settings, odd words. */
import { z } from "zod";
import { channel, perChannel } from "../../../src/kind/channel.ts";
import { desirable, flag, oneOf, quantity, secret, text } from "../../../src/kind/field.ts";
import { defineKind } from "../../../src/kind/kind.ts";
import { celsius, percent } from "../../../src/kind/quantities.ts";

export const probe = defineKind({
  name: "probe",
  version: 1,
  title: "Probe",
  telemetry: {
    items: quantity({ title: "Items", class: "counter" }),
    window: oneOf(["open", "closed"], { deviceClass: "window" }),
    motor: oneOf(["don't", "back\\slash"], { title: "Motor" }),
    // Home Assistant has no such class.
    odd: flag({ deviceClass: "toaster" }),
    place: z.object({ x: z.number(), y: z.number() }),
    list: z.array(z.number()),
  },
  state: {
    update: desirable(quantity({ title: "Update" })),
    note: desirable(text({ title: "Note", max: 1_000 })),
    mode: desirable(oneOf(["a", "b"], { title: "Mode" })),
    heat: desirable(celsius({ title: "Heat", min: 5, max: 30, step: 0.5 })),
    armed: desirable(flag({ title: "Armed" })),
    secured: desirable(flag({ title: "Secured" })),
    kept: desirable(flag({ title: "Kept" })),
    level: percent({ title: "Level" }),
    ...perChannel({ dim: percent({ title: "Dim" }) }),
  },
  events: {
    pressed: z.strictObject({ times: z.number() }).meta({ title: "Pressed", deviceClass: "button" }),
  },
  commands: {
    arm: {
      effect: "set",
      danger: "confirm",
      params: z.object({ armed: flag() }),
      confirms: { field: "armed", param: "armed" },
    },
    secure: {
      effect: "set",
      danger: "type",
      params: z.object({ secured: flag() }),
      confirms: { field: "secured", param: "secured" },
    },
    keep: {
      effect: "set",
      role: "admin",
      params: z.object({ kept: flag() }),
      confirms: { field: "kept", param: "kept" },
    },
    set_level: {
      effect: "set",
      params: z.object({ to: percent(), over: z.number().optional() }),
      confirms: { field: "level", param: "to" },
    },
    set_dim: {
      effect: "set",
      params: z.object({ dim: percent(), channel: channel() }),
      confirms: { field: "dim", param: "dim" },
    },
    wipe: { effect: "once", danger: "type" },
    fire: { effect: "once", select: true },
    shake: { effect: "once", role: "admin" },
    say: { effect: "query", params: z.object({ word: text() }) },
    open_up: { effect: "once", danger: "confirm", params: z.object({ code: secret(text()).optional() }) },
    drive: { effect: "stream", params: z.object({ speed: z.number() }) },
  },
  examples: {
    telemetry: [{ items: 3, window: "open", motor: "don't", odd: true, place: { x: 1, y: 2 }, list: [1] }],
    state: [{ update: 1.5, note: "Hi <b>&'\"", mode: "a", heat: 21, armed: true, level: 40, dim: 10, dim_3: 30 }],
    events: { pressed: [{ times: 2 }] },
    commands: {},
  },
});
