/** What was made at its worst: the hub's history against it. */
import { expect, it } from "vitest";
import process from "node:process";
import { signalbox } from "../hub/signalbox.ts";
import { Asking, DAY } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";

const RUNS = Number(process.env.RUNS ?? 2);
const SEED = Number(process.env.SEED ?? 1);
const START = Date.UTC(2027, 1, 27, 21);

it("[Q1, Q2, T4, T5, T8] whatever numbers and texts a device tells, at whatever times, its history is true", () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const record = madeRecord(String(seed), START, 1_500);
    const box = signalbox({ kinds: [madeKind("made")], now: START - 1_000 });
    const asking = new Asking({ box, seed: String(seed), fields: { made: MADE_FIELDS } });
    play({
      box,
      seed: String(seed),
      tracks: [{ device: "made", kind: "made", record }],
      evictions: 0.05,
      crashes: 0.01,
      look: (played, heard) => played % 10 === 0 && asking.ask(1, heard),
    });
    for (const days of [1, 2, 29, 400]) {
      box.advance(days * DAY);
      asking.ask(20, () => record);
    }
    expect(asking.points, `SEED=${seed}`).toBeGreaterThan(1_000);
  }
}, 300_000);
