/**
 * The templates evaluated: what a device told comes out of them for Home Assistant, and what Home Assistant sends comes
 * out as what the hub's own door lets in.
 */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import cover from "../../../devices/cover.ts";
import lamp from "../../../devices/light.ts";
import lock from "../../../devices/lock.ts";
import thermostat from "../../../devices/thermostat.ts";
import tracker from "../../../devices/tracker.ts";
import type { AnyKind } from "../../../src/kind/kind.ts";
import { printed, render } from "../../support/jinja.ts";
import { askedOf, taken } from "./asked.ts";
import { announced, type Component, componentsOf } from "./discovered.ts";
import { probe } from "./probe.ts";

type Doc = Record<string, unknown>;
const EVERY: readonly AnyKind[] = [...KINDS, probe];
const each = describe.each(EVERY.map((kind) => ({ name: kind.name, kind })));

/** What comes out of a component's template for a payload of its topic. */
const heard = (component: Component, payload: unknown, template = "value_template") =>
  render(String(component[template]), { value: payload, value_json: payload });

each("[N35] $name", ({ kind }) => {
  it("takes whatever Home Assistant sends", () => {
    for (const [key, component] of Object.entries(componentsOf(kind))) {
      for (const { deed, topic, payload } of askedOf(component)) {
        expect(taken(kind, topic, payload), `${key}: ${deed}: ${topic} ${payload}`).toMatchObject({ ok: true });
      }
    }
  });

  it("everything that has a topic for commands was asked for something", () => {
    for (const [key, component] of Object.entries(componentsOf(kind))) {
      const topics = Object.entries(component).filter(([name]) => /(command|set_position)_topic$/.test(name));
      const asked = askedOf(component).map(({ topic }) => topic);
      for (const [, topic] of topics) expect(asked, key).toContain(topic);
    }
  });
});

each("[N32] $name", ({ kind }) => {
  const { telemetry, state } = kind.examples as unknown as { telemetry: Doc[]; state: Doc[] };
  const entities = Object.entries(componentsOf(kind)).filter(([key]) => !/^(command|event|hub)-/.test(key));
  const docOf = ({ state_topic }: Component) => String(state_topic).endsWith("/telemetry") ? telemetry : state;

  it("tells each value that was told, and none for what was not", () => {
    for (const [key, component] of entities) {
      if (!/^(sensor|binary_sensor|switch|number|select|text)$/.test(component.platform)) continue;
      for (const doc of [...docOf(component), {}]) {
        expect(heard(component, doc), key).toBe(printed(Object.hasOwn(doc, key) ? (doc as Doc)[key] : null));
      }
    }
  });

  it("what is on or off is one of the two words that stand for it", () => {
    for (const [key, component] of entities) {
      const { platform, payload_on, payload_off, state_on = payload_on, state_off = payload_off } = component;
      if (platform !== "binary_sensor" && platform !== "switch") continue;
      for (const doc of docOf(component).filter((one) => Object.hasOwn(one, key))) {
        const isOn = (doc as Doc)[key] === true || /^(open|unlocked)$/.test(String((doc as Doc)[key]));
        expect(heard(component, doc), key).toBe(isOn ? state_on : state_off);
      }
    }
  });

  it("tells each event with its data", () => {
    for (const [name, examples] of Object.entries((kind.examples.events ?? {}) as Record<string, Doc[]>)) {
      const event = componentsOf(kind)[`event-${name}`];
      for (const data of examples) {
        const payload = { id: "e1", device: "d1", name, data, at: 1 };
        expect(JSON.parse(heard(event, payload))).toEqual({ ...data, event_type: name });
      }
      expect(event.event_types).toEqual([name]);
    }
  });

  it("no template fails where nothing was told yet", () => {
    for (const [key, component] of entities) {
      for (const [name, template] of Object.entries(component)) {
        if (!name.endsWith("_template") || /command|set_position/.test(name)) continue;
        expect(["", "None", "{}"], `${key} ${name}`).toContain(
          render(String(template), { value: "{}", value_json: {} }),
        );
      }
    }
  });
});

it("[N34] a device is there in three of five words", () => {
  const [, { value_template }] = announcedAvailability();
  const of = (value: string) => render(value_template, { value });
  expect(["new", "online", "suspect", "sleeping", "offline"].map(of))
    .toEqual(["offline", "online", "online", "online", "offline"]);
});

it("[N32] a lamp: its switch, how bright, which white, which colour, and which of them shows", () => {
  const { on } = componentsOf(lamp);
  const [white, colored] = lamp.examples.state as Doc[];
  const of = (doc: Doc, template: string) => heard(on, doc, template);
  expect(of(white, "state_value_template")).toBe(on.payload_on);
  expect(of({ on: false }, "state_value_template")).toBe(on.payload_off);
  expect([white, colored].map((doc) => of(doc, "color_mode_value_template"))).toEqual(["color_temp", "hs"]);
  expect([white, colored].map((doc) => of(doc, "hs_value_template"))).toEqual(["", "210,90"]);
  expect([of(white, "color_temp_value_template"), of(white, "brightness_value_template")]).toEqual(["2700", "80"]);
});

it("[N32] a cover: whether it moves, and where it stands still by the position of the same report", () => {
  const { position } = componentsOf(cover);
  const of = (doc: Doc) => heard(position, doc);
  expect(of({ moving: "opening", position: 40 })).toBe("opening");
  expect(of({ moving: "closing", position: 0 })).toBe("closing");
  expect([0, 1, 100].map((at) => of({ moving: "stopped", position: at }))).toEqual(["closed", "open", "open"]);
  expect([of({ position: 0 }), of({ moving: "stopped" })]).toEqual(["closed", ""]);
  expect(heard(position, { position: 40 }, "position_template")).toBe("40");
});

it("[N32] a thermostat: measured, wanted, in which mode, and what it does about it", () => {
  const { target } = componentsOf(thermostat);
  const telemetry = { temperature: 19.5, humidity: 40, action: "heating" };
  const reported = { target: 21, mode: "heat" };
  const of = (doc: Doc, template: string) => heard(target, doc, template);
  expect(of(telemetry, "current_temperature_template")).toBe("19.5");
  expect(of(telemetry, "current_humidity_template")).toBe("40");
  expect(of(telemetry, "action_template")).toBe("heating");
  expect([of(reported, "temperature_state_template"), of(reported, "mode_state_template")]).toEqual(["21", "heat"]);
});

it("[N32] a tracker: where it is, as the attributes that make the map", () => {
  const [there, without] = tracker.examples.telemetry as Doc[];
  const of = (doc: Doc) => JSON.parse(heard(componentsOf(tracker).lat, doc, "json_attributes_template"));
  expect(of(there)).toEqual({ latitude: 53.079296, longitude: 8.801694, gps_accuracy: 4 });
  expect(of(without)).toEqual({});
  expect(of({ lat: 1, lon: 2 })).toEqual({ latitude: 1, longitude: 2, gps_accuracy: 0 });
});

it("[N36] a lock sends a code only to unlock, and only where one was given", () => {
  const sent = askedOf(componentsOf(lock).state).map(({ payload }) => JSON.parse(payload));
  expect(sent).toEqual([
    { name: "lock", params: {} },
    { name: "unlock", params: {} },
    { name: "lock", params: {} },
    { name: "unlock", params: { pin: "1234" } },
  ]);
});

it("the reader refuses what it does not know, so that no template gets by with less than it says", () => {
  for (const odd of ["{{ a | upper }}", "{{ a.b }}", "{% for a in b %}", "{{ a", "{{ a b }}", "{% if a %}x"]) {
    expect(() => render(odd, { a: 1 }), odd).toThrow();
  }
  expect(render("{{ {'a': {'b': x}} | tojson }}", { x: 1 })).toBe('{"a":{"b":1}}');
});

function announcedAvailability() {
  const { availability } = announced(lamp).payload;
  return availability as { topic: string; value_template: string }[];
}
