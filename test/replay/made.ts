/** A record that nobody recorded: what numbers, texts and times may be at their worst, made of a seed. */
import { z } from "zod";
import { oneOf, quantity, text } from "../../src/kind/field.ts";
import { defineKind, type Retention } from "../../src/kind/kind.ts";
import { Random } from "../simulation/random.ts";
import type { Recorded } from "./voyage.ts";

export const madeKind = (name: string, retention: Partial<Retention> = {}) =>
  defineKind({
    name,
    version: 1,
    title: "Made",
    retention,
    telemetry: {
      level: quantity({ title: "Level" }),
      tiny: quantity({ title: "Tiny" }),
      huge: quantity({ title: "Huge" }),
      rare: quantity({ title: "Rare" }),
      total: quantity({ title: "Total", class: "counter" }),
      mode: oneOf(["off", "on", "an", "aus"], { title: "Mode" }),
      note: text({ title: "Note" }),
      gear: quantity({ title: "Gear", class: "state" }),
      is_open: z.boolean().meta({ title: "Open", class: "state" }),
    },
    state: {},
    commands: {},
  });

export const MADE_FIELDS = ["level", "tiny", "huge", "rare", "total", "mode", "note", "gear", "is_open"];

/** Ms from one sample to the next: ten in a second, some in a minute, and then none for hours. */
const PACES = [0, 100, 100, 1_000, 1_000, 7_000, 7_000, 60_000, 60_000, 600_000, 3_600_000, 20_000_000];
const MINUTE = 60_000;

export function madeRecord(seed: string, from: number, samples: number): Recorded[] {
  const random = new Random(`${seed}/made`);
  const record: Recorded[] = [];
  let [at, total, pace, rest] = [from, 0, 1_000, 0];
  for (let made = 0; made < samples; made++) {
    if (rest-- <= 0) {
      pace = random.pick(PACES);
      rest = pace > 60_000 ? random.between(1, 8) : random.between(5, 100);
    }
    at += random.chance(0.3) ? random.int(pace + 1) : pace;
    // Where one step ends and another begins.
    if (random.chance(0.1)) at = Math.ceil(at / MINUTE) * MINUTE + random.pick([-1, 0, 0, 1, 999]);
    at = Math.max(at, (record.at(-1)?.at ?? from) + 1);
    total = random.chance(0.01) ? random.pick([0, total / 2, 3]) : total + random.pick([0, 0, 1, 0.1, random.next()]);
    const all = {
      level: random.pick([20.5, 21, -3.25, random.int(1000) / 10, random.next(), 0]),
      tiny: random.pick([1e-12, 2.5e-10, -3e-11, random.next() * 1e-9]),
      huge: random.pick([2 ** 53, -(2 ** 52), 1e15 + random.next() * 1e14, 1e300]),
      rare: random.int(5),
      total,
      mode: random.pick(["off", "off", "off", "on", "an", "aus"]),
      note: random.pick(["", "Ä ö ü", "0", "null", "🌧", "x".repeat(64), `n${random.int(20)}`]),
      gear: random.pick([-1, 0, 0, 0, 1, 2, 2.5]),
      is_open: random.chance(0.2),
    };
    const told = Object.entries(all).filter(([field]) => random.chance(field === "rare" ? 0.02 : 0.6));
    record.push({ at, data: Object.fromEntries(told.length > 0 ? told : [["level", all.level]]) });
  }
  return record;
}
