/** The text is the contract: its dialogues are frames, its faults and close codes are the tables. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ZodType } from "zod";
import { CLOSE } from "../../src/protocol/close.ts";
import { decode } from "../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { readOperatorFrame } from "../../src/protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../../src/protocol/outgoing.ts";

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
