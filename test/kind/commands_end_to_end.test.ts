/** Every command of every kind, from an operator's call to what its simulator makes of it, through a whole hub [C]. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { KINDS } from "../../devices/mod.ts";
import { fromRanges } from "../../src/device/ranges.ts";
import type { SimulationOptions } from "../../src/device/simulator.ts";
import { confirmedField } from "../../src/kind/channel.ts";
import { interlocked } from "../../src/kind/interlock.ts";
import type { AnyKind, Command } from "../../src/kind/kind.ts";
import type { Schema } from "../../src/device/sample.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { type CommandRecord, isFinal } from "../../src/protocol/record.ts";
import { Bench } from "../device/bench.ts";
import { fitting } from "./arbitrary.ts";
import { kindFiles } from "./files.ts";

type Doc = Record<string, unknown>;

/** How a kind's devices live: as it says itself, and from its ranges. */
const LIVES = [
  { life: "its own simulator", behaviourOf: (kind: AnyKind) => kind.behaviour },
  { life: "a simulator from its ranges", behaviourOf: (kind: AnyKind) => fromRanges(kindDocument(kind)) },
];

const seen = {
  kinds: 0,
  commands: 0,
  runs: 0,
  succeeded: 0,
  failed: 0,
  results: 0,
  confirmed: 0,
  cancelled: 0,
  interlocked: 0,
};
const desires = { fields: 0, taken: 0, refused: 0 };
/** Real-time lanes are no orders that are answered: they are driven by frames. */
const lanes = { driven: 0, frames: 0, answers: 0 };

/** Simulated seconds after which a command is not answered any more. */
const PATIENCE = 3_600;
/** Simulated seconds at work after which a command takes long enough to be cancelled. */
const LONG = 0.2;
/** Tries with random params beside the kind's own examples. */
const RANDOM = 4;
const ROUNDS = 6;
/** Between two rounds. */
const HOURS = 2 * 3_600;

const commandsOf = (kind: AnyKind): [string, Command][] =>
  (Object.entries(kind.commands) as [string, Command][])
    .filter(([, { effect }]) => effect !== "stream")
    // A reboot goes last: what is asked of a device that is down is refused.
    .sort(([one], [other]) => Number(one === "reboot") - Number(other === "reboot"));

const lanesOf = (kind: AnyKind): string[] =>
  Object.keys(kind.commands).filter((name) => kind.commands[name].effect === "stream");
/** How long each is driven, and how long a frame of it counts. */
const SECONDS = 4;
const FRAME = 0.05;

function paramsFor(kind: AnyKind, name: string, seed = 0): Doc[] {
  const examples = (kind.examples.commands[name] ?? []) as { params: Doc }[];
  const random = fc.sample(fitting(kindDocument(kind).commands[name].params), { seed, numRuns: RANDOM });
  return [...examples.map(({ params }) => params), ...random as Doc[]];
}

/** [K7] What the device's state forbids now, a later round may do. */
function isInterlocked({ status, error }: CommandRecord): boolean {
  const isForbidden = status === "rejected" && error?.code === "interlock";
  if (isForbidden) seen.interlocked += 1;
  return isForbidden;
}

/** What is in the record holds against the kind, whatever the simulator answered. */
function judge(kind: AnyKind, record: CommandRecord, params: Doc, reported: Doc): void {
  const { name, status, value, error, unchecked } = record;
  const { confirms, result } = kind.commands[name] as Command;
  const told = `${kind.name} ${name} ${JSON.stringify(params)}: ${JSON.stringify({ status, value, error })}`;
  expect(["succeeded", "failed"], told).toContain(status);
  // [C10] Marked when the value does not fit, or nobody declared the code.
  expect(unchecked, told).toBeUndefined();
  expect(error?.code, told).not.toBe("hardware_fault");
  seen.runs += 1;
  if (status === "failed") {
    seen.failed += 1;
    return;
  }
  seen.succeeded += 1;
  if (result) {
    expect(kind.check.fitsResult(name, value), told).toBe(true);
    seen.results += 1;
  } else expect(value ?? null, told).toBeNull();
  if (confirms) {
    const asked = "param" in confirms ? params[confirms.param] : confirms.value;
    expect(reported[confirmedField(confirms, params)], told).toEqual(asked);
    seen.confirmed += 1;
  }
}

describe.each(LIVES)("with $life", ({ behaviourOf }) => {
  const device = async (bench: Bench, id: string, kind: AnyKind, more: Partial<SimulationOptions<AnyKind>> = {}) => {
    const behaviour = behaviourOf(kind);
    await bench.device(id, kind, { seed: 7, settings: { channels: "8" }, ...(behaviour && { behaviour }), ...more });
  };

  describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ kind }) => {
    it("[C5, C9, C10, D7] every command ends as the kind says, and each can succeed", async () => {
      seen.kinds += 1;
      const bench = new Bench([kind]);
      await device(bench, "one", kind);
      const names = commandsOf(kind).map(([name]) => name);
      seen.commands += names.length;
      let never = names;
      // Some can be done only after another, or later: a rover leaves its dock before it goes anywhere, a car comes home.
      for (let round = 0; round < ROUNDS && never.length > 0; round++) {
        if (round > 0) await bench.pass(HOURS, 1);
        const succeeded = new Set<string>();
        for (const name of names) {
          for (const params of paramsFor(kind, name, round)) {
            const record = await bench.outcome(bench.send("one", name, params), PATIENCE);
            if (isInterlocked(record)) continue;
            judge(kind, record, params, bench.box.view("one").reported);
            if (record.status === "succeeded") succeeded.add(name);
            // A reboot, and whatever else goes on after its outcome.
            await bench.pass(5);
            await bench.until(() => bench.box.view("one").presence === "online", PATIENCE);
          }
        }
        never = never.filter((name) => !succeeded.has(name));
      }
      expect(never).toEqual([]);
      expect(bench.troubles).toEqual([]);
      bench.close();
    });

    it("[D3] every field that can be desired is taken and reported, or refused by its name", async () => {
      const bench = new Bench([kind]);
      await device(bench, "one", kind);
      const { properties = {} } = kindDocument(kind).properties.state as Schema;
      for (const [field, schema] of Object.entries(properties).filter(([, { desirable }]) => desirable)) {
        desires.fields += 1;
        for (const value of fc.sample(fitting(schema), { seed: 7, numRuns: 3 })) {
          const { version } = bench.box.ask("desire", { device: "one", state: { [field]: value }, ifVersion: "any" });
          const applied = () => bench.box.view("one").desired.applied;
          expect(await bench.until(() => applied()?.version === version, PATIENCE), field).toBe(true);
          const { ok, errors } = applied()!;
          const told = `${field}: ${JSON.stringify(value)}: ${JSON.stringify(errors)}`;
          const reported = () => JSON.stringify(bench.box.view("one").reported[field]);
          if (ok) expect(await bench.until(() => reported() === JSON.stringify(value), PATIENCE), told).toBe(true);
          else expect(errors!.map((error) => error.field), told).toContain(field);
          desires[ok ? "taken" : "refused"] += 1;
        }
      }
      expect(bench.troubles).toEqual([]);
      bench.close();
    });

    if (lanesOf(kind).length > 0) {
      it("[L3, L4, L6] each lane is driven, answers, and stops by itself", async () => {
        const bench = new Bench([kind]);
        await device(bench, "one", kind);
        const operator = bench.box.operator();
        // Whatever has to come first, such as to leave the dock; not what would forbid to drive, such as to enter it.
        const locksLanes = ([, { confirms }]: [string, Command]) =>
          confirms && "value" in confirms &&
          lanesOf(kind).some((lane) => {
            const after = { ...bench.box.view("one").reported, [confirms.field]: confirms.value };
            return interlocked(kind.interlocks, lane, after);
          });
        for (const [name] of commandsOf(kind).filter((entry) => entry[0] !== "reboot" && !locksLanes(entry))) {
          await bench.outcome(bench.send("one", name, paramsFor(kind, name)[0]), PATIENCE);
        }
        const why = { action: "force", reason: "It is my turn." };
        const fence = kind.lease ? operator.ask({ type: "lease", device: "one", ...why }).value.fence : undefined;
        for (const name of lanesOf(kind)) {
          lanes.driven += 1;
          const [data] = paramsFor(kind, name);
          const frames = SECONDS / FRAME;
          bench.said.length = 0;
          for (let n = 1; n <= frames; n++) {
            operator.send({ type: "stream", device: "one", name, data, n, fence });
            await bench.pass(FRAME, FRAME);
          }
          const { telemetry } = kindDocument(kind).properties as Record<string, Schema>;
          const speeds = Object.keys(data).filter((field) => /\/s$/.test(`${telemetry.properties![field]?.unit}`));
          const told = () => speeds.map((field) => bench.box.view("one").telemetry[field]?.value);
          expect(speeds.length).toBeGreaterThan(0);
          expect(told().some((speed) => speed !== 0), `${name}: ${told()}`).toBe(true);
          await bench.pass(5);
          expect(told(), `${name} has stopped`).toEqual(speeds.map(() => 0));
          const answers = bench.said.filter(({ type }) => type === "streamed").map(({ n }) => n as number);
          expect(answers).toEqual([...new Set(answers)].sort((a, b) => a - b));
          expect(answers.at(-1)).toBe(frames);
          expect(answers.length).toBeGreaterThanOrEqual(5 * SECONDS);
          lanes.frames += frames;
          lanes.answers += answers.length;
        }
        expect(operator.all("error")).toEqual([]);
        expect(bench.troubles).toEqual([]);
        bench.close();
      });
    }

    it("[C16] a command that takes a while ends cancelled when it is cancelled", async () => {
      const bench = new Bench([kind]);
      let at = 0;
      for (const [name] of commandsOf(kind)) {
        for (const params of paramsFor(kind, name).slice(0, 2)) {
          const id = `d${++at}`;
          await device(bench, id, kind);
          const { id: command } = bench.send(id, name, params);
          await bench.pass(LONG);
          if (isFinal(bench.box.record(command).status)) continue;
          bench.box.ask("cancel_command", { command });
          const { status, error } = await bench.outcome(bench.box.record(command), PATIENCE);
          expect(status, `${name} ${JSON.stringify(params)} ${error?.message}`).toBe("cancelled");
          seen.cancelled += 1;
        }
      }
      bench.close();
    });
  });
});

it("no kind and no command was left out", () => {
  const { kinds, commands, runs, succeeded, failed, results, confirmed, cancelled, interlocked } = seen;
  console.log(
    `commands end to end: ${kinds / 2} kinds, ${commands / 2} commands with two simulators each, ${runs} runs: ` +
      `${succeeded} succeeded, ${failed} failed as declared; ${results} results checked, ${confirmed} confirmed, ` +
      `${cancelled} cancelled, ${interlocked} forbidden by interlocks; ${
        desires.fields / 2
      } desired fields: ${desires.taken} taken, ` +
      `${desires.refused} refused; ${
        lanes.driven / 2
      } lanes driven by ${lanes.frames} frames, ${lanes.answers} answers`,
  );
  const documents = KINDS.map(kindDocument);
  const declared = documents.flatMap(({ commands }) => Object.keys(commands)).length;
  expect(kinds / 2).toBe(kindFiles().length);
  expect((commands + lanes.driven) / 2).toBe(declared);
  const desirable = documents.flatMap(({ properties }) => Object.values((properties.state as Schema).properties!))
    .filter((field) => field.desirable);
  expect(desires.fields / 2).toBe(desirable.length);
  for (const count of [runs, succeeded, results, confirmed, cancelled, interlocked, desires.taken]) {
    expect(count).toBeGreaterThan(0);
  }
});
