/** Models that nobody here wrote become kinds: the whole of Zigbee2MQTT's devices, and what the W3C's tools test with. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test, type TestContext } from "vitest";
import { kindDocument } from "../../src/kind/schema.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { fileModels, packageModels } from "../../src/tools/import/models.ts";
import { figuresOf, reportOf } from "../../src/tools/import/report.ts";
import { sourceOf } from "../../src/tools/import/source.ts";
import { ROOT } from "../runtime/launch.ts";
import { liveAtHub } from "../tools/imported.ts";
import { looked, ofAll } from "./models.ts";

/** Where `.ci/run` installs them. */
const FOLDER = join(ROOT, "dist/foreign/node_modules");

function installed({ skip }: TestContext, name: string): string {
  const folder = join(FOLDER, name);
  return existsSync(folder) ? folder : skip(`this machine has no ${name} in dist/foreign, where .ci/run installs it`);
}

describe("Zigbee2MQTT's devices", () => {
  test("[K1] nearly all of them become kinds that take their own samples and live", async (context) => {
    const { title, models } = packageModels(installed(context, "zigbee-herdsman-converters"))!;
    const figures = await figuresOf(looked(models));
    console.log(reportOf(title, figures));
    expect(figures.broken).toEqual([]);
    expect(figures.models).toBeGreaterThan(ofAll(4_000));
    expect((figures.whole + figures.partly) / figures.models).toBeGreaterThan(0.99);
    for (const { why } of figures.refusals) {
      expect(why).toBe("it exposes nothing: there is nothing to see and nothing to set");
    }
  }, 300_000);

  test("[K1] every hundredth is written, and is the same kind when it is read", async (context) => {
    const { models } = packageModels(installed(context, "zigbee-herdsman-converters"))!;
    mkdirSync(join(ROOT, "dist"), { recursive: true });
    const folder = mkdtempSync(join(ROOT, "dist/import-"));
    let seen = 0;
    try {
      for (const { imported } of models.filter((_, index) => index % 100 === 0)) {
        if (!imported.ok) continue;
        const path = join(folder, `${imported.draft.name}.ts`);
        writeFileSync(path, sourceOf(imported.draft, "../../src/kind"));
        const { default: written } = await import(/* @vite-ignore */ pathToFileURL(path).href);
        expect(kindDocument(written)).toEqual(kindDocument(kindFrom(imported.draft)));
        seen += 1;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(seen).toBeGreaterThan(40);
  }, 120_000);

  test("[K1, C10, D7] every hundredth lives at a hub and does whatever it is asked", async (context) => {
    const { models } = packageModels(installed(context, "zigbee-herdsman-converters"))!;
    const total = { kinds: 0, commands: 0, confirmed: 0, samples: 0 };
    for (const { imported } of models.filter((_, index) => index % 100 === 50)) {
      if (!imported.ok) continue;
      const seen = await liveAtHub(kindFrom(imported.draft));
      total.kinds += 1;
      for (const part of ["commands", "confirmed", "samples"] as const) total[part] += seen[part];
    }
    console.log(`at a hub: ${JSON.stringify(total)}`);
    expect(total.kinds).toBeGreaterThan(40);
    expect(total.commands).toBeGreaterThan(200);
    expect(total.confirmed).toBeGreaterThan(100);
  }, 120_000);
});

test("[W4] the models of a W3C tool's tests become kinds, or say why not", async (context) => {
  const { title, models } = fileModels(join(installed(context, "@thingweb/thing-model"), "test"));
  const figures = await figuresOf(models);
  console.log(reportOf(title, figures));
  expect(figures.broken).toEqual([]);
  expect(figures.models).toBeGreaterThan(20);
  expect(figures.whole).toBeGreaterThan(10);
  for (const { why } of figures.refusals) {
    expect(why).toMatch(/^it extends |^it has no properties|it refers to another model/);
  }
});
