import { describe, expect, it } from "vitest";
import { renewed } from "../../src/panel/live/audit.ts";
import { complaintOf, NOTHING_SEEN, seeFrame } from "../../src/panel/live/refusals.ts";
import {
  type AuditEntry,
  dayInWords,
  deedInWords,
  operatorNames,
  outcomeInWords,
  targetOf,
  whoInWords,
} from "../../src/panel/words/deeds.ts";
import { FAULT_WORDS } from "../../src/panel/words/words.ts";

const entry = (more: Partial<AuditEntry> & { id?: string }): AuditEntry => ({
  id: "1",
  at: 0,
  who: { id: "ann", name: "Ann" },
  what: "create_device",
  target: "roof",
  outcome: "done",
  ...more,
});

describe("the audit in words", () => {
  const sources = import.meta.glob<string>("../../src/hub/**/*.ts", { query: "?raw", import: "default", eager: true });
  const written = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/\baudit(?:Refusal\(turn, |\()(?:\w+\([^)]*\)|[^,({]+), "(\w+)"/g)].map(([, what]) => what)
  );

  it("knows every deed that the hub writes", () => {
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((what) => deedInWords(what).startsWith("Command:"))).toEqual([]);
  });

  it("calls everything else a command, whatever its name", () => {
    expect(deedInWords("set_target")).toBe("Command: set target");
    expect(deedInWords("constructor")).toBe("Command: constructor");
  });

  it("says why a command was refused", () => {
    expect(outcomeInWords("done")).toEqual({ word: "Done", isRefused: false });
    expect(outcomeInWords("forbidden").sentence).toBe("The role, or being a device, does not allow it.");
    expect(outcomeInWords("offline")).toEqual({ word: "Refused", sentence: FAULT_WORDS.offline, isRefused: true });
  });

  it("[A2] knows what else can have come of a deed", () => {
    const outcomes = ["accepted", "driven", "taken", "forced", "released", "lapsed", "latched", "latched already"];
    for (const outcome of [...outcomes, "cleared", "confirmed", "stopped", "kept the first"]) {
      expect(outcomeInWords(outcome).isRefused, outcome).toBe(false);
    }
  });

  it("leads to the device, unless it is gone or nobody but the doer is meant", () => {
    expect(targetOf(entry({}))).toEqual({ sort: "device", id: "roof", isGone: false });
    expect(targetOf(entry({ what: "delete_device" }))).toEqual({ sort: "device", id: "roof", isGone: true });
    expect(targetOf(entry({ what: "sign_in", target: "ann" }))).toBeNull();
    expect(targetOf(entry({ what: "refused_call", target: "" }))).toBeNull();
    expect(targetOf(entry({ what: "end_job", target: "01j" }))).toEqual({ sort: "job", id: "01j" });
    expect(targetOf(entry({ what: "start_job", target: "" }))).toBeNull();
    expect(targetOf(entry({ what: "refused_call" }))).toEqual({ sort: "device", id: "roof", isGone: false });
    expect(targetOf(entry({ what: "result_refused", target: "01k" }))).toEqual({ sort: "text", id: "01k" });
    expect(targetOf(entry({ what: "result_conflict", who: { id: "roof", name: "Roof" }, target: "01k" }))).toEqual({
      sort: "command",
      id: "01k",
      device: "roof",
    });
  });

  it("says that nobody was known who tried a code", () => {
    expect(whoInWords(entry({ who: { id: "", name: "", sort: "nobody" } }))).toBe("Somebody unknown");
    expect(whoInWords(entry({}))).toBe("Ann");
  });

  it("names a deleted token by where it was made", () => {
    const entries = [
      entry({ what: "delete_token", target: "t1" }),
      entry({ what: "create_token", target: "t1", detail: { name: "Bert", role: "viewer" } }),
    ];
    expect(operatorNames(entries).get("t1")).toBe("Bert");
  });

  it("says the day as people do", () => {
    const now = new Date(2026, 10, 23, 9).getTime();
    const on = (month: number, day: number, year = 2026) =>
      dayInWords(new Date(year, month, day, 23, 59).getTime(), now);
    expect(on(10, 23)).toBe("Today");
    expect(on(10, 22)).toBe("Yesterday");
    expect(on(10, 20)).toBe("Friday 20 November");
    expect(on(11, 31, 2025)).toBe("31 December 2025");
  });
});

describe("pages of the audit", () => {
  const page = (ids: string[], next: string | null = null) => ({
    items: ids.map((id) => entry({ id })),
    next,
    total: ids.length,
  });

  it("a fresh first page goes before the older ones that were read", () => {
    const known = page(["5", "4", "3", "2"], "2");
    const { items, next } = renewed(known, { ...page(["7", "6", "5"], "5"), total: 9 });
    expect(items.map(({ id }) => id)).toEqual(["7", "6", "5", "4", "3", "2"]);
    expect(next).toBe("2");
  });

  it("where they do not meet, nothing in between is pretended", () => {
    expect(renewed(page(["5", "4"]), page(["9", "8"], "8"))).toEqual(page(["9", "8"], "8"));
    expect(renewed(null, page(["9"]))).toEqual(page(["9"]));
  });
});

describe("[F10] refused frames as they happen", () => {
  const frame = (direction: "in" | "out", body: unknown, at = 1) => ({
    type: "frame" as const,
    watch: "w",
    device: "roof",
    direction,
    at,
    text: typeof body === "string" ? body : JSON.stringify(body),
  });
  const error = { type: "error", code: "invalid_telemetry", message: "temperature: Invalid input: expected number" };

  it("an error is about the text before it; the newest two are kept", () => {
    let seen = seeFrame(NOTHING_SEEN, frame("out", { type: "welcome" }));
    for (const at of [1, 2, 3]) {
      seen = seeFrame(seeFrame(seen, frame("in", `text ${at}`, at)), frame("out", error, at));
    }
    expect(seen.refusals.map(({ at, sent }) => [at, sent])).toEqual([[3, "text 3"], [2, "text 2"]]);
  });

  it("a text that was cut for showing is no error", () => {
    expect(seeFrame(NOTHING_SEEN, frame("out", '{"type":"error","mess')).refusals).toEqual([]);
  });

  it("the field stands apart from what is wrong with it", () => {
    expect(complaintOf({ ...error, type: "error", code: "invalid_telemetry" }))
      .toEqual({ field: "temperature", words: "expected number" });
    expect(complaintOf({ type: "error", code: "bad_json", message: "this is not JSON" }).field).toBeUndefined();
  });
});
