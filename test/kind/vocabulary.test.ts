/** The vocabulary itself, by kinds made for the test. */
import { expect, it } from "vitest";
import { z } from "zod";
import { channel, channelField, confirmedField, perChannel, plainField } from "../../src/kind/channel.ts";
import { annotationsOf, desirable, duration, every, flag, text } from "../../src/kind/field.ts";
import { fieldsOf, holds, interlocked } from "../../src/kind/interlock.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { celsius, watts } from "../../src/kind/quantities.ts";
import { kindDocument } from "../../src/kind/schema.ts";

const strip = defineKind({
  name: "strip",
  version: 1,
  title: "Power strip",
  telemetry: perChannel({ power: watts({ title: "Power" }) }),
  state: perChannel({ on: desirable(flag({ title: "Switch" })) }),
  commands: {
    set: {
      effect: "set",
      params: z.object({ on: flag(), channel: channel() }),
      confirms: { field: "on", param: "on" },
    },
    drive: { effect: "stream", params: z.object({ linear: z.number() }) },
    open: { effect: "once", select: true },
  },
  retention: { raw: 3600 },
  interlocks: [{ commands: ["open"], when: { field: "on", is: true }, sentence: "Switch it off first." }],
  lease: true,
  blobs: ["image/jpeg"],
});

it("[K6] a field for each channel: the first has the plain name, the others say which they are", () => {
  expect(Object.keys(strip.state)).toEqual(["on", "on_2", "on_3", "on_4", "on_5", "on_6", "on_7", "on_8"]);
  expect(annotationsOf(strip.state.on).channel).toBeUndefined();
  expect(annotationsOf(strip.state.on_3)).toMatchObject({ channel: 3, title: "Switch 3", desirable: true });
  expect([channelField("on"), channelField("on", 1), channelField("on", 8)]).toEqual(["on", "on", "on_8"]);
  expect([plainField("on", strip.state.on), plainField("on_8", strip.state.on_8)]).toEqual(["on", "on"]);
});

it("[K6] a command's channel is the first where it is left out, and the hub adds nothing to the params", () => {
  expect(strip.commands.set.keys).toEqual(["channel"]);
  expect(strip.check.params("set", { on: true })).toEqual({ ok: true, value: { on: true } });
  expect(strip.check.params("set", { on: true, channel: 8 }).ok).toBe(true);
  for (const odd of [0, 9, 1.5, "2"]) expect(strip.check.params("set", { on: true, channel: odd }).ok).toBe(false);
  const { confirms } = strip.commands.set;
  expect([confirmedField(confirms!, { on: true }), confirmedField(confirms!, { on: true, channel: 2 })])
    .toEqual(["on", "on_2"]);
});

it("[K7] interlocks hold over reported fields, and fail closed over what was never reported", () => {
  const reported = { on: true, level: 40, mode: "auto" };
  expect(holds({ field: "on", is: true }, reported)).toBe(true);
  expect(holds({ field: "on", is: false }, reported)).toBe(false);
  expect(holds({ field: "mode", isNot: "manual" }, reported)).toBe(true);
  expect(holds({ field: "level", below: 40 }, reported)).toBe(false);
  expect(holds({ field: "level", above: 39.5 }, reported)).toBe(true);
  expect(holds({ field: "never", is: 1 }, reported)).toBe(true);
  expect(holds({ field: "toString", is: 1 }, reported)).toBe(true);
  expect(holds({ all: [{ field: "on", is: true }, { field: "level", above: 99 }] }, reported)).toBe(false);
  expect(holds({ any: [{ field: "on", is: false }, { field: "level", above: 1 }] }, reported)).toBe(true);
  expect(fieldsOf({ all: [{ field: "a", is: 1 }, { any: [{ field: "b", above: 1 }] }] })).toEqual(["a", "b"]);
  expect(interlocked(strip.interlocks, "open", { on: true })?.sentence).toBe("Switch it off first.");
  expect(interlocked(strip.interlocks, "open", { on: false })).toBeNull();
  expect(interlocked(strip.interlocks, "set", { on: true })).toBeNull();
});

it("[K7] a condition is certain only where what is known is enough", () => {
  const both = { all: [{ field: "a", is: 1 }, { field: "b", is: 1 }] };
  const either = { any: [{ field: "a", is: 1 }, { field: "b", isNot: 1 }] };
  expect([holds(both, { a: 1 }), holds(both, { a: 1 }, false), holds(both, { a: 2 })]).toEqual([true, false, false]);
  expect([holds(either, { a: 1 }, false), holds(either, { a: 2 }, false), holds(either, { a: 2 })]).toEqual([
    true,
    false,
    true,
  ]);
});

it("[K8] what is selected first is no kind if its field could be desired without that", () => {
  const kindOf = (state: z.ZodType) =>
    defineKind({
      name: "gate",
      version: 1,
      title: "Gate",
      telemetry: {},
      state: { open: state },
      commands: { open: { effect: "once", select: true, confirms: { field: "open", value: true } } },
    });
  expect(() => kindOf(flag())).not.toThrow();
  expect(() => kindOf(desirable(flag()))).toThrow(/open has to be selected/);
});

it("[K4, K7-K11] the document says what the kind declares", () => {
  const document = kindDocument(strip);
  expect(document).toMatchObject({
    lease: true,
    blobs: ["image/jpeg"],
    retention: { raw: 3600, minute: 2_592_000, hour: null },
    interlocks: [{ commands: ["open"], when: { field: "on", is: true } }],
    commands: { open: { select: true }, set: { select: false }, drive: { deadman: 0.5 } },
  });
  expect(document.commands.set.params.properties).toMatchObject({ channel: { default: 1, key: true } });
  expect(document.commands.set.params.required).toEqual(["on"]);
});

it("[F5, T9, C10] an event and a result of a plain object refuse keys that they do not name, and keep their words", () => {
  const door = defineKind({
    name: "door",
    version: 1,
    title: "Door",
    telemetry: {},
    state: {},
    events: { opened: z.object({ by: text() }).meta({ title: "Opened" }), noted: z.looseObject({}) },
    commands: { count: { effect: "query", result: z.object({ seen: z.int() }) } },
  });
  expect(door.check.event("opened", { by: "Ann" }).ok).toBe(true);
  expect(door.check.event("opened", { by: "Ann", x: 1 })).toMatchObject({ fault: { pointer: "#/data/x" } });
  expect(door.check.event("noted", { x: 1 }).ok).toBe(true);
  expect(door.check.fitsResult("count", { seen: 1 })).toBe(true);
  expect(door.check.fitsResult("count", { seen: 1, x: 1 })).toBe(false);
  expect(kindDocument(door).properties.events).toMatchObject({
    properties: { opened: { title: "Opened", additionalProperties: false } },
  });
});

it("[F5] a key that zod would leave out of a record in silence is refused, and named where it lies", () => {
  const board = defineKind({
    name: "board",
    version: 1,
    title: "Board",
    telemetry: {},
    state: {},
    commands: { show: { effect: "query", params: z.object({ lines: z.record(z.string(), z.string()) }) } },
  });
  expect(board.check.params("show", { lines: { one: "Hello" } }).ok).toBe(true);
  expect(board.check.params("show", JSON.parse('{"lines":{"one":"Hello","__proto__":"x"}}'))).toMatchObject({
    fault: { code: "invalid_params", pointer: "#/params/lines/__proto__" },
  });
  expect(board.check.fitsResult("get_diagnostics", JSON.parse('{"__proto__":"x"}'))).toBe(false);
});

it("[F8] a duration of many days has three decimals as well, and no fourth", () => {
  for (const seconds of [0.001, 0.1 + 0.2, 86_399.999, 123_456_789.123]) {
    expect(duration().safeParse(seconds).success, `${seconds}`).toBe(true);
  }
  for (const seconds of [0.0001, 86_399.9999, 5_000_000.0001, 123_456_789.1234]) {
    expect(duration().safeParse(seconds).success, `${seconds}`).toBe(false);
  }
});

it("[K10] what may go under load is said by the field", () => {
  expect(annotationsOf(every(text()))).toMatchObject({ drop: "every" });
});

it.each([
  ["a confirmed field that it has not", { a: { effect: "set", confirms: { field: "gone", value: 1 } } }, []],
  ["a confirming param that it has not", { a: { effect: "set", confirms: { field: "on", param: "gone" } } }, []],
  ["an interlock on a command that it has not", {}, [{
    commands: ["gone"],
    when: { field: "on", is: 1 },
    sentence: "",
  }]],
  ["an interlock over a field that it has not", {}, [
    { commands: ["identify"], when: { field: "gone", is: 1 }, sentence: "" },
  ]],
])("[K2, K7] a kind with %s is refused where it is defined", (_, commands, interlocks) => {
  const define = () =>
    defineKind({
      name: "odd",
      version: 1,
      title: "Odd",
      telemetry: { temperature: celsius() },
      state: { on: flag() },
      // deno-lint-ignore no-explicit-any
      commands: commands as any,
      interlocks,
    });
  expect(define).toThrow(/^kind odd: .*gone/);
});
