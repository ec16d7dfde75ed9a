/** Four hours of a boat, 116,000 sentences of its instruments: the hub's history against the record. */
import { describe, expect, it, type TestContext } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { signalbox } from "../hub/signalbox.ts";
import { Asking, DAY } from "./asking.ts";
import boat from "./boat.ts";
import { play, type Track } from "./player.ts";
import { plakaLog } from "./recording.ts";
import { moved, type Voyage, voyageOf } from "./voyage.ts";

const FIELDS: Record<string, string[]> = {
  plaka: ["lat", "lon", "speed", "course", "moving"],
  mast: ["depth", "wind_speed", "wind_angle", "tack", "water_speed", "trip"],
};
const HOUR = 3_600_000;
/** The log names no day, and begins at ten to ten in the morning. From here it goes over the end of a year. */
const NEW_YEARS_EVE = Date.UTC(2026, 11, 31, 12);

let read: Voyage | undefined;
const recorded = (context: TestContext): Voyage => read ??= voyageOf(plakaLog(context));

const tracksOf = ({ places, instruments }: Voyage, day: number): Track[] => [
  { device: "plaka", kind: "tracker", record: moved(places, day) },
  { device: "mast", kind: "boat", record: moved(instruments, day) },
];

describe("a recorded voyage", () => {
  it("is whole: a place and what the instruments say for each round of sentences", (context) => {
    const { places, instruments, refused } = recorded(context);
    expect([places.length, instruments.length, refused]).toEqual([7_250, 7_250, 0]);
    expect(new Set(places.map(({ at }) => at)).size).toBe(7_250);
  });

  it(
    "[Q1, Q2, T8] is answered as it was, however it was told, while it lasts and at any time afterwards",
    (context) => {
      const tracks = tracksOf(recorded(context), NEW_YEARS_EVE);
      const box = signalbox({ kinds: [...KINDS, boat], now: tracks[0].record[0].at - HOUR });
      const asking = new Asking({ box, seed: "voyage", fields: FIELDS });
      const whole = (device: string) => tracks.find((track) => track.device === device)!.record;
      const told = play({
        box,
        seed: "voyage",
        tracks,
        look: (played, heard) => played % 200 === 0 && asking.ask(1, heard),
      });
      // As it came, by the minute, settled, by the hour.
      for (const days of [0, 1, 2, 29, 400]) {
        box.advance(days * DAY);
        asking.ask(40, whole);
      }
      console.log(`voyage: ${JSON.stringify(told)}, ${asking.answers} answers of ${asking.points} points were true`);
      expect(told.samples).toBe(14_500);
      expect(Math.min(told.evictions, told.crashes, told.late, told.repeats)).toBeGreaterThan(10);
      expect(asking.points).toBeGreaterThan(10_000);
    },
    120_000,
  );
});
