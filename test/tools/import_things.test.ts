/** Things of the W3C as kinds: a description and a model written for the test, and our own kinds there and back [W4]. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { BASE_COMMANDS } from "../../src/kind/base.ts";
import { type JsonSchema, kindDocument } from "../../src/kind/schema.ts";
import { thingDescription, thingModel } from "../../src/kind/thing.ts";
import type { Draft } from "../../src/tools/import/draft.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { fileModels } from "../../src/tools/import/models.ts";
import { fromThing } from "../../src/tools/import/things.ts";
import { tryOut } from "../../src/tools/import/trial.ts";

const MODELS = join(import.meta.dirname!, "models");

function draftOf(file: string): Draft {
  const [{ imported }] = fileModels(join(MODELS, file)).models;
  return imported.ok ? imported.draft : expect.fail(imported.why);
}

const whyNot = (thing: unknown) => {
  const imported = fromThing(thing);
  return imported.ok ? expect.fail("it was imported") : imported.why;
};

describe("a Thing Description", () => {
  const draft = draftOf("lamp.td.json");
  const { kind, title, description, properties, commands } = kindDocument(kindFrom(draft));
  const [telemetry, state, events] = [properties.telemetry, properties.state, properties.events]
    .map((part) => part.properties as Record<string, JsonSchema>);

  it("[K1] has a name and says what it is", () => {
    expect([kind, title, description]).toEqual(["garden-lamp", "Garden Lamp", "Lights the path."]);
  });

  it("[D2] what can only be read is telemetry, what can be written is wanted and set", () => {
    expect(telemetry.led_temperature).toMatchObject({ type: "number", unit: "°C", deviceClass: "temperature" });
    expect(telemetry.recent).toMatchObject({ type: "array", maxItems: 5 });
    expect(state.on).toMatchObject({ type: "boolean", desirable: true });
    expect(commands.set_on).toMatchObject({ effect: "set", confirms: { field: "on", param: "on" } });
    expect(state.mode).toMatchObject({ enum: ["steady", "blink"] });
    expect(state.colour).toMatchObject({ required: ["r"], properties: { r: { maximum: 255 } }, desirable: true });
  });

  it("[D1] an object of which parts may be left out is patched, so no report of it proves a command", () => {
    expect(commands.set_colour).toMatchObject({ effect: "set", params: { required: ["colour"] } });
    expect(commands.set_colour.confirms).toBeUndefined();
  });

  it("[D2] a form that names its operations says more than a flag that was left out", () => {
    expect(telemetry.hours).toMatchObject({ type: "integer", minimum: 1 });
    expect(state.hours).toBeUndefined();
  });

  it("[K2] what can only be written is a command", () => {
    expect(commands.set_password.params).toMatchObject({ properties: { password: { maxLength: 32 } } });
    expect([telemetry.password, state.password]).toEqual([undefined, undefined]);
  });

  it("[K2] an action that may be repeated and takes a property is how that is set, and proved by it", () => {
    expect(commands.fade).toMatchObject({
      title: "Fade to",
      effect: "set",
      confirms: { field: "brightness", param: "brightness" },
      params: { required: ["brightness"], properties: { over_seconds: { default: 1 }, pin: { secret: true } } },
      result: { type: "boolean" },
    });
    expect(state.brightness).toMatchObject({ unit: "%", desirable: true });
    expect(commands.set_brightness).toBeUndefined();
  });

  it("[K2] safe is a query, and what says nothing is done once", () => {
    expect(commands.measure).toMatchObject({ effect: "query", result: { properties: { watts: { unit: "W" } } } });
    expect(commands.blink).toMatchObject({ effect: "once", params: { required: ["value"] } });
    expect(commands.vague.result).toBeUndefined();
  });

  it("[T6] events tell their data", () => {
    expect(events.overheated).toMatchObject({ properties: { value: { unit: "°C" } }, required: ["value"] });
    expect(events.touched).toMatchObject({ properties: {} });
    expect(events.broken_down).toMatchObject({ required: ["part"] });
  });

  it("each feature that is left out is named, with why", () => {
    expect(draft.leftOut.map(({ feature, why }) => `${feature}: ${why}`)).toEqual([
      "output of vague: it does not say of what type its value is",
      "property anything: it does not say of what type its value is",
      "property either: its value may have several forms (oneOf)",
      "property pair: it is a list in which each place has a meaning of its own",
      "property bag: it is an object of which no part is described",
      "property mixed: the values to choose from are not all text or all numbers",
      "property reading: its address has variables, so it is several values",
      "property malformed: it is not formed as the W3C has it",
    ]);
  });

  it("[K1] takes its own samples, and lives from its ranges", async () => {
    expect((await tryOut(kindFrom(draft))).refused).toBeNull();
  });
});

describe("a Thing Model", () => {
  it("without a title has the name of its file; what it leaves open is left out", () => {
    const { name, telemetry, leftOut } = draftOf("pump.tm.json");
    expect([name, Object.keys(telemetry)]).toEqual(["pump", ["flow"]]);
    expect(leftOut.map(({ feature, why }) => `${feature}: ${why}`)).toEqual([
      "part ./motor.tm.json: it is a thing, and a kind, of its own",
      "property limit: it has a placeholder",
      "property borrowed: it refers to another model (tm:ref)",
    ]);
  });

  it.each([
    [{ title: "A" }, "it has no properties, no actions and no events"],
    [{ title: "A", properties: [] }, "it is no Thing Description: properties: "],
    [{ title: "A", interactions: [] }, "it has interactions, as before version 1.0"],
    [
      { title: "A", links: [{ rel: "tm:extends", href: "b" }], properties: {} },
      "it extends b: put the two together first",
    ],
    [{ title: "温度", properties: { a: { type: "number" } } }, "its title has no letter of a to z and no digit"],
    [{ title: "A", properties: { a: {} } }, "nothing of it can be mapped: property a: it does not say of what type"],
  ])("%j is refused with a sentence", (thing, why) => {
    expect(whyNot(thing)).toContain(why);
  });

  it("[K2] a property that could not be mapped proves nothing", () => {
    const on = { type: "object", properties: { on: { type: "boolean" } } };
    const imported = fromThing({
      title: "A",
      properties: { on: {} },
      actions: { set: { input: on, idempotent: true } },
    });
    expect(imported).toMatchObject({ ok: true, draft: { wanted: {}, leftOut: [{ feature: "property on" }] } });
    if (imported.ok) expect(kindFrom(imported.draft).commands.set.confirms).toBeUndefined();
  });
});

describe("our own kinds, there and back [W4]", () => {
  /** As JSON, and without forms: where and how long a thing is asked is its hub's. */
  const plain = (json: unknown) => JSON.parse(JSON.stringify(json, (key, part) => key === "forms" ? undefined : part));
  const PARTS = ["properties", "actions", "events"] as const;

  it("knows the kinds", () => expect(KINDS.length).toBeGreaterThanOrEqual(8));

  it.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name is the same Thing afterwards", ({ name, kind }) => {
    const model = plain(thingModel(kindDocument(kind)));
    const imported = fromThing(model);
    if (!imported.ok) expect.fail(imported.why);
    expect(imported.draft.leftOut).toEqual([]);
    const back = plain(thingModel(kindDocument(kindFrom({ ...imported.draft, name }))));
    for (const part of PARTS) expect(back[part]).toMatchObject(model[part]);
    // What can be wanted has a command afterwards, also where only the property could be written; and what a thing
    // leaves out because one request cannot do it, as under a lease, is there again as far as every kind has it.
    const added = PARTS.flatMap((part) => Object.keys(back[part]).filter((name) => !(name in model[part])));
    const writable = Object.entries<JsonSchema>(model.properties).filter(([, { readOnly }]) => !readOnly);
    const expected = [...writable.map(([name]) => `set_${name}`), ...Object.keys(BASE_COMMANDS)];
    expect(expected).toEqual(expect.arrayContaining(added));
  });

  it("a device's own description gives the same kind as the model of its kind", () => {
    const relay = KINDS.find(({ name }) => name === "relay")!;
    const device = { id: "r1", name: "Pump", created: "2026-01-01T00:00:00Z", told: ["on", "on_2", "power"] };
    const imported = fromThing(thingDescription(kindDocument(relay), device, "http://hub.local"));
    if (!imported.ok) expect.fail(imported.why);
    const { state, commands } = kindFrom({ ...imported.draft, name: "relay" });
    expect(Object.keys(state)).toEqual(expect.arrayContaining(["on", "on_2"]));
    expect(commands.set).toMatchObject({ keys: ["channel"], confirms: { field: "on", param: "on" } });
    expect(commands.set_on_2).toBeUndefined();
  });
});
