/** What was made at its worst: the hub's history against it. */
import { expect, it } from "vitest";
import process from "node:process";
import { signalbox } from "../hub/signalbox.ts";
import { Asking } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";

const RUNS = Number(process.env.RUNS ?? 3);
const SEED = Number(process.env.SEED ?? 1);
const START = Date.UTC(2027, 1, 27, 21);

it("[T4, T5, T8] whatever numbers and texts a device tells, at whatever times, its history is true", () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const record = madeRecord(String(seed), START, 1_500);
    const box = signalbox({ kinds: [madeKind("made")], now: START - 1_000 });
    const asking = new Asking(box, String(seed), { made: MADE_FIELDS });
    play({
      box,
      seed: String(seed),
      tracks: [{ device: "made", kind: "made", record }],
      evictions: 0.05,
      crashes: 0.01,
      look: (played, heard) => played % 5 === 0 && asking.ask(1, heard),
    });
    expect(asking.points, `SEED=${seed}`).toBeGreaterThan(900);
  }
});
