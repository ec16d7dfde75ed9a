/** What the search box offers for the term that is typed, and that the hub takes it as it was meant [O10]. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import { taking, typedAt } from "../../src/panel/live/typed.ts";
import { hintFor, suggestionsFor } from "../../src/panel/screens/devices/suggest.ts";
import type { Facets } from "../../src/protocol/facets.ts";
import { parseQuery } from "../../src/protocol/query.ts";

const kinds = new Map(
  KINDS.map((kind) => JSON.parse(JSON.stringify(kindDocument(kind))) as KindDocument).map((one) => [one.kind, one]),
);
const facets: Facets = {
  total: 14,
  kind: [{ value: "thermostat", count: 9 }, { value: "relay", count: 5 }],
  tag: [{ value: "roof", count: 7 }, { value: "floor:1", count: 2 }],
  presence: [{ value: "online", count: 12 }, { value: "offline", count: 2 }],
  firmware: [{ value: "1.4 beta, old", count: 3 }],
};
/** `|` is the caret. */
const typed = (text: string) => typedAt(text.replace("|", ""), text.indexOf("|"));
const offered = (text: string) => suggestionsFor(typed(text), facets, kinds);
const inserts = (text: string) => offered(text).map(({ insert }) => insert);

describe("what is typed", () => {
  it.each([
    ["|", "", null, ""],
    ["ki|", "ki", null, ""],
    ["tag:roof -ki|", "ki", null, "tag:roof"],
    ["tag:ro| kind:lock", "ro", "tag", "kind:lock"],
    ["tag:roof,Fl|", "fl", "tag", ""],
    ['a name:"main do|', "main do", "name", "a"],
    ['name:"main door" |', "", null, 'name:"main door"'],
    ["temperature>2|", "2", "temperature", ""],
    ["-mode!=he|at x", "he", "mode", "x"],
  ])("%s", (text, part, field, others) => {
    expect(typed(text)).toMatchObject({ text: part, field, others });
  });

  it.each(["kind:|", "a -tag:roof,|", "temperature>=|", "-|", 'name:"main|'])("%s wants more", (text) => {
    expect(typed(text).isHalf).toBe(true);
  });

  it.each(["|", "ki|", "kind:l|", "kind:lock| x", 'name:"main door"|'])("%s does not", (text) => {
    expect(typed(text).isHalf).toBe(false);
  });
});

describe("what is offered", () => {
  it("before a colon terms, then fields of the kinds in view with their unit", () => {
    expect(inserts("|").slice(0, 4)).toEqual(["kind:", "tag:", "status:", "firmware:"]);
    const temperature = offered("tempera|").find(({ insert }) => insert.startsWith("temperature"));
    expect(temperature?.detail).toMatch(/, °C$/);
    expect(inserts("soil|")).toEqual([]);
    expect(inserts("temperature|").slice(0, 3)).toEqual(["temperature>", "temperature<", "temperature="]);
  });

  it("after it the values that there are, with how many", () => {
    expect(offered("kind:|").map(({ insert, count }) => [insert, count])).toEqual([["thermostat", 9], ["relay", 5]]);
    expect(offered("tag:fl|").map(({ insert, count }) => [insert, count])).toEqual([["floor:1", 2]]);
    expect(inserts("tag:roof,|")).toEqual(["floor:1"]);
    expect(offered("status:off|").map(({ insert, count }) => [insert, count])).toEqual([["offline", 2]]);
    expect(inserts("mode=|")).toEqual(expect.arrayContaining(["heat", "cool"]));
    expect(inserts("on=|")).toEqual(["true", "false"]);
  });

  it("for a word what devices are called by, most devices first", () => {
    expect(inserts("o|").slice(0, 3)).toEqual(["status:online", "kind:thermostat", "tag:roof"]);
  });

  it("a number has its range as a hint, and no field of that name is said", () => {
    expect(hintFor(typed("temperature>|"), kinds)).toMatch(/a number in °C/);
    expect(hintFor(typed("colour>|"), kinds)).toBe("No kind has a field colour.");
  });

  it("[O10] the hub reads whatever was taken", () => {
    for (
      const text of [
        "|",
        "-kind:| tag:roof",
        "firmware:|",
        "a status:|",
        "mode=|",
        "seen:|",
        "created:|",
        "is:|",
        "on|",
      ]
    ) {
      for (const { insert, isWhole } of offered(text).filter(({ isWhole }) => isWhole)) {
        const [next, caret] = taking(text.replace("|", ""), typed(text), insert, isWhole);
        expect(parseQuery(next), next).toMatchObject({ ok: true });
        expect(next.slice(0, caret)).toContain(insert);
      }
    }
    expect(taking("tag:ro kind:lock", typed("tag:ro| kind:lock"), "roof", true)).toEqual(["tag:roof kind:lock", 8]);
    expect(taking("fi", typed("fi|"), "firmware:", false)).toEqual(["firmware:", 9]);
    expect(taking("firmware:1", typed("firmware:1|"), '"1.4 beta, old"', true)[0]).toBe('firmware:"1.4 beta, old" ');
  });
});
