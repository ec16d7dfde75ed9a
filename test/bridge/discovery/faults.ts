/** What Home Assistant would say of a component, by the facts in `home_assistant.json`. */
import type { Component } from "./discovered.ts";
import facts from "./home_assistant.json" with { type: "json" };

type Named = Record<string, unknown>;
const { platforms, units, stateClasses, rewrittenUnits } = facts;
const rules: Record<string, { required: string[]; keys: string[] }> = platforms;
export const classes: Record<string, string[]> = facts.deviceClasses;

export const beyond = (value: object, known: readonly string[]) =>
  Object.keys(value).filter((key) => !known.includes(key));
export const missing = (value: object, needed: readonly string[]) => needed.filter((key) => !Object.hasOwn(value, key));

/** What Home Assistant would say of a component; nothing where it takes it. */
export function faultsOf(component: Component): string[] {
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
