import { describe, expect, it } from "vitest";
import type { Headline } from "../../src/panel/form/controls.ts";
import { staleFrom, toldOf } from "../../src/panel/live/fresh.ts";
import type { Shown } from "../../src/panel/live/watch.ts";

const field = (name: string) => ({ name, title: name }) as Headline["field"];
const meter: Shown = {
  id: "meter",
  presence: "online",
  since: 1_000_000,
  seen: 9_000_000,
  telemetry: { power: { value: 5, at: 2_000_000 } },
  reported: { on: true },
  reportedAt: { on: 1_500_000 },
};

describe("[A2.3] how old a value is", () => {
  it("is as old as its own last report", () => {
    expect(toldOf(meter, { part: "telemetry", field: field("power") })).toEqual({ value: 5, at: 2_000_000 });
    expect(toldOf(meter, { part: "reported", field: field("on") })).toEqual({ value: true, at: 1_500_000 });
    expect(toldOf(meter, { part: "reported", field: field("mode") })).toEqual({ value: undefined, at: undefined });
  });

  it("what is measured is stale a while after it was told, however lately the device was heard of", () => {
    expect(staleFrom(meter, "telemetry", 2_000_000, 300)).toBe(2_300_000);
  });

  it.each<[string, Partial<Shown>, number, number]>([
    ["told on this connection", {}, 1_500_000, Infinity],
    ["told a hiccup before it", {}, 700_000, Infinity],
    ["told long before it", {}, 699_999, 999_999],
    ["of a device that is away", { presence: "offline" }, 1_500_000, 1_800_000],
    ["of a device that is silent for too long", { presence: "suspect" }, 1_500_000, 1_800_000],
  ])("[C24] state %s", (_, more, at, from) => {
    expect(staleFrom({ ...meter, ...more }, "reported", at, 300)).toBe(from);
  });

  it("what was never told is not stale", () => {
    expect(staleFrom(meter, "telemetry", undefined, 300)).toBe(Infinity);
  });
});
