import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { readParams } from "../../src/panel/form/params.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import {
  type FieldModel,
  fieldOf,
  fieldsOf,
  propertiesOf,
  sentence,
  stepOf,
  stepped,
} from "../../src/panel/form/field.ts";
import { readField, readForm } from "../../src/panel/form/typed.ts";
import { refusedForm } from "../../src/panel/form/refused.ts";

/** A field of a real kind: `thermostat.state.target`, or a param of a command: `relay.pulse.seconds`. */
function field(address: string, more: Partial<FieldModel> = {}): FieldModel {
  const [name, part, of] = address.split(".");
  const document = JSON.parse(JSON.stringify(kindDocument(KINDS.find((kind) => kind.name === name)!)));
  const schema = document.properties[part] ?? document.commands[part].params;
  return { ...fieldsOf(schema).find((one) => one.name === of)!, ...more };
}

describe("[K4] a field of a kind's document", () => {
  it("has everything that its control and its chart need", () => {
    expect(field("thermostat.state.target")).toEqual({
      name: "target",
      title: "Target",
      description: undefined,
      sort: "number",
      isOptional: true,
      isSecret: false,
      isDesirable: true,
      unit: "°C",
      deviceClass: "temperature",
      precision: 1,
      step: 0.5,
      min: 5,
      max: 30,
      maxLength: undefined,
      options: undefined,
      class: "gauge",
    });
    expect(field("thermostat.state.mode")).toMatchObject({ sort: "choice", options: ["off", "heat", "cool", "auto"] });
    expect(field("relay.state.on")).toMatchObject({ sort: "toggle", class: "state", isDesirable: true });
    expect(field("relay.telemetry.energy")).toMatchObject({ class: "counter", unit: "kWh", precision: 3 });
    expect(field("lock.telemetry.firmware")).toMatchObject({ sort: "text", maxLength: 64 });
    expect(field("lock.state.state")).toMatchObject({ isDesirable: false });
  });

  it("[C19] a param is a secret where the kind says so, and needed where the schema says so", () => {
    expect(field("lock.unlock.pin")).toMatchObject({ isSecret: true, isOptional: true });
    expect(field("relay.pulse.seconds")).toMatchObject({ isSecret: false, isOptional: false });
  });

  it("every field of every kind has a title, a sort that can be shown, and a class", () => {
    const fields = KINDS.flatMap((kind) => {
      const { telemetry, state } = kindDocument(kind).properties;
      return [...fieldsOf(telemetry), ...fieldsOf(state)];
    });
    expect(fields.length).toBeGreaterThan(25);
    for (const { name, title } of fields) {
      expect(title, name).not.toBe("");
    }
    expect(fields.filter(({ sort }) => sort === "group").map(({ name }) => name)).toContain("color");
  });

  it("what the document does not say has a default", () => {
    expect(fieldOf("valve_open", { type: "boolean" })).toMatchObject({ title: "Valve open", class: "state" });
    expect(fieldOf("level", { type: "number" })).toMatchObject({ sort: "number", class: "gauge" });
    expect(fieldOf("count", { type: "integer" })).toMatchObject({ sort: "number" });
    expect(fieldOf("colour", { type: "object" })).toMatchObject({ sort: "json" });
    const flat = { type: "object", properties: { x: { type: "number" } } };
    expect(fieldOf("flat", flat)).toMatchObject({ sort: "group", parts: [{ name: "x", sort: "number" }] });
    expect(fieldOf("deep", { type: "object", properties: { flat } })).toMatchObject({ sort: "json" });
    expect(fieldOf("either", { anyOf: [] })).toMatchObject({ sort: "json" });
    expect(propertiesOf({ type: "object" })).toEqual({});
    expect(sentence("set_target")).toBe("Set target");
    expect(sentence("")).toBe("");
  });
});

describe("what is typed into a field", () => {
  const target = field("thermostat.state.target", { isOptional: false });

  it.each([
    ["21", 21],
    [" 21.5 ", 21.5],
    ["21,5", 21.5],
    ["5", 5],
    ["30", 30],
  ])("%j is %d", (text, value) => expect(readField(target, text)).toEqual({ ok: true, value }));

  it.each([
    ["", "Target is needed."],
    ["  ", "Target is needed."],
    ["warm", "Target is a number."],
    ["21.5.1", "Target is a number."],
    ["21 °C", "Target is a number."],
    ["Infinity", "Target is a number."],
    ["4.9", "Target is at least 5 °C."],
    ["-1", "Target is at least 5 °C."],
    ["30.1", "Target is at most 30 °C."],
  ])("%j is refused: %s", (text, why) => expect(readField(target, text)).toEqual({ ok: false, why }));

  it("a comma that may part thousands or fractions is asked about, not guessed", () => {
    const interval = field("env-sensor.state.report_interval");
    expect(readField(interval, "3,600")).toEqual({
      ok: false,
      why: "Is 3,600 a fraction? Write it with a dot, or without the comma.",
    });
    expect(readField(interval, "3600")).toEqual({ ok: true, value: 3600 });
    expect(readField(interval, "3,60")).toEqual({ ok: true, value: 3.6 });
    expect(readField(field("relay.pulse.seconds"), "0,125")).toEqual({ ok: true, value: 0.125 });
  });

  it("nothing is nothing where the field is optional, and no zero", () => {
    expect(readField(field("lock.unlock.pin"), "")).toEqual({ ok: true, value: undefined });
    expect(readField(field("relay.identify.seconds"), " ")).toEqual({ ok: true, value: undefined });
  });

  it("a text stays as it was typed, leading zeros and spaces too", () => {
    expect(readField(field("lock.unlock.pin"), "0042 ")).toEqual({ ok: true, value: "0042 " });
  });

  it("a toggle, a choice and JSON are values", () => {
    expect(readField(field("relay.set.on"), "true")).toEqual({ ok: true, value: true });
    expect(readField(field("relay.set.on"), "false")).toEqual({ ok: true, value: false });
    expect(readField(field("thermostat.set_mode.mode"), "heat")).toEqual({ ok: true, value: "heat" });
    const colour = fieldOf("colour", { type: "object" });
    expect(readField(colour, '{"r":1}')).toEqual({ ok: true, value: { r: 1 } });
    expect(readField(colour, "{r:1}")).toEqual({ ok: false, why: "Colour is not JSON." });
  });
});

describe("a group, whose parts count together", () => {
  const color = field("light.state.color");
  const typed = (texts: Record<string, string>) => (name: string) => texts[name] ?? "";

  it("is read from its parts, each with its own range", () => {
    expect(color.parts).toMatchObject([{ name: "h", unit: "°", max: 360 }, { name: "s", unit: "%", max: 100 }]);
    expect(readForm(color, typed({ "color.h": "30", "color.s": "60,5" }))).toEqual({
      ok: true,
      value: { h: 30, s: 60.5 },
    });
    expect(readForm(color, typed({ "color.h": "361", "color.s": "1" }))).toEqual({
      ok: false,
      why: "Hue is at most 360 °.",
    });
  });

  it("is nothing where all of it is empty, and not half of itself", () => {
    expect(readForm(color, typed({}))).toEqual({ ok: true, value: undefined });
    expect(readForm({ ...color, isOptional: false }, typed({}))).toEqual({ ok: false, why: "Hue is needed." });
    expect(readForm(color, typed({ "color.h": "30" }))).toEqual({ ok: false, why: "Saturation is needed." });
  });

  it("any other field is read as it is", () => {
    expect(readForm(field("thermostat.state.target"), typed({ target: "21" }))).toEqual({ ok: true, value: 21 });
  });
});

describe("a press of + or -", () => {
  const target = field("thermostat.state.target");

  it("is one step of the kind, or of the precision that is worth showing", () => {
    expect(stepOf(target)).toBe(0.5);
    expect(stepOf(field("relay.pulse.seconds"))).toBe(0.1);
    expect(stepOf(field("env-sensor.state.report_interval"))).toBe(1);
    expect(stepOf(fieldOf("level", { type: "number" }))).toBe(1);
  });

  it("stays on the grid and inside the range, all the way up and down", () => {
    let value = 5;
    const passed = [value];
    while (value < 30) passed.push(value = stepped(target, value, 1));
    expect(passed).toEqual(Array.from({ length: 51 }, (_, index) => 5 + index / 2));
    expect(stepped(target, 30, 1)).toBe(30);
    while (value > 5) value = stepped(target, value, -1);
    expect(stepped(target, 5, -1)).toBe(5);
  });

  it("comes to the grid from beside it, and into the range from outside", () => {
    expect(stepped(target, 20.2, 1)).toBe(20.5);
    expect(stepped(target, 20.2, -1)).toBe(19.5);
    expect(stepped(target, 2, 1)).toBe(5);
    expect(stepped(target, 99, -1)).toBe(30);
  });

  it("has no dust of binary fractions", () => {
    const seconds = field("relay.pulse.seconds");
    expect(stepped(seconds, 0.2, 1)).toBe(0.3);
    expect(stepped(seconds, 1.1, -1)).toBe(1);
  });
});

describe("[R2] a refused form", () => {
  const fault = { code: "bad_request", message: "2 faults", retryable: false };

  it("says what is wrong beside the field that the pointer names, deeper ones too", () => {
    const errors = [
      { pointer: "#/id", detail: "must begin with a letter or digit" },
      { pointer: "#/tags/1", detail: "a tag: letters, digits, . _ : -" },
      { pointer: "#/id", detail: "a second one" },
    ];
    expect(refusedForm({ ...fault, errors }, ["id", "name", "tags"])).toEqual({
      fields: { id: "Must begin with a letter or digit.", tags: "A tag: letters, digits, . _ : -." },
      general: null,
    });
  });

  it("says it of the whole form where it points to no field of it", () => {
    const errors = [{ pointer: "#/identity", detail: "unknown key" }];
    const { fields, general } = refusedForm({ ...fault, errors }, ["id"]);
    expect(fields).toEqual({});
    expect(general).toBe("The hub does not understand this. Identity: unknown key.");
  });
});

describe("what a form takes", () => {
  const field = (schema: Record<string, unknown>) => fieldOf("one", schema, false);

  it("seconds may be said as people say them", () => {
    const seconds = field({ type: "number", unit: "s", minimum: 1, maximum: 7200 });
    const said = ["90", "90 s", "5 min", "1 h 30 min", "1h30min", "0,5 min"];
    expect(said.map((text) => readField(seconds, text))).toEqual(
      [90, 90, 300, 5400, 5400, 30].map((value) => ({ ok: true, value })),
    );
    for (const text of ["5 m", "min", "1 h and a bit", "3 h"]) expect(readField(seconds, text).ok, text).toBe(false);
  });

  it("a list of words is ticked, and other lists are JSON", () => {
    const days = field({ type: "array", items: { enum: ["mon", "tue", "wed"] } });
    expect([days.sort, days.options]).toEqual(["options", ["mon", "tue", "wed"]]);
    const form = new FormData();
    form.append("one", "mon");
    form.append("one", "wed");
    expect(readParams([days], form)).toEqual({ ok: true, value: { params: { one: ["mon", "wed"] }, secrets: [] } });
    expect(readField(days, '["tue"]')).toEqual({ ok: true, value: ["tue"] });
    expect(field({ type: "array", items: { type: "number" } }).sort).toBe("json");
  });
});
