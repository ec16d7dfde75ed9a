/** Every payload held against what Home Assistant takes: its keys, its classes, its units. What it does not know, it refuses. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import { announced, type Component, componentsOf } from "./discovered.ts";
import facts from "./home_assistant.json" with { type: "json" };
import { probe } from "./probe.ts";

type Named = Record<string, unknown>;
const { root, origin, platforms, deviceClasses, units, stateClasses, rewrittenUnits, abbreviations } = facts;
const rules: Record<string, { required: string[]; keys: string[] }> = platforms;
const classes: Record<string, string[]> = deviceClasses;
const EVERY = [...KINDS, probe];

const beyond = (value: object, known: readonly string[]) => Object.keys(value).filter((key) => !known.includes(key));
const missing = (value: object, needed: readonly string[]) => needed.filter((key) => !Object.hasOwn(value, key));

/** What Home Assistant would say of a component; nothing where it takes it. */
function faultsOf(component: Component): string[] {
  const { platform, device_class, state_class, unit_of_measurement, options, entity_category, unique_id } = component;
  const rule = rules[platform];
  if (!rule) return [`no platform ${platform}`];
  const known = [...facts.common, ...rule.required, ...rule.keys];
  const faults = [
    ...beyond(component, known).map((key) => `${platform} knows no ${key}`),
    ...missing(component, rule.required).map((key) => `${platform} needs ${key}`),
  ];
  const expectIn = (what: string, value: unknown, allowed: readonly unknown[]) => {
    if (value !== undefined && !allowed.includes(value)) faults.push(`${what} ${value}`);
  };
  if (typeof unique_id !== "string") faults.push("no unique_id");
  expectIn("device_class", device_class, classes[platform] ?? []);
  expectIn("entity_category", entity_category, facts.entityCategories);
  if (/sensor$/.test(platform)) expectIn("entity_category of what is read", entity_category, ["diagnostic"]);
  for (const [key, value] of Object.entries(component)) {
    if (key.endsWith("_topic") && (typeof value !== "string" || /[+#$]/.test(value))) faults.push(`${key} ${value}`);
  }
  if (platform === "sensor" && typeof device_class === "string") {
    const unit = (rewrittenUnits as Named)[String(unit_of_measurement)] ?? unit_of_measurement ?? null;
    const allowed = (units as Record<string, unknown[]>)[device_class];
    if (allowed) expectIn(`unit of ${device_class}`, unit, allowed);
    expectIn(
      `state_class of ${device_class}`,
      state_class,
      (stateClasses as Record<string, string[]>)[device_class] ?? [],
    );
    if (device_class === "enum" && unit_of_measurement !== undefined) faults.push("an enum with a unit");
  }
  if (platform === "sensor" && options !== undefined) {
    expectIn("options of device_class", device_class, ["enum"]);
    if ((options as unknown[]).length === 0 || state_class !== undefined) faults.push("options without a choice");
  }
  if (state_class === "measurement_angle" && unit_of_measurement !== "°") faults.push("an angle without degrees");
  return [...faults, ...ofPlatform(component)];
}

function ofPlatform(component: Component): string[] {
  const { platform, min = 0, max = 100, step = 1, modes, source_type } = component as Named & Component;
  const faults = [];
  if (platform === "number" && !(Number(min) < Number(max) && Number(step) >= 0.001)) faults.push("number's bounds");
  if (platform === "text" && !(Number(min) < Number(max) && Number(max) <= 255)) faults.push("text's bounds");
  if (
    platform === "climate" && beyond(Object.fromEntries((modes as string[]).map((m) => [m, 1])), facts.hvacModes).length
  ) {
    faults.push(`modes ${modes}`);
  }
  if (platform === "valve" && component.reports_position === true) faults.push("a valve of positions has no payloads");
  if (platform === "device_tracker" && !facts.sourceTypes.includes(String(source_type))) faults.push("source_type");
  // Its states go with Home Assistant 2027.1.
  if (platform === "device_tracker" && component.state_topic !== undefined) faults.push("a tracker's state_topic");
  return faults;
}

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
