import { describe, expect, it } from "vitest";
import { standingOf } from "../../src/panel/live/standing.ts";
import { desiredInWords } from "../../src/panel/words/desired.ts";
import type { FieldStanding } from "../../src/protocol/record.ts";

describe("[D8] how a desired value stands", () => {
  const target = { sort: "number", unit: "°C", precision: 1 } as const;
  const said = (standing: FieldStanding, isStopped = false) => {
    const desired = { version: 1, state: { target: 22 }, applied: null, standing: { target: standing } };
    return desiredInWords(target, standingOf("target", { desired }), isStopped);
  };

  it("needs no word where nothing is desired, or it is so", () => {
    expect(desiredInWords(target, standingOf("target", {}), false)).toBeNull();
    expect(said({ state: "in_sync" })).toBeNull();
  });

  it("is said with the device's own reason", () => {
    expect(said({ state: "pending" })).toBe("22.0 °C is desired. The device has not answered to it yet.");
    expect(said({ state: "refused", why: "too warm for the pipe" }))
      .toBe("22.0 °C is desired, and the device refused it: Too warm for the pipe.");
    expect(said({ state: "refused" })).toContain("without a word");
    expect(said({ state: "diverged" })).toContain("reports something else");
  });

  it("[D6] under an emergency stop it is not sent, and nobody waits for an answer", () => {
    expect(said({ state: "pending" }, true)).toContain("when the emergency stop is cleared");
  });
});
