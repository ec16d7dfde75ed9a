/**
 * What Home Assistant is told, with what nobody here wrote: every template rendered by the real Jinja, and the models of
 * Zigbee2MQTT, as kinds, announced and steered.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { packageModels } from "../../src/tools/import/models.ts";
import { askedOf, taken } from "../bridge/discovery/asked.ts";
import { componentsOf } from "../bridge/discovery/discovered.ts";
import { faultsOf } from "../bridge/discovery/faults.ts";
import { probe } from "../bridge/discovery/probe.ts";
import { ROOT } from "../runtime/launch.ts";
import { render } from "../support/jinja.ts";
import { looked, ofAll } from "./models.ts";
import { JINJA, need } from "./programs.ts";

type Scope = Record<string, unknown>;
type Case = [template: string, scope: Scope];
type Doc = Record<string, unknown>;

/** Every template of a kind with all that may come to it: what its examples tell, nothing, and whatever is sent. */
function casesOf(kind: AnyKind): Case[] {
  const { telemetry, state, events = {} } = kind.examples as unknown as Record<string, Doc[]>;
  const happened = Object.entries(events).flatMap(([name, examples]) =>
    (examples as unknown as Doc[]).map((data) => ({ id: "e", device: "d1", name, data, at: 1 }))
  );
  return Object.values(componentsOf(kind)).flatMap((component) => {
    const read = Object.entries(component).filter(([key]) => /template$/.test(key) && !/command|set_pos/.test(key));
    const told = component.platform === "event"
      ? happened.filter(({ name }) => (component.event_types as string[]).includes(name))
      : [...telemetry, ...state, {}];
    const asked: Case[] = [];
    askedOf(component, (template, scope) => {
      asked.push([template, scope]);
      return render(template, scope);
    });
    return [
      ...read.flatMap(([, template]) => told.map((doc): Case => [String(template), { value_json: doc, value: "" }])),
      ...asked,
    ];
  });
}

test("[N32, N35] the real Jinja makes of every template what our own reader makes of it, and misses nothing", (context) => {
  const python = need(context, JINJA);
  const cases = [...KINDS, probe].flatMap(casesOf);
  const { stdout, stderr, status } = spawnSync(python, [join(ROOT, "test/foreign/jinja.py")], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(`${status} ${stderr}`).toBe("0 ");
  const answers = JSON.parse(stdout) as [string, string[]][];
  for (const [index, [template, scope]] of cases.entries()) {
    const [text, said] = answers[index];
    expect(said, template).toEqual([]);
    const ours = render(template, scope);
    // Jinja writes JSON in another way, and with the signs of HTML escaped.
    if (template.includes("tojson") && ours !== "") expect(JSON.parse(text), template).toEqual(JSON.parse(ours));
    else expect(text, template).toBe(ours.trim());
  }
  console.log(`jinja: ${cases.length} renderings of ${new Set(cases.map(([template]) => template)).size} templates`);
  expect(cases.length).toBeGreaterThan(1_000);
});

test(
  "[N32, N35] every model that becomes a kind is announced as Home Assistant takes it, and steered as the hub does",
  (context) => {
    const folder = join(ROOT, "dist/foreign/node_modules/zigbee-herdsman-converters");
    const skipped = "this machine has no zigbee-herdsman-converters in dist/foreign, where .ci/run installs it";
    const { models } = packageModels(existsSync(folder) ? folder : context.skip(skipped))!;
    const counts: Record<string, number> = { kinds: 0, commands: 0 };
    for (const { imported } of looked(models)) {
      if (!imported.ok) continue;
      const kind = kindFrom(imported.draft);
      counts.kinds += 1;
      for (const [key, component] of Object.entries(componentsOf(kind))) {
        const { platform } = component;
        counts[platform] = (counts[platform] ?? 0) + 1;
        const faults = faultsOf(component);
        if (faults.length > 0) expect.soft(faults, `${kind.name} ${key}`).toEqual([]);
        for (const { deed, topic, payload } of askedOf(component)) {
          counts.commands += 1;
          const answer = taken(kind, topic, payload) as { ok: boolean };
          if (!answer.ok) expect.soft(answer, `${kind.name} ${key}: ${deed}: ${payload}`).toEqual({ ok: true });
        }
      }
    }
    console.log(`announced: ${JSON.stringify(counts)}`);
    expect(counts.kinds).toBeGreaterThan(ofAll(4_000));
    expect(counts.light).toBeGreaterThan(ofAll(500));
    expect(counts.cover).toBeGreaterThan(ofAll(50));
  },
  300_000,
);
