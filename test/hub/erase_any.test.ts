/** Devices come, tell, are deleted and come again under their ids while the hub ends and the power goes: nobody is told of who was there before [Q7, Q12]. */
import process from "node:process";
import { expect, it } from "vitest";
import { madeKind } from "../replay/made.ts";
import { Random } from "../simulation/random.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RUNS = Number(process.env.RUNS ?? 8);
const SEED = Number(process.env.SEED ?? 1);
const START = Date.UTC(2026, 2, 10, 3);
const IDS = ["a", "a-b", "b", "c"];
const LENGTHS = [HOUR, 5 * HOUR, 2 * DAY, 100 * DAY];

interface Sample {
  at: number;
  level: number;
}

class World {
  readonly store = new MemoryStore();
  readonly box: Signalbox;
  /** What each device that is there told since it is. */
  readonly told = new Map<string, Sample[]>();
  deleted = 0;
  /** Deletions after which something was left to do, while a device of the same name was there. */
  shared = 0;
  readonly #random: Random;
  #level = 0;

  constructor(seed: number) {
    this.#random = new Random(`${seed}/erase`);
    const kinds = [madeKind("made"), madeKind("other", { minute: 2 * 86_400 })];
    const settleSize = this.#random.pick([1, 3_000, 300_000]);
    const options = { journalSize: this.#random.pick([1, 2_000, 100_000]), settleSize };
    this.box = signalbox({ kinds, now: START, store: this.store, ...options });
  }

  step(): void {
    const random = this.#random;
    const id = random.pick(IDS);
    const told = this.told.get(id);
    if (!told) this.#come(id);
    else if (random.chance(0.15)) this.#go(id);
    else this.#tell(id, told);
    if (random.chance(0.4)) this.box.advance(random.pick([10, 100, 300, 5_000, 20 * MINUTE, HOUR, 3 * HOUR, DAY]));
    if (random.chance(0.2)) this.box.evict();
    if (!random.chance(0.15)) return;
    if (random.chance(0.5)) this.store.cutPower(random.int(this.store.unsynced + 1));
    this.box.crash();
  }

  #come(id: string): void {
    this.box.enroll(id, this.#random.pick(["made", "made", "other"]));
    this.told.set(id, []);
    if (this.store.list("erasure").some(({ device }) => device === id)) this.shared += 1;
  }

  #go(id: string): void {
    this.box.ask("delete_device", { device: id });
    this.told.delete(id);
    this.deleted += 1;
    expect(this.box.call("get_history", { device: id, field: "level", from: 0, to: this.box.now, points: 1 }).ok).toBe(
      false,
    );
    if (this.#random.chance(0.7)) this.#come(id);
  }

  /** Its answer says that this is durable. */
  #tell(device: string, told: Sample[]): void {
    const samples = Array.from({ length: this.#random.between(1, 20) }, () => ({
      at: this.box.now - this.#random.pick([0, 1, 70_000, HOUR, 20 * HOUR]) - this.#random.int(MINUTE),
      data: { level: this.#level += 1 },
    }));
    this.box.ask("post_telemetry", { device, body: { samples } }, this.box.tokens.get(device));
    told.push(...samples.map(({ at, data: { level } }) => ({ at, level })));
  }

  /** Everything that is said of a device is what it told. */
  look(): void {
    for (const [device, told] of this.told) {
      for (const length of LENGTHS) {
        const asked = { device, field: "level", from: this.box.now - length, to: this.box.now + 1, points: 1 };
        const { points, from, to } = this.box.ask("get_history", asked);
        const known = told.filter(({ at }) => at >= from && (at < to || length <= 5 * HOUR)).map(({ level }) => level);
        const [[, min, , max, count] = [0, Infinity, 0, -Infinity, 0]] = points as number[][];
        expect([min, max, count], `${device}, ${length / HOUR} h`)
          .toEqual([Math.min(...known), Math.max(...known), known.length]);
      }
      const newest = told.reduce<Sample | null>((one, other) => one && one.at > other.at ? one : other, null);
      expect(this.box.view(device).telemetry.level?.value).toBe(newest?.level);
    }
    expect(this.box.ask("list_devices", {}).items.map(({ id }) => id)).toEqual([...this.told.keys()].sort());
  }

  /** Every row that names a device, by what it is. */
  rowsOf(id: string): string[] {
    const { store } = this;
    const named = ([one]: readonly [string, ...unknown[]]) => one === id;
    return [
      ...store.heads("page").filter(({ entries }) => entries.some(named)),
      ...store.heads("journal").filter(({ entries }) => entries.some(named)),
      ...store.heads("hourly").filter((row) => row.id.startsWith(`${id} `)),
      ...store.list("checkpoint").filter(({ traces }) => traces.some((trace) => trace.id === id)),
      ...store.list("trace").filter((trace) => trace.id === id),
      ...store.list("erasure").filter(({ device }) => device === id),
    ].map((row) => row.id);
  }
}

it("[Q7, Q12] at any step, wherever the hub ends or the power goes, nobody is told of who was deleted", () => {
  let [deleted, shared] = [0, 0];
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const world = new World(seed);
    for (let step = 0; step < 150; step++) {
      world.step();
      world.look();
    }
    for (const id of [...world.told.keys()].slice(0, 2)) {
      world.box.ask("delete_device", { device: id });
      world.told.delete(id);
    }
    // The journal is an hour old by then.
    world.box.advance(HOUR + MINUTE);
    world.look();
    for (const id of IDS) if (!world.told.has(id)) expect(world.rowsOf(id), `SEED=${seed}: ${id}`).toEqual([]);
    expect(world.store.list("erasure"), `SEED=${seed}`).toEqual([]);
    world.box.advance(4 * DAY);
    world.look();
    deleted += world.deleted;
    shared += world.shared;
  }
  expect(deleted).toBeGreaterThan(5 * RUNS);
  expect(shared).toBeGreaterThan(2 * RUNS);
}, 120_000);
