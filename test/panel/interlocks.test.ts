import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { interlockWhy } from "../../src/panel/control/interlocks.ts";
import type { Situation } from "../../src/panel/control/permit.ts";
import { whysOf } from "../../src/panel/control/whys.tsx";
import { commandModel } from "../../src/panel/form/controls.ts";
import { ANN } from "./fake.ts";

const document = (name: string) => kindDocument(KINDS.find((kind) => kind.name === name)!);
const rover = document("rover");
const HOUR = 3_600_000;
const docked = {
  presence: "online",
  since: HOUR,
  reported: { mode: "docked", battery_low: false },
  reportedAt: { mode: HOUR, battery_low: HOUR },
} as const;

describe("[C24] an interlock as the hub will judge it", () => {
  it("forbids what it names, in the kind's words", () => {
    expect(interlockWhy(rover, "goto", docked)).toBe("It stands in its dock. Undock it first.");
    expect(interlockWhy(rover, "undock", docked)).toBeNull();
    expect(interlockWhy(rover, "undock", { ...docked, reported: { mode: "docked", battery_low: true } }))
      .toBe("Its battery is low. Let it charge.");
    expect(interlockWhy(rover, "stop", docked)).toBeNull();
  });

  const UNKNOWN = "Battery low is not known: it was never reported, or is too old to go by.";

  it("fails closed over what was never reported, and does not claim what it forbids for", () => {
    expect(interlockWhy(rover, "undock", { ...docked, reported: { mode: "idle" } })).toBe(UNKNOWN);
  });

  it("fails closed over what is not fresh, and says what that is", () => {
    expect(interlockWhy(rover, "undock", { ...docked, presence: "suspect" })).toBe(UNKNOWN);
    const bound = HOUR - rover.stale * 1000;
    const at = (battery_low: number) => ({ ...docked, reportedAt: { ...docked.reportedAt, battery_low } });
    expect(interlockWhy(rover, "undock", at(bound))).toBeNull();
    expect(interlockWhy(rover, "undock", at(bound - 1))).toBe(UNKNOWN);
  });
});

describe("[A2.6] why some of several commands cannot be sent", () => {
  const commands = ["goto", "dock", "undock"].map((name) => commandModel(name, rover.commands[name]));
  const situation = (more: Partial<Situation>): Situation => ({
    isConnected: true,
    me: ANN,
    presence: "online",
    isStopped: false,
    driver: null,
    interlocked: (name) => interlockWhy(rover, name, docked),
    ...more,
  });

  it("is said by name where it is not so of all, and once where it is", () => {
    expect(whysOf(commands, situation({}))).toEqual([
      { titles: ["Go to"], sentence: "It stands in its dock. Undock it first." },
    ]);
    expect(whysOf(commands, situation({ presence: "offline" }))).toEqual([
      { titles: [], sentence: "The device is not connected. The hub would refuse it." },
    ]);
  });

  it("is not said beside them where it is said above: cut off, stopped, driven by somebody else", () => {
    for (const more of [{ isConnected: false }, { isStopped: true }, { driver: { state: "nobody" } as const }]) {
      expect(whysOf(commands, situation(more)), JSON.stringify(more)).toEqual([]);
    }
  });
});
