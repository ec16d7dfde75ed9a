/** What of the audit is asked for, from the address to the call and the file [A9]. */
import { describe, expect, it } from "vitest";
import { auditPage } from "../../src/protocol/body.ts";
import { readCsv } from "../../src/panel/form/csv.ts";
import { auditCsv } from "../../src/panel/form/audit_file.ts";
import { auditFilter, isFiltered, without } from "../../src/panel/form/audit_filter.ts";
import { auditPath } from "../../src/panel/live/audit.ts";
import { DEED_NAMES, deedInWords, OUTCOME_NAMES, outcomeInWords } from "../../src/panel/words/deeds.ts";

describe("the address", () => {
  it("[A9] says what is asked for, in the words of the call", () => {
    const said = { who: " ann ", what: "set,toggle", target: 42, outcome: "refused", from: 1, to: "2", colour: "red" };
    const filter = auditFilter(said);
    expect(filter).toEqual({ who: "ann", what: "set,toggle", target: "42", outcome: "refused", from: 1, to: 2 });
    const path = auditPath(filter, 50, "abc");
    const asked = auditPage.parse(Object.fromEntries(new URL(path, "http://hub").searchParams));
    expect(asked).toEqual({
      who: ["ann"],
      what: ["set", "toggle"],
      target: "42",
      outcome: ["refused"],
      from: 1,
      to: 2,
      limit: 50,
      cursor: "abc",
    });
  });

  it("[A9] what cannot be meant is nothing", () => {
    const odd = { who: "", what: " ", target: "x".repeat(1_025), from: "noon", to: -1 };
    expect(auditFilter(odd)).toEqual({});
    expect(isFiltered(auditFilter(odd))).toBe(false);
    expect(auditPath({})).toBe("/api/v1/audit");
    expect(without({ from: 1, to: 2, who: "ann" }, "from", "to")).toEqual({ who: "ann" });
  });
});

it("[A9] every decision and outcome that can be chosen has a word of its own", () => {
  expect(new Set(DEED_NAMES.map(deedInWords)).size).toBe(DEED_NAMES.length);
  for (const outcome of OUTCOME_NAMES) expect(outcomeInWords(outcome).isRefused, outcome).toBe(false);
});

it("[A2.8] a file has a line for each entry, and nothing in it that a spreadsheet would run", () => {
  const csv = auditCsv([
    {
      id: "2",
      at: 1_000,
      who: { id: "ann", name: "=cmd, Ann" },
      what: "create_device",
      target: "lamp",
      outcome: "done",
      detail: { kind: "relay" },
      chain: "hub",
      n: 2,
      prev: "",
      hash: "ff",
    },
    {
      id: "1",
      at: 0,
      who: { id: "", name: "", sort: "nobody" },
      what: "sign_in",
      target: "",
      outcome: "unauthenticated",
    },
  ]);
  const lines = readCsv(csv.replace("\uFEFF", "")).map(({ cells }) => cells);
  expect(lines[1]).toEqual([
    "2",
    "1970-01-01T00:00:01.000Z",
    "'=cmd, Ann",
    "ann",
    "create_device",
    "lamp",
    "done",
    '{"kind":"relay"}',
    "2",
    "ff",
  ]);
  expect(lines[2].slice(0, 5)).toEqual(["", "1970-01-01T00:00:00.000Z", "", "", "sign_in"]);
});
