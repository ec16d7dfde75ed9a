/** Every payload held against what Home Assistant takes: its keys, its classes, its units. What it does not know, it refuses. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import { announced, componentsOf } from "./discovered.ts";
import { beyond, classes, faultsOf, missing } from "./faults.ts";
import facts from "./home_assistant.json" with { type: "json" };
import { probe } from "./probe.ts";

type Named = Record<string, unknown>;
const { root, origin, abbreviations, stateClasses } = facts;
const EVERY = [...KINDS, probe];

describe.each(EVERY.map((kind) => ({ name: kind.name, kind })))("[N32] $name", ({ kind }) => {
  const { topic, payload } = announced(kind, { firmware: "1.2.0" });

  it("the payload around the components has the keys that are known there, and those that must be", () => {
    // An unknown key there refuses all of it.
    expect(beyond(payload, [...root.required, ...root.keys])).toEqual([]);
    expect(missing(payload, root.required)).toEqual([]);
    expect(beyond(payload.device as Named, facts.device)).toEqual([]);
    expect((payload.device as Named).identifiers).toHaveLength(1);
    expect(beyond(payload.origin as Named, [...origin.required, ...origin.keys])).toEqual([]);
    expect(missing(payload.origin as Named, origin.required)).toEqual([]);
    expect(facts.availability.modes).toContain(payload.availability_mode);
    const [, object] = topic.match(/^homeassistant\/device\/(.+)\/config$/)!;
    expect(object).toMatch(new RegExp(facts.topic));
  });

  it("every component is one that its platform takes", () => {
    const components = componentsOf(kind);
    expect(Object.fromEntries(Object.entries(components).map(([key, component]) => [key, faultsOf(component)])))
      .toEqual(Object.fromEntries(Object.keys(components).map((key) => [key, []])));
    const ids = Object.values(components).map(({ platform, unique_id }) => `${platform} ${unique_id}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("availability is told where it can be heard", () => {
    const all = [payload, ...Object.values(componentsOf(kind))].flatMap(({ availability = [] }) =>
      availability as Named[]
    );
    for (const one of all) {
      expect(beyond(one, [...facts.availability.required, ...facts.availability.keys])).toEqual([]);
      expect(missing(one, facts.availability.required)).toEqual([]);
    }
  });

  it("no key is one that is short for another: it would be taken for that", () => {
    const shorts = Object.entries(abbreviations).filter(([short, long]) => short !== long).map(([short]) => short);
    const parts = [payload, ...Object.values(componentsOf(kind))];
    expect(parts.flatMap(Object.keys).filter((key) => shorts.includes(key))).toEqual([]);
  });
});

it("[N32] the words that decide what a field becomes are Home Assistant's, all of them", async () => {
  const words = await import("../../../src/bridge/discovery/words.ts");
  const sorted = (set: ReadonlySet<string>) => [...set].toSorted();
  expect(sorted(words.NUMBER_CLASSES)).toEqual(classes.number.toSorted());
  expect(sorted(words.BINARY_CLASSES)).toEqual(classes.binary_sensor.toSorted());
  expect(sorted(words.COVER_CLASSES)).toEqual(classes.cover.toSorted());
  expect(sorted(words.VALVE_CLASSES)).toEqual(classes.valve.toSorted());
  expect(sorted(words.SWITCH_CLASSES)).toEqual(classes.switch.toSorted());
  expect(sorted(words.EVENT_CLASSES)).toEqual(classes.event.toSorted());
  expect(sorted(words.CLIMATE_MODES)).toEqual(facts.hvacModes.toSorted());
  expect(sorted(words.CLIMATE_ACTIONS)).toEqual(facts.hvacActions.toSorted());
  const totals = Object.entries(stateClasses as Record<string, string[]>)
    .filter(([, allowed]) => allowed.includes("total") && !allowed.includes("measurement")).map(([name]) => name);
  expect(sorted(words.TOTAL_CLASSES)).toEqual(totals.toSorted());
});

it("[N32] most of what is said has a short form there, as it has for everybody", () => {
  const longs = new Set(Object.values(abbreviations));
  const said = new Set(EVERY.flatMap((kind) => Object.values(componentsOf(kind)).flatMap(Object.keys)));
  expect([...said].filter((key) => !longs.has(key)).toSorted()).toEqual(["temp_step"]);
});

it("[N32] these checks do refuse", () => {
  const good = componentsOf(KINDS.find(({ name }) => name === "env-sensor")!).temperature;
  expect(faultsOf(good)).toEqual([]);
  const wrong: [object, string][] = [
    [{ unit_of_measurement: "ppm" }, "unit of temperature ppm"],
    [{ device_class: "warmth" }, "device_class warmth"],
    [{ state_class: "total" }, "state_class of temperature total"],
    [{ command_topic: "x" }, "sensor knows no command_topic"],
    [{ entity_category: "config" }, "entity_category of what is read config"],
    [{ options: ["a"] }, "options of device_class temperature"],
  ];
  for (const [change, fault] of wrong) expect(faultsOf({ ...good, ...change })).toContain(fault);
  expect(faultsOf({ platform: "switch", unique_id: "x" })).toEqual(["switch needs command_topic"]);
  expect(faultsOf({ platform: "toaster", unique_id: "x" })).toEqual(["no platform toaster"]);
});
