/** What the documents say of the mappings is so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfits } from "../../../src/bridge/mappings/misfits.ts";
import { Mapped, MAPPINGS, readDevices } from "../../../src/bridge/mappings/mod.ts";
import { kindNamed } from "./dialogue.ts";

const TEXT = readFileSync(join(import.meta.dirname!, "../../../docs/mqtt-devices.md"), "utf8");

describe("docs/mqtt-devices.md", () => {
  const rows = new Map(
    [...TEXT.matchAll(/^\| `([a-z0-9-]+)` \| `([a-z-]+)` \| .*$/gm)].map(([row, name, kind]) => [name, { row, kind }]),
  );

  it("[N40] has a row for each mapping, with its kind", () => {
    expect([...rows].map(([name, { kind }]) => [name, kind])).toEqual(
      [...MAPPINGS.values()].map(({ name, kind }) => [name, kind]),
    );
  });

  it.each([...TEXT.matchAll(/entry `(\{.*?\})`/g)].map(([, json]) => json))("its lines are heard: %s", (json) => {
    const read = readDevices([JSON.parse(json)], "signalbox");
    if (!read.ok) throw new Error(read.fault.message);
    const [{ mapping, ...rest }] = read.value;
    const topics = new Mapped(mapping, rest).topics();
    const [, part] = TEXT.split(json);
    const lines = [...part.split("\n**")[0].matchAll(/mosquitto_pub (?:-r )?-t '?([^ ']+)'? -m /g)].map(([, topic]) =>
      topic
    );
    expect(lines.length).toBeGreaterThan(1);
    for (const topic of lines) expect(topics).toContain(topic);
  });

  it("its own mapping can be read, and fits its kind", () => {
    const [, json] = /\n( {4}\{\n {6}"mappings"[\s\S]*\n {4}\})/.exec(TEXT)!;
    const read = readDevices(JSON.parse(json), "signalbox");
    if (!read.ok) throw new Error(read.fault.message);
    const [{ mapping, ...rest }] = read.value;
    expect(misfits(mapping, kindNamed(mapping.kind))).toEqual([]);
    const mapped = new Mapped(mapping, rest);
    expect(mapped.heard("garage/fan/alive", "1", false, 0).presence).toBe("online");
  });
});
