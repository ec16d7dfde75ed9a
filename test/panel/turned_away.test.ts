/** What is made of connections that were refused [H6]. */
import { describe, expect, it } from "vitest";
import type { Refused } from "../../src/panel/live/hub.ts";
import { NOBODY_TURNED_AWAY, seeRefused } from "../../src/panel/live/turned_away.ts";
import { remedyInWords } from "../../src/panel/words/turned_away.ts";
import { FAULTS } from "../../src/protocol/fault.ts";

const refused = (at: number, more: Partial<Refused> = {}): Refused => ({
  type: "refused",
  watch: "w",
  device: "lamp",
  at,
  over: "device",
  code: "unauthenticated",
  message: "Its secret is wrong",
  ...more,
});

describe("[H6] refused connections", () => {
  it("are the newest of each sort, and how many there were", () => {
    const told = [
      refused(1),
      refused(2, { more: 3 }),
      refused(3, { over: "operator" }),
      refused(4),
      refused(5, { over: "rest", code: "forbidden", message: "Not its own" }),
    ];
    const { newest, total } = told.reduce(seeRefused, NOBODY_TURNED_AWAY);
    expect(newest.map(({ at }) => at)).toEqual([5, 4]);
    expect(total).toBe(8);
  });

  it("each have something to do about it, or a reason that says it", () => {
    const codes = Object.keys(FAULTS) as (keyof typeof FAULTS)[];
    const helped = codes.filter((code) => remedyInWords({ code, over: "device" }, "lamp") !== null);
    expect(helped.sort()).toEqual(["bad_request", "forbidden", "rate_limited", "unauthenticated"]);
    expect(remedyInWords({ code: "unauthenticated", over: "device" }, "lamp")).toContain("“lamp.”");
    expect(remedyInWords({ code: "unauthenticated", over: "operator" }, "lamp")).toContain("/device");
  });
});
