/** Questions about any field, of any length, that end at any time of the record or behind it; each is compared. */
import type { Retention } from "../../src/kind/kind.ts";
import type { Signalbox } from "../hub/signalbox.ts";
import { Random } from "../simulation/random.ts";
import { compare } from "./compare.ts";
import { seriesOf } from "./truth.ts";
import type { Recorded } from "./voyage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long history is kept where a kind does not say [K10]. */
const KEPT: Retention = { raw: 86_400, minute: 30 * 86_400, hour: null };

interface Given {
  box: Signalbox;
  seed: string;
  fields: Readonly<Record<string, readonly string[]>>;
  retention?: Retention;
  /** How long ranges are, in ms. */
  lengths?: readonly number[];
}

export class Asking {
  points = 0;
  answers = 0;
  readonly #random: Random;
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
    this.#random = new Random(`${given.seed}/asking`);
  }

  ask(times: number, record: (device: string) => readonly Recorded[]): void {
    const { box, fields, retention = KEPT, lengths = LENGTHS } = this.#given;
    const random = this.#random;
    for (let time = 0; time < times; time++) {
      const device = random.pick(Object.keys(fields));
      const field = random.pick(fields[device]);
      const samples = record(device);
      if (samples.length === 0) continue;
      const end = random.pick([random.pick(samples).at, samples.at(-1)!.at, box.now, box.now - HOUR, box.now + HOUR]);
      const length = random.pick(lengths);
      // On whole minutes, hours and days as well as within a second.
      const edge = random.pick([1, 1_000, MINUTE, HOUR, DAY]);
      const to = Math.ceil(end / edge) * edge - random.pick([0, 0, 1, random.int(1_000)]);
      const range = { from: to - random.pick([length, random.between(1, length)]), to };
      const points = random.pick([1, 2, 7, 60, 300, 1_000, 2_000, 5_000]);
      this.points += compare(box, { device, field, ...range, points }, seriesOf(samples, field), retention);
      this.answers += 1;
    }
  }
}

const LENGTHS = [1_000, MINUTE, HOUR, 5 * HOUR, 7 * HOUR, 20 * HOUR, 3 * DAY, 20 * DAY, 400 * DAY, 60 * 365 * DAY];
