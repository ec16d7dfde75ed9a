/** Four hours of a boat, 116,000 sentences of its instruments: the hub's history against the record. */
import { describe, expect, it, type TestContext } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { type Signalbox, signalbox } from "../hub/signalbox.ts";
import { Random } from "../simulation/random.ts";
import boat from "./boat.ts";
import { compare } from "./compare.ts";
import { play, type Track } from "./player.ts";
import { plakaLog } from "./recording.ts";
import { seriesOf } from "./truth.ts";
import { moved, type Recorded, type Voyage, voyageOf } from "./voyage.ts";

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

/** Questions of any length that end somewhere in the record, or a while behind it. */
class Asking {
  points = 0;
  answers = 0;
  readonly #box: Signalbox;
  readonly #random: Random;

  constructor(box: Signalbox, seed: string) {
    this.#box = box;
    this.#random = new Random(seed);
  }

  ask(times: number, record: (device: string) => readonly Recorded[]): void {
    for (let time = 0; time < times; time++) {
      const device = this.#random.pick(Object.keys(FIELDS));
      const field = this.#random.pick(FIELDS[device]);
      const samples = record(device);
      const end = this.#random.pick([this.#random.pick(samples).at, this.#box.now, this.#box.now - HOUR]);
      const length = this.#random.pick([1_000, 60_000, 600_000, HOUR, 5 * HOUR, 20 * HOUR]);
      // Within a second as well as on it.
      const to = end - this.#random.pick([0, 1, this.#random.int(1_000)]);
      const range = { from: to - this.#random.between(1, length), to };
      const points = this.#random.pick([1, 2, 7, 60, 300, 1_000, 2_000, 5_000]);
      this.points += compare(this.#box, { device, field, ...range, points }, seriesOf(samples, field));
      this.answers += 1;
    }
  }
}

describe("a recorded voyage", () => {
  it("is whole: a place and what the instruments say for each round of sentences", (context) => {
    const { places, instruments, refused } = recorded(context);
    expect([places.length, instruments.length, refused]).toEqual([7_250, 7_250, 0]);
    expect(new Set(places.map(({ at }) => at)).size).toBe(7_250);
  });

  it("[T4, T5, T8] is answered from what was written and what was not yet, however it was told", (context) => {
    const tracks = tracksOf(recorded(context), NEW_YEARS_EVE);
    const box = signalbox({ kinds: [...KINDS, boat], now: tracks[0].record[0].at - HOUR });
    const asking = new Asking(box, "voyage");
    const told = play({
      box,
      seed: "voyage",
      tracks,
      look: (played, heard) => played % 100 === 0 && asking.ask(1, heard),
    });
    asking.ask(300, (device) => tracks.find((track) => track.device === device)!.record);
    console.log(`voyage: ${JSON.stringify(told)}, ${asking.answers} answers of ${asking.points} points were true`);
    expect(told.samples).toBe(14_500);
    expect(Math.min(told.evictions, told.crashes, told.late, told.repeats)).toBeGreaterThan(10);
    expect(asking.points).toBeGreaterThan(10_000);
  });
});
