/** The payload of every kind of ours, kept in `golden/`: `deno task vitest run test/bridge/discovery -u` writes them anew. */
import { expect, it } from "vitest";
import { announced, KEPT } from "./discovered.ts";

it.each(KEPT.map((kind) => ({ name: kind.name, kind })))(
  "[N32] $name is announced as it was",
  async ({ name, kind }) => {
    const { topic, payload } = announced(kind, { firmware: "1.2.0" });
    await expect(`${JSON.stringify({ topic, payload }, null, 2)}\n`).toMatchFileSnapshot(`./golden/${name}.json`);
  },
);

it("[N32] there are as many as we have kinds", () => expect(KEPT).toHaveLength(13));
