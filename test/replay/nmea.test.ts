import { expect, it } from "vitest";
import { degreesOf, fromKnots, numberOf, sentenceOf, timeOfDay } from "./nmea.ts";
import { voyageOf } from "./voyage.ts";

it("a sentence is taken with the right checksum, and with no other", () => {
  expect(sentenceOf("$IIMWV,338,R,13.41,N,A*2C\r")).toEqual({ type: "MWV", fields: ["338", "R", "13.41", "N", "A"] });
  expect(sentenceOf("$GPGLL,6005.068,N,02332.341,E,095601,A,D*42")?.fields[4]).toBe("095601");
  for (
    const line of ["$IIMWV,338,R,13.41,N,A*2D", "$IIMWV,339,R,13.41,N,A*2C", "$IIMWV,338,R,13.41,N,A", "MWV*00", ""]
  ) {
    expect(sentenceOf(line)).toBeNull();
  }
});

it("a field's number, place and time; what was left empty is nothing", () => {
  expect([numberOf("05.24"), numberOf("0"), numberOf(""), numberOf(" "), numberOf("T"), numberOf(undefined)])
    .toEqual([5.24, 0, undefined, undefined, undefined, undefined]);
  expect([degreesOf("6005.068", "N"), degreesOf("02332.341", "W"), degreesOf("", ""), degreesOf("6005.068", "")])
    .toEqual([60.084467, -23.539017, undefined, undefined]);
  expect([timeOfDay("000000"), timeOfDay("095601"), timeOfDay("235959.5"), timeOfDay("9:56")])
    .toEqual([0, 35_761_000, 86_399_500, undefined]);
  expect([fromKnots(10), fromKnots(undefined)]).toEqual([5.144, undefined]);
});

it("a line that was damaged costs its values, and nothing else of its round", () => {
  const round = [
    "$IIVTG,225.18,T,225.18,M,5.80,N,,,D*69",
    "$GPGLL,6005.068,N,02332.341,E,095601,A,D*42",
    "$IIVDR,,,,,,N*0E",
  ];
  const whole = voyageOf(round.join("\n"));
  expect(whole.places).toEqual([{
    at: 35_761_000,
    data: { lat: 60.084467, lon: 23.539017, speed: 2.984, course: 225.18, moving: true },
  }]);
  const damaged = voyageOf(round.join("\n").replace("5.80", "9.80"));
  expect(damaged).toMatchObject({ refused: 1, places: [{ at: 35_761_000, data: { lat: 60.084467, lon: 23.539017 } }] });
});
