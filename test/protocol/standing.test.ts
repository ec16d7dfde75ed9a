/** How desired state stands, field by field [D8]. */
import { describe, expect, it } from "vitest";
import type { DesiredDocument } from "../../src/protocol/record.ts";
import { standingsOf } from "../../src/protocol/standing.ts";

const reported = { target: 20 };
const error = { field: "target", code: "out_of_range", message: "The valve ends at 21." };
const standing = (applied: DesiredDocument["applied"], told: Record<string, unknown> = reported) =>
  standingsOf({ version: 4, state: { target: 22 }, applied }, told);

describe("[D8] a desired field", () => {
  it("is there for what is desired, and for nothing else", () => {
    expect(standingsOf({ version: 4, state: {}, applied: null }, reported)).toEqual({});
    expect(Object.keys(standing(null))).toEqual(["target"]);
  });

  it("is in sync when the device reports it: that counts more than what it said of the version", () => {
    for (const applied of [null, { version: 4, ok: false, at: 1, errors: [error] }]) {
      expect(standing(applied, { target: 22 })).toEqual({ target: { state: "in_sync" } });
    }
  });

  it("is pending while the device has not answered this version", () => {
    for (const applied of [null, { version: 3, ok: true, at: 1 }, { version: 3, ok: false, at: 1, errors: [error] }]) {
      expect(standing(applied)).toEqual({ target: { state: "pending" } });
      expect(standing(applied, {})).toEqual({ target: { state: "pending" } });
    }
  });

  it("is refused with the device's reason", () => {
    expect(standing({ version: 4, ok: false, at: 1, errors: [error] }))
      .toEqual({ target: { state: "refused", why: "The valve ends at 21." } });
  });

  it("is refused with the whole version, where the device names no field", () => {
    for (const errors of [undefined, []]) {
      expect(standing({ version: 4, ok: false, at: 1, errors })).toEqual({ target: { state: "refused" } });
    }
  });

  it("has diverged when the device took it and reports something else", () => {
    expect(standing({ version: 4, ok: true, at: 1 })).toEqual({ target: { state: "diverged" } });
    const other = { version: 4, ok: false, at: 1, errors: [{ ...error, field: "mode" }] };
    expect(standing(other)).toEqual({ target: { state: "diverged" } });
  });
});
