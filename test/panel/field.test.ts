import { afterEach, describe, expect, it } from "vitest";
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
import { jsonFault } from "../../src/panel/form/json_place.ts";
import { inputOf } from "../../src/panel/form/moment.ts";
import { placeIn, placeInText } from "../../src/panel/form/place.ts";
import { refusedForm } from "../../src/panel/form/refused.ts";
import { setLocale } from "../../src/panel/words/locale.ts";

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
    expect(readField(colour, "{r:1}")).toEqual({
      ok: false,
      why: "Colour is not JSON. A name in double quotes is expected here: line 1, column 2.",
    });
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

  it("a list of words is ticked, and one of what is not simple is JSON", () => {
    const days = field({ type: "array", items: { enum: ["mon", "tue", "wed"] } });
    expect([days.sort, days.options]).toEqual(["options", ["mon", "tue", "wed"]]);
    const form = new FormData();
    form.append("one", "mon");
    form.append("one", "wed");
    expect(readParams([days], form)).toEqual({ ok: true, value: { params: { one: ["mon", "wed"] }, secrets: [] } });
    expect(readField(days, '["tue"]')).toEqual({ ok: true, value: ["tue"] });
    expect(field({ type: "array", items: { type: "boolean" } }).sort).toBe("json");
  });
});

describe("[K4] what a schema says beyond its type", () => {
  const of = (schema: Record<string, unknown>) => fieldOf("one", schema, false);
  const read = (schema: Record<string, unknown>, text: string) => readField(of(schema), text);
  afterEach(() => setLocale({ zone: "local", temperature: "celsius", units: "metric" }));

  it("a colour is one by its format, its widget or its pattern", () => {
    for (
      const more of [{ format: "color" }, { widget: "color" }, { pattern: "^#[0-9a-fA-F]{6}$" }, {
        pattern: "^#([A-F0-9]{6}|[a-f0-9]{6})$",
      }]
    ) {
      expect(of({ type: "string", ...more }), JSON.stringify(more)).toMatchObject({ sort: "text", format: "color" });
    }
    for (const pattern of ["^.*$", "^[0-9]+$", "^#", "(?<", "^(?i)#[a-f]{6}$"]) {
      expect(of({ type: "string", pattern }).format, pattern).toBeUndefined();
    }
    expect(read({ type: "string", format: "color" }, " #20A0ff")).toEqual({ ok: true, value: "#20A0ff" });
    expect(read({ type: "string", format: "color" }, "blue")).toMatchObject({ ok: false });
  });

  it("a moment is typed in the zone that somebody reads, and told as what it is", () => {
    const moment = { type: "string", format: "date-time" };
    setLocale({ zone: "utc", temperature: "celsius", units: "metric" });
    expect(read(moment, "2026-11-26T08:15")).toEqual({ ok: true, value: "2026-11-26T08:15:00Z" });
    expect(read(moment, "2026-11-26T08:15:30.5+02:00")).toEqual({ ok: true, value: "2026-11-26T06:15:30.500Z" });
    expect(inputOf("2026-11-26T06:15:30Z")).toBe("2026-11-26T06:15:30");
    setLocale({ zone: "local", temperature: "celsius", units: "metric" });
    const there = read(moment, "2026-07-01T08:15");
    expect(there).toEqual({ ok: true, value: new Date(2026, 6, 1, 8, 15).toISOString().replace(".000Z", "Z") });
    expect(inputOf((there as { value: string }).value)).toBe("2026-07-01T08:15:00");
    for (const text of ["tomorrow", "2026-13-01T00:00", "2026-11-26"]) expect(read(moment, text).ok, text).toBe(false);
    for (const value of [undefined, 17, "soon"]) expect(inputOf(value)).toBe("");
    expect(read({ type: "string", format: "date" }, "2026-11-26")).toEqual({ ok: true, value: "2026-11-26" });
    expect(read({ type: "string", format: "date" }, "26.11.2026").ok).toBe(false);
    expect(read({ type: "string", format: "time" }, "08:30").ok).toBe(true);
    expect(read({ type: "string", format: "time" }, "8").ok).toBe(false);
  });

  it("a list has an item a line, each as its own sort, within its counts", () => {
    const numbers = { type: "array", items: { type: "number", minimum: 0 }, minItems: 1, maxItems: 3 };
    expect(of(numbers)).toMatchObject({ sort: "list", fewest: 1, most: 3, item: { sort: "number", min: 0 } });
    expect(read(numbers, "1\n\n2,5\n")).toEqual({ ok: true, value: [1, 2.5] });
    expect(read(numbers, "1\n-1")).toEqual({ ok: false, why: "Line 2: One is at least 0." });
    expect(read(numbers, "1\n2\n3\n4")).toEqual({ ok: false, why: "One takes at most 3." });
    expect(read(numbers, "").ok).toBe(false);
    const texts = { type: "array", items: { type: "string" } };
    expect(read(texts, "")).toEqual({ ok: true, value: [] });
    expect(read(texts, "a b\nc")).toEqual({ ok: true, value: ["a b", "c"] });
    expect(readField(fieldOf("one", texts), "")).toEqual({ ok: true, value: undefined });
    expect(of({ type: "array", items: { type: "object" } }).sort).toBe("json");
    expect(of({ type: "array" }).sort).toBe("json");
  });

  it.each([["90", 90], ["1 h 30 min", 5400], ["500 ms", 0.5], ["2min", 120]])(
    "%s is %d s",
    (text, value) => expect(read({ type: "number", unit: "s" }, text)).toEqual({ ok: true, value }),
  );
  it("how long is read in the field's own unit", () => {
    expect(read({ type: "number", unit: "min" }, "1 h 30 min")).toEqual({ ok: true, value: 90 });
    expect(read({ type: "number", unit: "min" }, "90")).toEqual({ ok: true, value: 90 });
    expect(read({ type: "number", unit: "ms" }, "1.5 s")).toEqual({ ok: true, value: 1500 });
    expect(read({ type: "number", unit: "s" }, "1 lap").ok).toBe(false);
  });
});

describe("a place", () => {
  const number = (name: string, most: number) => fieldOf(name, { type: "number", minimum: -most, maximum: most });
  it("is a latitude and a longitude that belong together, and is pasted as one", () => {
    const fields = [number("home_lat", 90), number("lat", 90), number("lon", 180)];
    expect(placeIn(fields)).toMatchObject({ lat: { name: "lat" }, lon: { name: "lon" } });
    expect(placeIn([number("lat", 90), number("home_lon", 180)])).toBeNull();
    expect(placeIn([fieldOf("latency", { type: "number" }), number("lon", 180)])).toBeNull();
    expect(placeInText("53.07, -8.8")).toEqual({ lat: 53.07, lon: -8.8 });
    expect(placeInText("91, 0")).toBeNull();
    expect(placeInText("Bremen")).toBeNull();
  });
});

describe("where a text stops being JSON", () => {
  it.each([
    ['{"a": 1 "b": 2}', 1, 9, "comma or }"],
    ['{\n  "a": [1, 2,\n  ]\n}', 3, 3, "value"],
    ["{a: 1}", 1, 2, "name"],
    ['{"a" 1}', 1, 6, "colon"],
    ["[1 2]", 1, 4, "comma or ]"],
    ["{} x", 1, 4, "end"],
    ['"ab', 1, 4, "quote"],
    ['"\\x"', 1, 2, "escape"],
    ["01", 1, 2, "number"],
    ["1.", 1, 2, "number"],
    ["", 1, 1, "value"],
    ["nul", 1, 1, "value"],
  ])(
    "%j: line %d, column %d, %s",
    (text, line, column, expected) => expect(jsonFault(text)).toMatchObject({ line, column, expected }),
  );

  it("is found wherever the runtime finds one, and nowhere else", () => {
    const whole = '{"a":[1,-2.5e3,true,null,"x\\u00e9\\n"],"b":{"c":{}}, "d":[]}';
    const signs = [...'{}[]:,"0-1.e+tn \\\n'];
    let broken = 0;
    for (let at = 0; at <= whole.length; at++) {
      for (const sign of ["", ...signs]) {
        const text = whole.slice(0, at) + sign + whole.slice(at + (at % 2));
        const isJson = parses(text);
        expect(jsonFault(text) === null, text).toBe(isJson);
        if (!isJson) broken += 1;
      }
    }
    expect(broken).toBeGreaterThan(300);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
