/** What the simulated machines are: every effect, and every wish that a kind may have of the hub. */
import { z } from "zod";
import { annotate, desirable, flag, oneOf, quantity, secret, text } from "../../src/kind/field.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";

const HEARTBEAT = { heartbeat: 10, stale: 20 };
const EXAMPLES = { telemetry: [{ level: 1 }], state: [{}], commands: {} };
const level = quantity({ title: "Level" });
const value = quantity({ title: "Value", min: 0, max: 100 });

/** Valves and a siren; waits for nothing but what is said of its commands. */
const plant = defineKind({
  name: "plant",
  version: 1,
  title: "Plant",
  ...HEARTBEAT,
  telemetry: { level },
  state: { valve: desirable(value), note: desirable(text({ max: 900 })), moving: flag() },
  events: { alarm: z.object({ n: z.int() }) },
  commands: {
    set_valve: { effect: "set", params: z.object({ value }), confirms: { field: "valve", param: "value" } },
    set_line: {
      effect: "set",
      params: z.object({ line: annotate(z.int().min(1).max(3), { key: true }), value }),
      queue: true,
      timeout: 4,
    },
    fire: { effect: "once", errors: ["jammed"], timeout: 5 },
    fire_later: { effect: "once", queue: true, params: z.object({ pin: secret(text()).optional() }) },
    purge: { effect: "once", select: true, params: z.object({ side: oneOf(["left", "right"]) }) },
    look: { effect: "query", result: z.object({ level: z.number() }), timeout: 3 },
    stop: { effect: "set", ttl: { max: 60 }, confirms: { field: "moving", value: false } },
  },
  interlocks: [{ commands: ["fire_later"], when: { field: "moving", is: true }, sentence: "It moves. Stop it first." }],
  examples: EXAMPLES,
});

/** Sleeps between whiles, and everything waits for it. */
const buoy = defineKind({
  name: "buoy",
  version: 1,
  title: "Buoy",
  ...HEARTBEAT,
  sleeps: 20,
  telemetry: { level },
  state: { light: desirable(flag()), mode: desirable(oneOf(["day", "night"])) },
  events: { alarm: z.object({ n: z.int() }) },
  commands: {
    set_light: {
      effect: "set",
      queue: true,
      params: z.object({ on: flag() }),
      confirms: { field: "light", param: "on" },
    },
    flash: { effect: "once", queue: true },
    look: { effect: "query", queue: true, result: z.object({ level: z.number() }) },
  },
  examples: EXAMPLES,
});

/** Driven by one at a time; some of it is interlocked, or given in two steps. */
const crane = defineKind({
  name: "crane",
  version: 1,
  title: "Crane",
  ...HEARTBEAT,
  lease: true,
  inFlight: 2,
  telemetry: { level },
  state: { arm: desirable(value), locked: flag(), moving: flag() },
  events: { alarm: z.object({ n: z.int() }) },
  commands: {
    set_arm: { effect: "set", params: z.object({ value }), confirms: { field: "arm", param: "value" } },
    lift: { effect: "once", timeout: 6 },
    swing: { effect: "stream", params: z.object({ speed: value }) },
    let_go: { effect: "once", select: true, params: z.object({ side: oneOf(["left", "right"]) }) },
    look: { effect: "query", result: z.object({ level: z.number() }), timeout: 3 },
    stop: { effect: "set", ttl: { max: 60 }, confirms: { field: "moving", value: false } },
  },
  interlocks: [{ commands: ["lift"], when: { field: "locked", is: true }, sentence: "It is locked." }],
  examples: EXAMPLES,
});

export const SIMULATED: readonly AnyKind[] = [plant, buoy, crane];
