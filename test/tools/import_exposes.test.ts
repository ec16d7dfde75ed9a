/** What Zigbee2MQTT devices expose as kinds: models written for the test, each branch of the mapping in one of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kindDocument } from "../../src/kind/schema.ts";
import type { Draft } from "../../src/tools/import/draft.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { modelsOf } from "../../src/tools/import/models.ts";
import { tryOut } from "../../src/tools/import/trial.ts";

const MODELS = join(import.meta.dirname!, "models");
const models = (name: string) => modelsOf(readFileSync(join(MODELS, `${name}.json`), "utf8"), name);

function draftOf(name: string): Draft {
  const [{ imported }] = models(name);
  return imported.ok ? imported.draft : expect.fail(imported.why);
}

/** A kind's document, its fields and commands by name. */
function imported(name: string) {
  const document = kindDocument(kindFrom(draftOf(name)));
  const fields = (part: "telemetry" | "state" | "events") =>
    document.properties[part].properties as Record<string, Record<string, unknown>>;
  return {
    document,
    telemetry: fields("telemetry"),
    state: fields("state"),
    events: fields("events"),
    commands: document.commands,
  };
}

describe("a light", () => {
  const { document, state, telemetry, commands } = imported("bulb");

  it("[K1] has its names, its icon, and a sentence about itself", () => {
    expect(document).toMatchObject({
      kind: "example-works-bulb-7",
      title: "Example Works BULB-7",
      description: "Coloured bulb.",
      icon: "lightbulb",
      version: 1,
    });
  });

  it("[D2, K2] what is published and can be set is wanted, and has a command that proves it", () => {
    expect(state.on).toMatchObject({ type: "boolean", desirable: true, title: "Light" });
    expect(state.brightness).toMatchObject({ minimum: 0, maximum: 254, desirable: true });
    expect(state.color_temp).toMatchObject({ unit: "mired", desirable: true });
    expect(commands.set_on).toMatchObject({ effect: "set", confirms: { field: "on", param: "on" } });
    expect(commands.set_on.params).toMatchObject({ required: ["on"], properties: { on: { type: "boolean" } } });
    expect(commands.toggle).toMatchObject({ effect: "once" });
  });

  it("[F8] names and units are made ours, and the draft says what they were", () => {
    expect(state.power_on_transition).toMatchObject({ unit: "s", deviceClass: "duration", step: 0.25, precision: 2 });
    expect(draftOf("bulb").renamed).toMatchObject({ power_on_transition: "powerOnTransition", on: "state" });
  });

  it("[D2] a colour is told part by part, reported only, and set together", () => {
    for (const part of ["color_x", "color_y", "color_hue", "color_saturation"]) {
      expect(state[part], part).toMatchObject({ type: "number" });
      expect(state[part].desirable, part).toBeUndefined();
    }
    expect(commands.set_color_xy.params.required).toEqual(["x", "y"]);
    expect(commands.set_color_hs).toMatchObject({ effect: "set", params: { required: ["hue", "saturation"] } });
    expect(commands.set_color_xy.confirms).toBeUndefined();
  });

  it("[K2] what can only be told to it is sent once, and confirmed by nothing", () => {
    expect(commands.set_effect).toMatchObject({ effect: "once", params: { required: ["effect"] } });
    expect(commands.set_effect.confirms).toBeUndefined();
    expect(state.effect).toBeUndefined();
    expect(commands.reset_energy).toMatchObject({ effect: "once", danger: "confirm", params: { properties: {} } });
  });

  it("[K3] what every kind has is not there twice", () => {
    expect(commands.identify.params.properties).toHaveProperty("seconds");
    expect(Object.keys(commands).filter((name) => name.includes("identify"))).toEqual(["identify"]);
  });

  it("[K4] a list is a field with its bounds", () => {
    expect(state.gradient).toMatchObject({ type: "array", minItems: 1, maxItems: 9, items: { type: "string" } });
    expect(telemetry.linkquality).toMatchObject({ unit: "lqi", maximum: 255 });
  });
});

describe("a lock", () => {
  const { document, state, telemetry, events, commands } = imported("bolt");

  it("[D2] nobody can desire a door open: the bolt is reported only, and unlocking is asked before", () => {
    expect(state.state).toMatchObject({ enum: ["LOCK", "UNLOCK"] });
    expect(state.state.desirable).toBeUndefined();
    expect(commands.lock).toMatchObject({ effect: "set", confirms: { field: "state", value: "LOCK" } });
    expect(commands.unlock).toMatchObject({ effect: "once", danger: "confirm" });
    expect(commands.set_state).toBeUndefined();
  });

  it("[C19] a code is secret where it is told, and never state", () => {
    const kind = kindFrom(draftOf("bolt"));
    expect(kind.commands.set_pin_code.secrets).toEqual(["pin_code"]);
    expect(kind.commands.set_network_password.secrets).toEqual(["network_password"]);
    expect(Object.keys(state)).toEqual(["state", "pin_code_user", "pin_code_hours_from"]);
  });

  it("[T6] an action is an event, with what is told beside it", () => {
    expect(Object.keys(events)).toEqual(["action"]);
    expect(events.action).toMatchObject({
      required: ["action"],
      properties: { action: { enum: ["keypad_unlock", "manual_lock"] }, action_user: { type: "number" } },
    });
    expect(telemetry.action_user).toBeUndefined();
  });

  it("[K3, P4] a battery is every kind's, and such a device is silent for hours", () => {
    expect(telemetry.battery).toMatchObject({ title: "Battery", deviceClass: "battery" });
    expect(document.stale).toBe(90_000);
  });
});

describe("a cover with two endpoints and a switch", () => {
  const { state, commands } = imported("blind");

  it("[K2] it is told to open, close and stop, and proves the first two", () => {
    expect(state.state_left).toMatchObject({ enum: ["OPEN", "CLOSE"], title: "Cover left" });
    expect(commands.open_left.confirms).toEqual({ field: "state_left", value: "OPEN" });
    expect(commands.close_left.confirms).toEqual({ field: "state_left", value: "CLOSE" });
    expect(commands.stop_left.confirms).toBeUndefined();
    expect(state.position_left).toMatchObject({ unit: "%", desirable: true });
  });

  it("[F8] on and off are true and false; other words stay what they are", () => {
    expect(state.on_l1).toMatchObject({ type: "boolean", title: "Switch l1" });
    expect(commands.toggle_l1.effect).toBe("once");
    expect(state.child_lock).toMatchObject({ enum: ["LOCK", "UNLOCK"], title: "Child lock", desirable: true });
  });
});

describe("a sensor", () => {
  const { document, telemetry, state } = imported("air");

  it("[K4] a measurement has the unit, the class and the range of our quantity", () => {
    expect(document.kind).toBe("unit-air-4");
    expect(telemetry.temperature).toMatchObject({
      ...{ unit: "°C", deviceClass: "temperature", minimum: -60, maximum: 200 },
      ...{ precision: 1, class: "gauge" },
    });
    expect(telemetry.humidity).toMatchObject({ deviceClass: "humidity", minimum: 0, maximum: 100 });
    expect(telemetry.pm25).toMatchObject({ unit: "µg/m³", deviceClass: "pm25" });
    expect(telemetry.co2).toMatchObject({ deviceClass: "carbon_dioxide", maximum: 50_000 });
    expect(telemetry.energy).toMatchObject({ class: "counter", minimum: 0 });
    expect(telemetry.reboot_count).toMatchObject({ class: "counter" });
    expect(telemetry.reboot_count.unit).toBeUndefined();
  });

  it("[K4] no range is made up where a value may be on both sides of nothing", () => {
    for (const name of ["power_factor", "current"]) {
      expect([telemetry[name].minimum, telemetry[name].maximum], name).toEqual([undefined, undefined]);
    }
    expect(telemetry.current).toMatchObject({ unit: "A", deviceClass: "current" });
  });

  it("[K4] a difference of temperatures is no temperature", () => {
    expect(state.temperature_calibration).toMatchObject({ unit: "°C", minimum: -5, maximum: 5, precision: 1 });
    expect(state.temperature_calibration.deviceClass).toBeUndefined();
  });

  it("[K3] what has the name of every kind's field and is something else gets another name", () => {
    expect(telemetry.uptime).toMatchObject({ unit: "s" });
    expect(telemetry.uptime_2).toMatchObject({ unit: "h", title: "Uptime" });
    expect(draftOf("air").renamed).toEqual({ uptime_2: "uptime" });
  });

  it("[K4] flags, words, numbers to choose from, texts, lists and objects", () => {
    expect(telemetry.contact).toMatchObject({ type: "boolean" });
    expect(telemetry.water_leak).toMatchObject({ enum: ["Leak", "Dry"], deviceClass: "moisture" });
    expect(state.keep_time).toMatchObject({ type: "number", minimum: 30, maximum: 120 });
    expect(state.schedule).toMatchObject({ type: "string", maxLength: 1024 });
    expect(telemetry.faults).toMatchObject({ type: "array", items: { enum: ["fan", "filter"] } });
    expect(telemetry.area_width).toMatchObject({ unit: "cm", deviceClass: "distance" });
  });
});

describe("what cannot be", () => {
  it("[T6] an action that stands for many is a text; each endpoint has an event of its own", () => {
    const [remote] = models("remote");
    const document = remote.imported.ok && kindDocument(kindFrom(remote.imported.draft));
    expect(document).toMatchObject({
      properties: {
        events: {
          properties: {
            action: { properties: { action: { type: "string" } } },
            action_side: { properties: { action: { enum: ["single", "double"] } } },
          },
        },
      },
    });
  });

  it("a coordinator is passed by, and a device that exposes nothing is refused with a sentence", () => {
    expect(models("remote").map(({ label }) => label)).toEqual(["REMOTE", "MUTE"]);
    expect(models("remote")[1].imported).toEqual({
      ok: false,
      why: "it exposes nothing: there is nothing to see and nothing to set",
    });
  });

  it("each feature that is left out is named, with why, and the others are there", () => {
    const { telemetry, leftOut } = draftOf("odd");
    expect(Object.keys(telemetry)).toEqual(["fine"]);
    expect(leftOut.map(({ feature, why }) => `${feature}: ${why}`)).toEqual([
      "range: its least value is above its greatest",
      "nothing: it is a choice without values",
      "same: both of its values are the same",
      "温度: its name has no letter of a to z and no digit",
      "hologram: there is no mapping for its type hologram",
      "deaf: it can neither be read nor set",
      "unknown: it is a list of nobody knows what",
      "empty: it is a composite without parts",
      "fine: another feature has the same property in another form",
      "Nameless: it has no name",
    ]);
  });

  it.each([
    ["text", "it is neither a Thing Description nor what a Zigbee2MQTT device exposes"],
    ["[1]", "it is neither a Thing Description nor what a Zigbee2MQTT device exposes"],
    ['{"exposes":[{"type":1}]}', "it is no definition of Zigbee2MQTT"],
    ['{"model":"?","vendor":"","exposes":[]}', "neither its vendor nor its model has a letter"],
    [
      '{"model":"x","vendor":"y","exposes":[{"type":"enum","name":"e","access":1}]}',
      "nothing that it exposes can be mapped: e: it is a choice without values",
    ],
  ])("%s is refused with a sentence", (text, why) => {
    const [{ imported }] = modelsOf(text, "text");
    expect(imported).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });
});

it.each(["bulb", "bolt", "blind", "air", "remote", "odd"])(
  "[K1] %s takes its own samples, and lives from its ranges",
  async (name) => {
    const { tried, refused } = await tryOut(kindFrom(draftOf(name)));
    expect(refused).toBeNull();
    expect(tried).toBeGreaterThan(15);
  },
);

it("[K1] a param that has a field's name and not its range is not told as that field", async () => {
  const numeric = (name: string, value_min: number, value_max: number, access: number) => ({
    ...{ type: "numeric", name, property: name, access, value_min, value_max },
  });
  const pulse = { type: "composite", name: "color_pulse", property: "color_pulse", access: 2 };
  const exposes = [numeric("level", 0, 10, 3), { ...pulse, features: [numeric("level", 50, 60, 2)] }];
  const [{ imported }] = modelsOf(JSON.stringify({ model: "P", vendor: "V", exposes }), "pulse");
  if (!imported.ok) expect.fail(imported.why);
  expect((await tryOut(kindFrom(imported.draft))).refused).toBeNull();
});
