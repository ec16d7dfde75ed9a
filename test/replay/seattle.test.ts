/** Four years of Seattle's weather, one day after the other: the hub's history against the record. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { signalbox } from "../hub/signalbox.ts";
import { Asking } from "./asking.ts";
import { play } from "./player.ts";
import station, { DAY, daysOfSeattle, recordOf } from "./station.ts";

const RESETS = [Date.UTC(2012, 5, 1), Date.UTC(2014, 0, 1)];

describe("recorded weather", () => {
  it("is whole: every day of four years", () => {
    const days = daysOfSeattle();
    expect(days.length).toBe(1_461);
    expect(days.every(({ at }, index) => index === 0 || at === days[index - 1].at + DAY)).toBe(true);
  });

  it("[Q1, Q2, T8] is answered as it was, by days, by months and by years", () => {
    const days = daysOfSeattle();
    const record = recordOf(days, RESETS);
    const box = signalbox({ kinds: [...KINDS, station], now: days[0].at - DAY });
    const fields = { seattle: ["temperature", "wind", "weather", "rain"] };
    const asking = new Asking({ box, seed: "seattle", fields });
    const told = play({
      box,
      seed: "seattle",
      tracks: [{ device: "seattle", kind: "station", record }],
      patience: DAY / 2,
      look: (played, heard) => played % 40 === 0 && asking.ask(1, heard),
    });
    asking.ask(60, () => record);
    const years = new Asking({ box, seed: "years", fields, lengths: [28 * DAY, 365 * DAY, 366 * DAY, 1_461 * DAY] });
    years.ask(60, () => record);
    const [answers, points] = [asking.answers + years.answers, asking.points + years.points];
    console.log(`weather: ${JSON.stringify(told)}, ${answers} answers of ${points} points were true`);
    expect(told.samples).toBe(4 * 1_461);
    expect(points).toBeGreaterThan(10_000);
  }, 120_000);
});
