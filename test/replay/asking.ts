/** Questions about any field, of any length, that end at any time of the record or behind it; each is compared. */
import type { Signalbox } from "../hub/signalbox.ts";
import { Random } from "../simulation/random.ts";
import { compare } from "./compare.ts";
import { seriesOf } from "./truth.ts";
import type { Recorded } from "./voyage.ts";

const HOUR = 3_600_000;

export class Asking {
  points = 0;
  answers = 0;
  readonly #box: Signalbox;
  readonly #random: Random;
  readonly #fields: Readonly<Record<string, readonly string[]>>;

  constructor(box: Signalbox, seed: string, fields: Readonly<Record<string, readonly string[]>>) {
    this.#box = box;
    this.#random = new Random(`${seed}/asking`);
    this.#fields = fields;
  }

  ask(times: number, record: (device: string) => readonly Recorded[]): void {
    for (let time = 0; time < times; time++) {
      const device = this.#random.pick(Object.keys(this.#fields));
      const field = this.#random.pick(this.#fields[device]);
      const samples = record(device);
      const recent = samples.filter(({ at }) => at > this.#box.now - 3 * HOUR);
      const end = this.#random.pick([...recent.slice(-1), ...recent.slice(0, 1), { at: this.#box.now - HOUR }]).at;
      const length = this.#random.pick([1_000, 60_000, 600_000, HOUR, 5 * HOUR]);
      // Within a second as well as on it.
      const to = end - this.#random.pick([0, 1, this.#random.int(1_000)]);
      const range = { from: to - this.#random.between(1, length), to };
      const points = this.#random.pick([1, 2, 7, 60, 300, 1_000, 2_000, 5_000]);
      this.points += compare(this.#box, { device, field, ...range, points }, seriesOf(samples, field));
      this.answers += 1;
    }
  }
}
