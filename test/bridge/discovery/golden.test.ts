/** The payload of every kind, kept in `golden/`: `deno task vitest run test/bridge/discovery -u` writes them anew. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import { announced } from "./discovered.ts";

it.each(KINDS.map((kind) => ({ name: kind.name, kind })))(
  "[N32] $name is announced as it was",
  async ({ name, kind }) => {
    const { topic, payload } = announced(kind, { firmware: "1.2.0" });
    await expect(`${JSON.stringify({ topic, payload }, null, 2)}\n`).toMatchFileSnapshot(`./golden/${name}.json`);
  },
);

it("[N32] there is a golden payload of every kind, and of no other", () => {
  const kept = readdirSync(new URL("./golden", import.meta.url)).map((file) => file.replace(/\.json$/, ""));
  expect(kept.toSorted()).toEqual(KINDS.map(({ name }) => name).toSorted());
});
