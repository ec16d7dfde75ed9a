/** The text is the contract: its dialogues are frames, its faults and close codes are the tables. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ZodType } from "zod";
import { CLOSE } from "../../src/protocol/close.ts";
import { streamEnd } from "../../src/protocol/event_stream.ts";
import { decode } from "../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { readOperatorFrame } from "../../src/protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../../src/protocol/outgoing.ts";
import { readEvents } from "../support/event_source.ts";

const TEXT = readFileSync(new URL("../../src/protocol/PROTOCOL.md", import.meta.url), "utf8");
const LINES = [...TEXT.matchAll(/^ {4}([<>{}]) (\{.+\})$/gm)].map(([, direction, frame]) => ({ direction, frame }));

/** What the hub sends, by direction. */
const SENT: Record<string, Record<string, ZodType>> = { "<": TO_DEVICE, "{": TO_OPERATOR };

describe("PROTOCOL.md", () => {
  it("has dialogues in all four directions", () => {
    expect(new Set(LINES.map(({ direction }) => direction))).toEqual(new Set(["<", ">", "{", "}"]));
    expect(LINES.length).toBeGreaterThanOrEqual(18);
  });

  it.each(LINES)("$direction $frame", ({ direction, frame }) => {
    const envelope = decode(frame);
    if (!envelope.ok) throw new Error(envelope.fault.message);
    if (direction === ">") expect(readDeviceFrame(envelope.value)).toMatchObject({ ok: true });
    else if (direction === "}") expect(readOperatorFrame(envelope.value)).toMatchObject({ ok: true });
    else expect(SENT[direction][envelope.value.type].safeParse(envelope.value)).toMatchObject({ success: true });
  });

  it("[R7, R8] has a stream, of which every event is a frame, or its end", () => {
    const [, block] = /as it comes:\n\n((?: {4}.*\n|\n)+)/.exec(TEXT)!;
    const events = readEvents(block.replaceAll(/^ {4}/gm, ""));
    expect(events.map(({ event }) => event)).toEqual(["snapshot", "changes", "command", "end"]);
    for (const { event, data, id } of events) {
      const schema: ZodType = event === "end" ? streamEnd : TO_OPERATOR[event as "snapshot"];
      expect(schema.safeParse(data)).toMatchObject({ success: true });
      expect([data.type, id]).toEqual([event, data.revision === undefined ? undefined : String(data.revision)]);
    }
  });

  it("[Z] names every close code", () => {
    const table = TEXT.slice(TEXT.indexOf("## Z Close codes"), TEXT.indexOf("## K Kinds"));
    const named = [...table.matchAll(/\| (\d{4}) \| ([a-z ]+?) (?=\|)/g)].map((
      [, code, name],
    ) => [name.replaceAll(" ", "_"), Number(code)]);
    expect(Object.fromEntries(named)).toMatchObject(CLOSE);
  });

  it("uses no rule number twice", () => {
    const rules = [...TEXT.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, rule]) => rule);
    expect(rules.length).toBeGreaterThan(70);
    expect(new Set(rules).size).toBe(rules.length);
  });
});
