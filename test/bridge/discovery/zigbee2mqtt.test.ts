/** What is announced beside what Zigbee2MQTT's own tests expect of it: the best known of those that Home Assistant finds. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import type { AnyKind } from "../../../src/kind/kind.ts";
import { type Component, componentsOf, KEPT } from "./discovered.ts";
import facts from "./zigbee2mqtt.json" with { type: "json" };

const kindNamed = (name: string): AnyKind => KINDS.find((kind) => kind.name === name)!;
const ofPlatform = (kind: string, platform: string): Component =>
  Object.values(componentsOf(kindNamed(kind))).find((component) => component.platform === platform)!;

/** What theirs says and ours does not. */
const ELSEWHERE: Record<string, [kind: string, Record<string, string>]> = {
  climate: ["thermostat", {
    preset_mode_command_topic: "our thermostat has no presets",
    preset_mode_state_topic: "our thermostat has no presets",
    preset_mode_value_template: "our thermostat has no presets",
    preset_modes: "our thermostat has no presets",
  }],
  cover: ["cover", {
    state_stopped: "the template says open or closed, by the position of the same report",
  }],
  light: ["light", {
    brightness: "of the JSON schema, in which all is one payload; ours are commands of their own",
    effect: "of the JSON schema",
    schema: "of the JSON schema",
    supported_color_modes: "of the JSON schema; here the topics say it",
    max_mireds: "ours is in kelvin",
    min_mireds: "ours is in kelvin",
  }],
  lock: ["lock", {}],
  switch: ["relay", {}],
  number: ["env-sensor", { icon: "left to Home Assistant" }],
  select: ["camera", { icon: "left to Home Assistant" }],
  event: ["camera", { icon: "left to Home Assistant" }],
  button: ["relay", { availability_mode: "said once for the device" }],
  binary_sensor: ["lock", { entity_category: "a door is what a lock is there for" }],
  sensor: ["env-sensor", { enabled_by_default: "true is what it is where nothing is said" }],
};

describe("[N32] keys", () => {
  it.each(Object.entries(facts.keys))("of a %s: ours has theirs, or says why not", (platform, theirs) => {
    const [kind, reasons] = ELSEWHERE[platform];
    const ours = Object.keys(ofPlatform(kind, platform));
    expect(theirs.filter((key) => !ours.includes(key)).toSorted()).toEqual(Object.keys(reasons).toSorted());
    expect(ours).toEqual(expect.arrayContaining(["name", "unique_id"]));
  });

  it("the table names every platform that we have a kind for, but the three that they have no payload of", () => {
    const platforms = new Set(
      KEPT.flatMap((kind) => Object.values(componentsOf(kind)).map(({ platform }) => platform)),
    );
    expect([...platforms].filter((platform) => !Object.hasOwn(facts.keys, platform)).toSorted())
      .toEqual(["device_tracker", "text", "valve"]);
  });
});

describe("[N32] values", () => {
  const OURS: Record<string, [kind: string, field: string]> = {
    temperature: ["env-sensor", "temperature"],
    humidity: ["env-sensor", "humidity"],
    pressure: ["env-sensor", "pressure"],
    battery: ["env-sensor", "battery"],
    co2: ["env-sensor", "co2"],
    illuminance: ["env-sensor", "illuminance"],
    power: ["energy-meter", "power"],
    voltage: ["energy-meter", "voltage_l1"],
    current: ["energy-meter", "current_l1"],
    energy: ["energy-meter", "energy_import"],
    frequency: ["energy-meter", "frequency"],
    power_factor: ["energy-meter", "power_factor_l1"],
    signal: ["env-sensor", "rssi"],
  };

  it.each(Object.entries(facts.values))("of %s are the same", (name, theirs) => {
    const [kind, field] = OURS[name];
    expect(componentsOf(kindNamed(kind))[field]).toMatchObject(theirs);
  });
});
