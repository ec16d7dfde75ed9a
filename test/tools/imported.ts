/** An imported kind at a whole hub: a device of it lives from its ranges, and an operator asks everything of it. */
import { expect } from "vitest";
import { seeded } from "../../src/device/random.ts";
import { sample } from "../../src/device/sample.ts";
import type { AnyKind, Command } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { Bench } from "../device/bench.ts";

/** Every command succeeds, what proves it is reported, and the hub refused nothing. */
export async function liveAtHub(kind: AnyKind): Promise<{ commands: number; confirmed: number; samples: number }> {
  const bench = new Bench([kind]);
  const random = seeded(7);
  const seen = { commands: 0, confirmed: 0, samples: 0 };
  await bench.device("one", kind, { seed: 7 });
  for (const [name, { confirms }] of Object.entries(kind.commands) as [string, Command][]) {
    if (name === "reboot") continue;
    const params = sample(kindDocument(kind).commands[name].params, random) as Record<string, unknown>;
    const record = await bench.outcome(bench.send("one", name, params), 60);
    expect(record, `${kind.name} ${name}`).toMatchObject({ status: "succeeded" });
    seen.commands += 1;
    if (!confirms) continue;
    const asked = "param" in confirms ? params[confirms.param] : confirms.value;
    expect(bench.box.view("one").reported[confirms.field], `${kind.name} ${name}`).toEqual(asked);
    seen.confirmed += 1;
  }
  seen.samples = bench.said.filter(({ type }) => type === "telemetry").length;
  expect(bench.troubles, kind.name).toEqual([]);
  bench.close();
  return seen;
}
