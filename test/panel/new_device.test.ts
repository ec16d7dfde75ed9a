import { describe, expect, it } from "vitest";
import { bodyOf, idFrom, problemsAtTheEnd, problemsWhileTyping } from "../../src/panel/form/new_device.ts";
import { refusedForm } from "../../src/panel/form/refused.ts";
import { newDevice } from "../../src/protocol/body.ts";

const draft = { name: "Roof", id: "roof", kind: "env-sensor", tags: "" };
const LONG = "a".repeat(64);

describe("a new device as it is typed in", () => {
  it.each([
    ["Roof sensor", "roof-sensor"],
    ["  Gewächshaus Nord, 2. Stock  ", "gewachshaus-nord-2-stock"],
    ["__ Pump_7 __", "pump_7"],
    ["大門", ""],
    [`${"x".repeat(63)} yz`, "x".repeat(63)],
  ])("suggests for %j the id %j", (name, id) => {
    expect(idFrom(name)).toBe(id);
    if (id !== "") expect(problemsWhileTyping({ ...draft, id })).toEqual({});
  });

  const IDS = [
    "roof",
    "A.b_c-9",
    "9",
    LONG,
    LONG + "a",
    "-roof",
    ".roof",
    "_x",
    "ro of",
    " roof",
    "dach/2",
    "größe",
    "a😀",
  ];
  const TAGS = [
    "",
    "roof",
    "roof floor-2,a:b",
    "-x",
    "a/b",
    LONG,
    LONG + "a",
    "é",
    LONG.split("").slice(0, 33).map((_, at) => `t${at}`).join(" "),
  ];

  it.each(IDS)("[F8] says of the id %j what the hub would say", (id) => {
    const isRefused = !newDevice.safeParse(bodyOf({ ...draft, id })).success;
    expect(problemsWhileTyping({ ...draft, id }).id !== undefined).toBe(isRefused);
  });

  it.each(TAGS)("says of the tags %j what the hub would say", (tags) => {
    const isRefused = !newDevice.safeParse(bodyOf({ ...draft, tags })).success;
    expect(problemsWhileTyping({ ...draft, tags }).tags !== undefined).toBe(isRefused);
  });

  it("asks for an id and a kind only at the end", () => {
    const empty = { name: "", id: "", kind: "", tags: "" };
    expect(problemsWhileTyping(empty)).toEqual({});
    expect(Object.keys(problemsAtTheEnd(empty)).sort()).toEqual(["id", "kind"]);
    expect(problemsAtTheEnd(draft)).toEqual({});
  });
});

describe("a refused form", () => {
  const fault = { code: "bad_request", message: "tags/1: a tag", retryable: false };

  it("[R2] puts what the hub says beside the field that it points to", () => {
    const errors = [{ pointer: "#/tags/1", detail: "a tag: letters" }, { pointer: "#/tagsy", detail: "no such key" }];
    expect(refusedForm({ ...fault, errors }, ["id", "tags"])).toEqual({
      fields: { tags: "A tag: letters." },
      general: null,
    });
  });

  it("says once for all what belongs to no field", () => {
    const { fields, general } = refusedForm({ code: "rate_limited", message: "", retryable: true }, ["id", "tags"]);
    expect(fields).toEqual({});
    expect(general).toBe("Too many requests. Wait a little, then try again.");
  });
});
