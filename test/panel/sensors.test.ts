import { describe, expect, it } from "vitest";
import { type Abilities, PARTS, partsAtFirst } from "../../src/panel/phone/sensors.ts";

const ALL: Abilities = {
  isSecure: true,
  battery: true,
  motion: true,
  tilt: true,
  vibration: true,
  sound: true,
  awake: true,
  asks: false,
};
const why = (has: Partial<Abilities>) =>
  Object.fromEntries(
    Object.entries(partsAtFirst({ ...ALL, ...has })).flatMap(([part, state]) =>
      state.state === "none" ? [[part, state.why]] : []
    ),
  );

describe("what a phone can give", () => {
  it("has a reason for whatever it lacks: plain http first, since there a browser hides what it has", () => {
    expect(why({})).toEqual({});
    expect(why({ isSecure: false, battery: false, motion: false })).toEqual({
      battery: "insecure",
      motion: "insecure",
      tilt: "insecure",
      awake: "insecure",
    });
    expect(why({ vibration: false, battery: false })).toEqual({ vibration: "missing", battery: "missing" });
    expect(Object.keys(partsAtFirst(ALL))).toEqual([...PARTS]);
  });

  it("waits for a touch where a browser asks for one, and for sound and the screen always", () => {
    const untouched = (has: Partial<Abilities>) =>
      PARTS.filter((part) => partsAtFirst({ ...ALL, ...has })[part].state === "untouched");
    expect(untouched({})).toEqual(["sound", "awake"]);
    expect(untouched({ asks: true })).toEqual(["motion", "tilt", "sound", "awake"]);
  });
});
