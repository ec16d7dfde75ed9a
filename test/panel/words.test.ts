import { VALUE } from "../../src/panel/words/device.ts";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { CLOSE } from "../../src/protocol/close.ts";
import { FAULTS } from "../../src/protocol/fault.ts";
import { presence, role } from "../../src/protocol/words.ts";
import {
  CLOSE_WORDS,
  closeInWords,
  FAULT_WORDS,
  faultInWords,
  flagInWords,
  PRESENCE,
  PRESENCES,
  reasonInWords,
  ROLES,
} from "../../src/panel/words/words.ts";

/** Sentences that a person reads: whole, and without a word of the wire. */
const SENTENCE = /^[A-Z][^_]*\.$/;

describe("the protocol's words have words for people", () => {
  it("[X] every fault, and the two that only the panel has", () => {
    expect(Object.keys(FAULT_WORDS).toSorted())
      .toEqual([...Object.keys(FAULTS), "not_connected", "no_answer"].toSorted());
    for (const words of Object.values(FAULT_WORDS)) expect(words).toMatch(SENTENCE);
    expect(new Set(Object.values(FAULT_WORDS)).size).toBe(Object.keys(FAULT_WORDS).length);
  });

  it("[K2] a code that the kind declared is its own best word", () => {
    const own = KINDS.flatMap((kind) => Object.values(kind.commands).flatMap(({ errors }) => errors));
    expect(own).toContain("invalid_pin");
    for (const code of own) expect(faultInWords(code)).toMatch(SENTENCE);
    expect(faultInWords("invalid_pin")).toBe("Invalid pin.");
    // Also where it is called like something that every object has.
    expect(faultInWords("constructor")).toBe("Constructor.");
  });

  it("[Z] every close name", () => {
    expect(Object.keys(CLOSE_WORDS).toSorted()).toEqual(Object.keys(CLOSE).toSorted());
    for (const name of Object.keys(CLOSE)) expect(closeInWords(name)).toMatch(SENTENCE);
    expect(closeInWords("connection_lost")).toBe("The connection was lost.");
    expect(closeInWords("toString")).toBe("The connection was lost.");
  });

  it("[P1] every presence", () => {
    expect(PRESENCES.toSorted()).toEqual(presence.options.toSorted());
    for (const { word, sentence } of Object.values(PRESENCE)) {
      expect(word).toMatch(/^[A-Z][a-z]+$/);
      expect(sentence).toMatch(SENTENCE);
    }
  });

  /** What the hub writes of a device that went, beside the close names: see `leave` and `standingOf` of the core. */
  const OWN = ["closed", "connection_lost", "hub_restarted", "silent"];
  it.each([...OWN, ...Object.keys(CLOSE)])("[P1] the reason %s is said without the wire's word", (reason) => {
    expect(reasonInWords(reason)).toMatch(/^[a-z][^_]*[^.]$/);
  });

  it.each(["heartbeat_lost", "taken_over", "rate_limited", "bad_text", "binary_not_expected", "too_big", ...OWN])(
    "[P1] the reason %s is a clause, not the name with spaces",
    (reason) => expect(reasonInWords(reason)).not.toBe(reason.replaceAll("_", " ")),
  );

  it("[P7] a flag, also one that this panel does not know", () => {
    expect(flagInWords("clone suspected")).toMatch(SENTENCE);
    expect(flagInWords("half_asleep")).toBe("half asleep");
  });

  it("[I5] every role", () => expect(Object.keys(ROLES).toSorted()).toEqual(role.options.toSorted()));
});

describe("[T3] a clock that is wrong", () => {
  it("is so by how much, and which way; or only wrong where the hub does not know it any more", () => {
    expect(VALUE.wrongClock(90_000)).toBe("· its clock is 90 s fast");
    expect(VALUE.wrongClock(-3 * 3_600_000)).toBe("· its clock is 3 h slow");
    expect(VALUE.wrongClock(1_000 - 1_795_679_731_775)).toBe("· its clock is 56 years slow");
    expect(VALUE.wrongClock(undefined)).toBe("· its clock is wrong");
  });
});
