/** Recorded payloads, through each mapping: what the hub is told fits the kind, and what goes out is what the firmware reads. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Mapped, mappingNamed, MAPPINGS } from "../../../src/bridge/mappings/mod.ts";
import { type Dialogue, frameOf, kindNamed, refusal } from "./dialogue.ts";

const HERE = import.meta.dirname!;
const files = readdirSync(HERE).filter((name) => name.endsWith(".json"));
const dialogues = files.map((name) => ({ name, ...JSON.parse(readFileSync(join(HERE, name), "utf8")) as Dialogue }));

describe("[N40] recorded payloads", () => {
  it.each(dialogues)("$name", ({ source, mapping: name, topic, vars, steps }) => {
    expect(source).toMatch(/^https?:/);
    const mapping = mappingNamed(name)!;
    const kind = kindNamed(mapping.kind);
    const mapped = new Mapped(mapping, { device: "d", topic, vars });
    for (const [index, step] of steps.entries()) {
      const where = `step ${index}`;
      const now = (step.at ?? index) * 1000;
      if ("heard" in step) {
        expect(mapped.topics(), where).toContain(step.heard);
        const text = typeof step.payload === "string" ? step.payload : JSON.stringify(step.payload);
        const heard = mapped.heard(step.heard, text, step.retained ?? false, now);
        expect(heard.frames, where).toEqual(step.frames ?? []);
        expect(heard.presence, where).toBe(step.presence);
        for (const frame of heard.frames) expect(refusal(kind, frame), where).toBeUndefined();
      } else {
        const told = mapped.told(frameOf(step), now);
        const publishes = told.publishes.map(({ topic, payload, ...rest }) => {
          expect(rest.retain).toBe(false);
          return [topic, /^[[{]/.test(payload) ? JSON.parse(payload) : payload, rest.qos];
        });
        expect(publishes, where).toEqual(step.publishes ?? []);
        expect(told.frames.filter(({ type }) => type !== "hello"), where).toEqual(step.frames ?? []);
        for (const frame of told.frames) expect(refusal(kind, frame), where).toBeUndefined();
      }
    }
  });

  it("each mapping has a recorded dialogue", () => {
    expect([...MAPPINGS.keys()].filter((name) => !dialogues.some(({ mapping }) => mapping === name))).toEqual([]);
  });
});
