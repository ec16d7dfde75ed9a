/** The text is the contract: its dialogues are frames, its faults and close codes are the tables. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLOSE } from "../../src/protocol/close.ts";
import { decode } from "../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { readOperatorFrame } from "../../src/protocol/from_operator.ts";

const TEXT = readFileSync(new URL("../../src/protocol/PROTOCOL.md", import.meta.url), "utf8");
const LINES = [...TEXT.matchAll(/^ {4}([<>{}]) (\{.+\})$/gm)].map(([, direction, frame]) => ({ direction, frame }));

/** Every type that the text's direction tables know, by direction. */
const KNOWN: Record<string, RegExp> = {
  "<": /^(welcome|command|cancel|desired|stream|stored|error)$/,
  "{": /^(welcome|reply|snapshot|changes|command|event|blob|frame|error)$/,
};

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
    else expect(envelope.value.type).toMatch(KNOWN[direction]);
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
