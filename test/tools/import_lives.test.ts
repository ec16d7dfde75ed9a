/** Imported kinds at a whole hub, with devices that live from their ranges. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileModels } from "../../src/tools/import/models.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { liveAtHub } from "./imported.ts";

const KINDS = fileModels(join(import.meta.dirname!, "models")).models
  .flatMap(({ imported }) => imported.ok ? [kindFrom(imported.draft)] : []);

const total = { commands: 0, confirmed: 0, samples: 0 };

it.each(KINDS.map((kind) => ({ name: kind.name, kind })))(
  "[K1, C10, D7] $name does whatever it is asked, and the hub refuses nothing of it",
  async ({ kind }) => {
    const { commands, confirmed, samples } = await liveAtHub(kind);
    total.commands += commands;
    total.confirmed += confirmed;
    total.samples += samples;
  },
);

it("saw what there is", () => {
  expect(KINDS.length).toBe(8);
  expect(total.commands).toBeGreaterThan(30);
  expect(total.confirmed).toBeGreaterThan(12);
  expect(total.samples).toBeGreaterThan(8);
});
