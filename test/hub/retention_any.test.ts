/** A kind keeps more or less of its history from now on, again and again: answers are made of what is there, and nothing that was told is missing [Q2, Q4]. */
import process from "node:process";
import { describe, expect, it } from "vitest";
import type { Retention } from "../../src/kind/kind.ts";
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
const daysOf = (days: number) => days * 86_400;

interface Sample {
  at: number;
  level: number;
}

/** One device, whose kind is changed as one likes. */
class World {
  readonly store = new MemoryStore();
  readonly box: Signalbox;
  readonly told: Sample[] = [];
  /** Before these there are no hours and no minutes, whatever is kept since. */
  #hoursFrom = 0;
  #minutesFrom = 0;
  #retention: Partial<Retention>;
  #version = 1;
  #level = 0;

  constructor(retention: Partial<Retention>, settleSize = 1024 * 1024, journalSize = 4_000) {
    this.#retention = retention;
    const kinds = [madeKind("made", retention)];
    this.box = signalbox({ kinds, now: START, store: this.store, settleSize, journalSize });
    this.box.enroll("made", "made");
  }

  keep(retention: Partial<Retention>): void {
    this.#forget();
    this.#retention = retention;
    this.#forget();
    this.box.become({ kinds: [{ ...madeKind("made", retention), version: ++this.#version }] });
  }

  #forget(): void {
    const { hour = null, minute = daysOf(30) } = this.#retention;
    const firstKept = (seconds: number | null) => seconds === null ? 0 : this.box.now - seconds * 1_000 + DAY;
    this.#hoursFrom = Math.max(this.#hoursFrom, firstKept(hour));
    this.#minutesFrom = Math.max(this.#minutesFrom, firstKept(minute));
  }

  /** No time may be older than what its kind keeps as it came. */
  tell(...agos: number[]): void {
    const oldest = (this.#retention.raw ?? daysOf(1)) * 1_000;
    const samples = agos.map((ago) => ({
      at: Math.max(START, this.box.now - Math.min(ago, oldest)),
      data: { level: this.#level += 1 },
    }));
    this.box.ask("post_telemetry", { device: "made", body: { samples } }, this.box.tokens.get("made"));
    this.told.push(...samples.map(({ at, data: { level } }) => ({ at, level })));
  }

  tellFor(ms: number, every = 10 * MINUTE): void {
    for (const until = this.box.now + ms; this.box.now < until; this.box.advance(every)) this.tell(0);
  }

  /** What is said of a range is what was told in it; answers with the resolution. */
  look(from: number, to: number): number {
    const answer = this.box.ask("get_history", { device: "made", field: "level", from, to, points: 2_000 });
    this.#forget();
    const isAllKept = from >= this.#hoursFrom || (from >= this.#minutesFrom && answer.resolution < 3_600);
    if (!isAllKept) return answer.resolution;
    // Of whole steps the last one ends before the range does, but for what is newer than the range's end.
    const isRaw = answer.resolution < 60;
    const end = isRaw ? answer.to : Math.max(answer.to, Math.min(to, this.box.now + MINUTE)) - 1;
    const known = this.told.filter(({ at }) => at >= answer.from && at <= end).map(({ level }) => level);
    const points = answer.points as number[][];
    const seen = [
      Math.min(...points.map(([, min]) => min)),
      Math.max(...points.map(([, , , max]) => max)),
      points.reduce((sum, [, , , , count]) => sum + count, 0),
    ];
    expect(seen, `${new Date(from).toISOString()} to ${new Date(to).toISOString()} at ${answer.resolution} s`)
      .toEqual([Math.min(...known), Math.max(...known), known.length]);
    return answer.resolution;
  }

  /** Of an hour so many days ago. */
  lookBack(days: number): number {
    const to = this.box.now - days * DAY;
    return this.look(to - HOUR, to);
  }
}

const SECONDS = 2;

describe("a kind that is changed", () => {
  it("[Q2, Q4] keeps what came for longer: days that are settled are told by the minute, the others as they came", () => {
    const world = new World({ raw: daysOf(1) });
    world.tellFor(6 * DAY);
    world.keep({ raw: daysOf(10) });
    expect([0.5, 2.5, 4].map((days) => world.lookBack(days))).toEqual([SECONDS, 60, 60]);
    world.tellFor(2 * DAY);
    // What was not settled then is there as it came from then on.
    expect([1.5, 2.5, 4.5, 6].map((days) => world.lookBack(days))).toEqual([SECONDS, SECONDS, 60, 60]);
    // A late word for a day that is settled is told with all that is left of it.
    world.tell(6 * DAY - HOUR / 2);
    for (const hours of [0, 3, 30, 300]) {
      world.box.advance(hours * HOUR);
      const to = START + 3 * DAY;
      for (const length of [HOUR, DAY, 3 * DAY]) world.look(to - length, to);
    }
  });

  it("[Q2] keeps minutes for longer: what has no minutes any more is told by the hour", () => {
    const world = new World({ raw: daysOf(1), minute: daysOf(2) });
    world.tellFor(8 * DAY);
    world.keep({ raw: daysOf(1), minute: daysOf(30) });
    expect([0.5, 2, 5, 7].map((days) => world.lookBack(days))).toEqual([SECONDS, 60, 3_600, 3_600]);
    world.look(world.box.now - 7 * DAY, world.box.now);
    world.tellFor(3 * DAY);
    expect([4, 7].map((days) => world.lookBack(days))).toEqual([60, 3_600]);
  });

  it("[Q2, Q4] keeps what came for longer than minutes: late words are added to hours that have no minutes", () => {
    const world = new World({ raw: daysOf(1), minute: daysOf(1) });
    world.tellFor(8 * DAY);
    world.keep({ raw: daysOf(12), minute: daysOf(1) });
    expect([0.5, 4, 6].map((days) => world.lookBack(days))).toEqual([SECONDS, 3_600, 3_600]);
    world.tell(4 * DAY + HOUR / 2, 4 * DAY + HOUR / 2 + 1, 6 * DAY);
    for (const hours of [0, 3, 30, 300, 30]) {
      world.box.advance(hours * HOUR);
      for (const days of [2, 4, 5]) world.look(START + days * DAY - HOUR, START + days * DAY);
      world.look(START, START + 8 * DAY);
      world.look(START, START + 40 * DAY);
    }
  });

  it.each([daysOf(30), daysOf(1)])(
    "[Q2, Q4] likewise where rows of hours are of an earlier version, minutes: %i s",
    (minute) => {
      const world = new World({ raw: daysOf(1), minute });
      world.tellFor(8 * DAY);
      const hours = world.store.list("hourly").map(({ id, bytes }) => ({ put: "hourly" as const, row: { id, bytes } }));
      world.store.commit(hours, "full");
      world.keep({ raw: daysOf(12), minute });
      world.tell(4 * DAY + HOUR / 2, 4 * DAY + HOUR / 2 + 1, 6 * DAY);
      for (const hours of [0, 3, 30, 300, 30]) {
        world.box.advance(hours * HOUR);
        for (const days of [2, 4, 5]) world.look(START + days * DAY - HOUR, START + days * DAY);
        for (const days of [8, 40]) world.look(START, START + days * DAY);
      }
    },
  );

  it("[Q3] keeps less: what came goes day after day, and then the minutes, and every answer is whole meanwhile", () => {
    const world = new World({ raw: daysOf(9), minute: daysOf(30) }, 20_000);
    world.tellFor(8 * DAY);
    expect(world.lookBack(6)).toBe(SECONDS);
    world.keep({ raw: daysOf(1), minute: daysOf(3) });
    for (let steps = 0; steps < 1_500; steps++) {
      world.box.advance(100);
      if (steps % 20 > 0) continue;
      for (const days of [0.5, 2.5, 6]) world.lookBack(days);
      world.look(START, world.box.now);
    }
    expect([0.5, 2.5, 6].map((days) => world.lookBack(days))).toEqual([SECONDS, 60, 3_600]);
    const [oldest] = world.store.heads("page", { from: "minute.", limit: 1 });
    expect(Number(oldest.id.split(".")[2]) * DAY).toBeGreaterThan(world.box.now - 5 * DAY);
  });

  it("[Q11] samples are told of a day that is being settled, until its last device is done", () => {
    const world = new World({ raw: daysOf(1) }, 1);
    world.box.enroll("never", "made");
    world.tellFor(8 * HOUR);
    world.box.advance(Math.ceil(START / DAY) * DAY + DAY + 2 * HOUR - world.box.now);
    const isDone = () => world.store.list("settling")[0]?.after;
    for (let steps = 0; steps < 100 && isDone() !== "made"; steps++) {
      expect(world.look(START, START + HOUR)).toBe(SECONDS);
      world.box.advance(100);
    }
    expect(world.look(START, START + HOUR)).toBe(SECONDS);
    world.box.advance(HOUR);
    expect([world.look(START, START + HOUR), isDone()]).toEqual([60, null]);
  });

  it("[Q2-Q4] again and again, wherever the hub ends or the power goes", () => {
    const seen = new Set<number>();
    for (let seed = SEED; seed < SEED + RUNS; seed++) {
      const random = new Random(`${seed}/retention`);
      const retention = () => ({
        raw: random.pick([3_600, daysOf(1), daysOf(3), daysOf(9)]),
        minute: random.pick([3_600, daysOf(2), daysOf(5), daysOf(30), null]),
        hour: random.pick([null, null, null, daysOf(4)]),
      });
      const world = new World(retention(), random.pick([1, 3_000, 300_000]), random.pick([1, 1_000, 20_000]));
      for (let step = 0; step < 150; step++) {
        world.tell(
          ...Array.from({ length: random.int(5) + 1 }, () => random.int(random.pick([1, HOUR, DAY, 9 * DAY]))),
        );
        if (random.chance(0.1)) world.keep(retention());
        world.box.advance(random.pick([0, 50, 100, 200, 5 * MINUTE, HOUR, 5 * HOUR, DAY]));
        if (random.chance(0.2)) world.box.evict();
        if (random.chance(0.1)) {
          if (random.chance(0.5)) world.store.cutPower(random.int(world.store.unsynced + 1));
          world.box.crash();
        }
        for (let asked = 0; asked < 4; asked++) {
          const to = world.box.now + 1 - random.int(random.pick([1, DAY, 20 * DAY]));
          const length = random.pick([HOUR, 5 * HOUR, DAY, 10 * DAY, 100 * DAY]);
          seen.add(Math.min(3_600, world.look(to - length, to)));
        }
      }
    }
    expect(seen.size).toBeGreaterThan(3);
  }, 120_000);
});
