/** Fields that are wanted and set one by one. */
import { expect, it } from "vitest";
import { annotationsOf, flag } from "../../src/kind/field.ts";
import { defineKind, type ParamsOf } from "../../src/kind/kind.ts";
import { celsius } from "../../src/kind/quantities.ts";
import { allDesirable, setters } from "../../src/kind/setters.ts";

const settable = { target: celsius({ title: "Target", min: 5, max: 30 }), boost: flag() };
const heater = defineKind({
  name: "heater",
  version: 1,
  title: "Heater",
  telemetry: {},
  state: { ...allDesirable(settable), open: flag() },
  commands: { ...setters(settable), purge: { effect: "once" } },
});

it("[D2] each is desirable, and what was given is not changed", () => {
  const desirable = Object.entries(heater.state).filter(([, field]) => annotationsOf(field).desirable);
  expect(desirable.map(([name]) => name)).toEqual(["target", "boost"]);
  expect(annotationsOf(settable.target).desirable).toBeUndefined();
  expect(annotationsOf(heater.state.target)).toMatchObject({ title: "Target", unit: "°C" });
});

it("[K2] each has a command that sets it and is proved by it", () => {
  const params: ParamsOf<typeof heater, "set_target"> = { target: 21 };
  expect(heater.check.params("set_target", params)).toEqual({ ok: true, value: params });
  for (const odd of [{}, { target: 31 }, { target: 21, boost: true }]) {
    expect(heater.check.params("set_target", odd).ok).toBe(false);
  }
  expect(heater.commands.set_boost).toMatchObject({
    title: "Set boost",
    effect: "set",
    confirms: { field: "boost", param: "boost" },
  });
  expect(Object.keys(heater.commands)).toEqual(expect.arrayContaining(["set_target", "set_boost", "purge", "reboot"]));
});
