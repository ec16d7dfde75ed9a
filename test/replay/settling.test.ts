/** While days are settled: nothing is missing or there twice at any moment, whatever happens to the hub [Q4]. */
import { expect, it } from "vitest";
import process from "node:process";
import { type Signalbox, signalbox } from "../hub/signalbox.ts";
import { Random } from "../simulation/random.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { Asking, DAY } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";
import type { Recorded } from "./voyage.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 10, 3);
const LONG = 120_000;
const RUNS = Number(process.env.RUNS ?? 3);
const SEED = Number(process.env.SEED ?? 1);

const countOf = (box: Signalbox, device: string, length: number) =>
  box.ask("get_history", { device, field: "level", from: box.now - length, to: box.now, points: 300 }).points
    .reduce((sum, [, , , , count]) => sum + Number(count), 0);

it("[Q4] at any step of it every answer is whole, also where the hub ends in the midst", () => {
  const ids = Array.from({ length: 40 }, (_, at) => `d${at}`);
  const box = signalbox({ kinds: [madeKind("made")], now: START, journalSize: 4_000 });
  for (const id of ids) box.enroll(id, "made");
  for (let hour = 0; hour < 12; hour++) {
    for (const device of ids) {
      const samples = [{ at: box.now - 60_000, data: { level: hour } }, { at: box.now, data: { level: -hour } }];
      box.ask("post_telemetry", { device, body: { samples } }, box.tokens.get(device));
    }
    box.advance(HOUR);
  }
  const midnight = Math.ceil(START / DAY) * DAY;
  box.advance(midnight + DAY + 2 * HOUR - 1_000 - box.now);
  const look = () => {
    for (const id of ids) expect([countOf(box, id, 10 * DAY), countOf(box, id, 100 * DAY)], id).toEqual([24, 24]);
  };
  look();
  for (let step = 0; step < 40; step++) {
    box.advance(50);
    if (step % 3 === 0) box.evict();
    if (step % 7 === 0) box.crash();
    look();
    if (step === 15) {
      box.ask("delete_device", { device: ids.pop()! });
      box.ask("delete_device", { device: ids.shift()! });
    }
  }
  box.advance(HOUR);
  look();
  expect(box.store.heads("page").filter(({ id }) => id.startsWith("raw."))).toEqual([]);
  expect(box.store.list("settling").filter(({ after }) => after !== null)).toEqual([]);
}, LONG);

it("[K13, Q4] a kind whose file was gone for days has the history that it had", () => {
  const record = madeRecord("gone", START, 300);
  const box = signalbox({ kinds: [madeKind("made")], now: START - 1_000 });
  play({ box, seed: "gone", tracks: [{ device: "made", kind: "made", record }] });
  box.become({ kinds: [madeKind("other")] });
  box.advance(5 * DAY);
  box.become({ kinds: [madeKind("made")] });
  // What was on its way is sorted out at the next settling.
  box.advance(HOUR);
  const asking = new Asking({ box, seed: "gone", fields: { made: MADE_FIELDS } });
  asking.ask(30, () => record);
  box.advance(5 * DAY);
  asking.ask(30, () => record);
}, LONG);

it("[Q4] a clock that was ten days ahead for a while costs nothing that was told before or after", () => {
  const record = madeRecord("ahead", START, 600);
  const box = signalbox({ kinds: [madeKind("made")], now: START - 1_000, journalSize: 4_000 });
  const tracks = (record: readonly Recorded[]) => [{ device: "made", kind: "made", record }];
  play({ box, seed: "before", tracks: tracks(record.slice(0, 300)) });
  const right = box.now;
  box.now += 10 * DAY;
  box.crash();
  box.advance(5 * HOUR);
  box.now = right;
  box.crash();
  play({ box, seed: "after", tracks: tracks(record.slice(300)), boot: "b2" });
  const asking = new Asking({ box, seed: "ahead", fields: { made: MADE_FIELDS } });
  expect(countOf(box, "made", 100 * DAY)).toBe(record.filter(({ data }) => "level" in data).length);
  // What came on those days went as if it was old; its minutes did not.
  for (const days of [3, 20, 40]) {
    box.advance(days * DAY);
    asking.ask(20, () => record);
  }
}, LONG);

/** From one step to the next, while there is one soon. */
function stepOn(box: Signalbox): boolean {
  if (box.wakeAt === null || box.wakeAt > box.now + 1_000) return false;
  box.advance(box.wakeAt - box.now);
  return true;
}

/** Rows that tell of a device's day while a part of it is settled. */
const begun = (box: Signalbox) => box.store.list("settling").filter((row) => row.begun !== undefined);
const pagesOf = (box: Signalbox, tier: string) => box.store.heads("page", { from: `${tier}.`, below: `${tier}.~` });

it("[Q11] however little a step may read, and wherever the hub ends or the power goes, every answer is true", () => {
  let steps = 0;
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = new Random(`${seed}/steps`);
    const store = new MemoryStore();
    const settleSize = random.pick([1, 3_000, 20_000, 200_000]);
    const box = signalbox({ kinds: [madeKind("made")], now: START - 1_000, journalSize: 4_000, settleSize, store });
    const ids = ["d0", "d1", "d2"];
    const records = new Map(ids.map((id) => [id, madeRecord(`${seed}/${id}`, START, random.pick([20, 200, 600]))]));
    play({
      box,
      seed: String(seed),
      tracks: ids.map((device) => ({ device, kind: "made", record: records.get(device)! })),
    });
    // Somebody was told that this lasts, and so does all before it.
    box.ask("create_token", { name: "Kept", role: "viewer" });
    const lengths = [HOUR, 5 * HOUR, 20 * HOUR, 3 * DAY, 20 * DAY];
    const asking = new Asking({
      box,
      seed: String(seed),
      fields: Object.fromEntries(ids.map((id) => [id, MADE_FIELDS])),
      lengths,
    });
    for (let wakes = 0; wakes < 10_000 && pagesOf(box, "raw").length > 0; wakes++) {
      box.advance((box.wakeAt ?? box.now + HOUR) - box.now);
      steps += 1;
      asking.ask(2, (device) => records.get(device)!);
      if (random.chance(0.3)) box.evict();
      if (!random.chance(0.1)) continue;
      if (random.chance(0.5)) store.cutPower(random.int(store.unsynced + 1));
      box.crash();
    }
    asking.ask(50, (device) => records.get(device)!);
    expect([...pagesOf(box, "raw"), ...pagesOf(box, "begun"), ...begun(box)], `SEED=${seed}`).toEqual([]);
    expect(pagesOf(box, "minute").every(({ isWhole }) => isWhole), `SEED=${seed}`).toBe(true);
  }
  expect(steps).toBeGreaterThan(50 * RUNS);
}, LONG);

/** Two devices that told something each hour of a day, whose settling takes a step for each hour of each. */
function hourly(): Signalbox {
  const box = signalbox({ kinds: [madeKind("made")], now: START, settleSize: 1 });
  for (const id of ["d0", "d1"]) box.enroll(id, "made");
  for (; box.now < START + 10 * HOUR; box.advance(HOUR)) {
    for (const device of ["d0", "d1"]) {
      box.ask("post_telemetry", { device, body: { data: { level: 1 } } }, box.tokens.get(device));
    }
  }
  box.advance(Math.ceil(START / DAY) * DAY + DAY + 2 * HOUR - box.now);
  return box;
}

const untilBegun = (box: Signalbox, device: string) => {
  while (begun(box)[0]?.begun?.device !== device || pagesOf(box, "begun").length < 3) expect(stepOn(box)).toBe(true);
};

it("[Q7, Q11] a device that is deleted while its day is settled in part leaves nothing to one of its name", () => {
  const box = hourly();
  untilBegun(box, "d0");
  box.ask("delete_device", { device: "d0" });
  box.enroll("d0", "made");
  while (stepOn(box)) expect([countOf(box, "d0", 10 * DAY), countOf(box, "d1", 10 * DAY)]).toEqual([0, 10]);
  expect([countOf(box, "d0", 100 * DAY), countOf(box, "d1", 100 * DAY)]).toEqual([0, 10]);
  expect(pagesOf(box, "minute").flatMap(({ entries }) => entries.map(([id]) => id))).not.toContain("d0");
}, LONG);

it("[Q4, Q11] what comes for a day while that is settled, since its kind keeps more now, is added to it", () => {
  const box = hourly();
  untilBegun(box, "d1");
  box.become({ kinds: [madeKind("made", { raw: 10 * 86_400 })] });
  for (const device of ["d0", "d1"]) {
    const body = {
      samples: [{ at: START + 90_000, data: { level: 5 } }, { at: START + 9 * HOUR, data: { level: 5 } }],
    };
    box.ask("post_telemetry", { device, body }, box.tokens.get(device));
  }
  const counts = () => ["d0", "d1"].flatMap((id) => [countOf(box, id, 13 * DAY), countOf(box, id, 100 * DAY)]);
  expect(counts()).toEqual([12, 12, 12, 12]);
  for (let hours = 0; hours < 11 * 24; hours++) {
    box.advance(HOUR);
    expect(counts()).toEqual([12, 12, 12, 12]);
  }
  expect(pagesOf(box, "raw")).toEqual([]);
}, LONG);
