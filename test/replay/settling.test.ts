/** While days are settled: nothing is missing or there twice at any moment, whatever happens to the hub [Q4]. */
import { expect, it } from "vitest";
import { type Signalbox, signalbox } from "../hub/signalbox.ts";
import { Asking, DAY } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";
import type { Recorded } from "./voyage.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 10, 3);
const LONG = 120_000;

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
