/** The comparison of kinds against the checks themselves: every change of a field to another, tried with values [K12]. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import type { Schema } from "../../src/device/sample.ts";
import { compareKinds } from "../../src/kind/compare.ts";
import { desirable, duration, flag, oneOf, quantity, text } from "../../src/kind/field.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";
import { celsius, percent } from "../../src/kind/quantities.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { fitting } from "./arbitrary.ts";

const FIELDS: Record<string, z.ZodType> = {
  any: quantity({}),
  positive: quantity({ min: 0 }),
  ten: quantity({ min: 0, max: 10 }),
  nine: quantity({ min: 1, max: 9 }),
  open: z.number().gt(0).lt(10).meta({ class: "gauge" }),
  integer: z.number().int().meta({ class: "gauge" }),
  "small integer": z.number().int().min(0).max(10).meta({ class: "gauge" }),
  five: z.literal(5).meta({ class: "gauge" }),
  celsius: celsius(),
  fahrenheit: celsius({ unit: "°F" }),
  percent: percent(),
  seconds: duration(),
  flag: flag(),
  text: text(),
  short: text({ max: 3 }),
  code: z.string().regex(/^[a-z]{1,3}$/).meta({ class: "state" }),
  abc: oneOf(["a", "b", "c"]),
  ab: oneOf(["b", "a"]),
  xy: oneOf(["x", "y"]),
  maybe: z.number().nullable().meta({ class: "gauge" }),
  mixed: z.union([z.number(), z.string().max(3)]).meta({ class: "state" }),
  list: z.array(z.number()).meta({ class: "state" }),
  pair: z.array(z.number().min(0)).max(2).meta({ class: "state" }),
  point: z.strictObject({ x: z.number(), y: z.number().optional() }).meta({ class: "state" }),
  place: z.strictObject({ x: z.number(), y: z.number() }).meta({ class: "state" }),
  spot: z.strictObject({ x: z.number() }).meta({ class: "state" }),
};

const probe = (x: z.ZodType): AnyKind =>
  defineKind({
    name: "probe",
    version: 1,
    title: "Probe",
    telemetry: { x },
    state: { y: desirable(x) },
    commands: { go: { effect: "once", params: z.object({ x }), result: x } },
  });

/** Where a value goes in, who sends it, and the check that takes it. */
const PLACES = [
  ["telemetry.x", "devices", (kind: AnyKind, x: unknown) => kind.check.telemetry({ x }, []).ok],
  ["state.y", "devices", (kind: AnyKind, y: unknown) => kind.check.reported({}, { y }).ok],
  ["state.y", "operators", (kind: AnyKind, y: unknown) => kind.check.desired({}, { y }, []).ok],
  ["commands.go.params.x", "operators", (kind: AnyKind, x: unknown) => kind.check.params("go", { x }).ok],
  ["commands.go.result", "devices", (kind: AnyKind, x: unknown) => kind.check.fitsResult("go", x)],
] as const;

const KINDS = Object.entries(FIELDS).map(([name, field]) => {
  const kind = probe(field);
  return { name, kind, document: kindDocument(kind) };
});

it("[K12] what is called safe takes every value of before, and what is said to break refuses one or means another", () => {
  let [safe, breaking] = [0, 0];
  const overCautious: string[] = [];
  for (const { name: from, document: was } of KINDS) {
    const schema = (was.properties.telemetry as { properties: { x: Schema } }).properties.x;
    // In a patch `null` takes the field away, whatever the field is.
    const values = fc.sample(fitting(schema), { seed: 20_261_125, numRuns: 80 }).filter((value) => value !== null);
    const sample = [...values, ...from === "maybe" ? [null] : []];
    for (const { name: to, kind, document: is } of KINDS) {
      const findings = compareKinds(was, is);
      for (const [path, sender, takes] of PLACES) {
        const here = findings.filter((finding) => finding.path.startsWith(path));
        const isBreaking = here.some(({ breaks }) => breaks.includes(sender));
        const told = `${from} to ${to}, ${path}: ${here.map(({ what }) => what).join(" ")}`;
        const refused = sample.filter((value) => (value !== null || !path.startsWith("state")) && !takes(kind, value));
        if (!isBreaking) expect(refused, told).toEqual([]);
        // What no check of the hub's can see: another meaning, and a device that counts on what is not said any more.
        const isUnseen = (path.startsWith("state") && from === "maybe") ||
          here.some(({ what }) => / has the unit | is kept as | need not be given /.test(what));
        // Nor is it reckoned what a pattern lets through.
        if (isBreaking && refused.length === 0 && !isUnseen && from !== "code") {
          overCautious.push(told);
        }
        if (isBreaking) breaking += 1;
        else safe += 1;
      }
    }
  }
  console.log(`changes of a field: ${safe} safe and ${breaking} breaking, of ${KINDS.length} fields to each other`);
  expect(safe).toBeGreaterThan(100);
  expect(overCautious).toEqual([]);
});
