import { describe, expect, it } from "vitest";
import { parseQuery } from "../../src/protocol/query.ts";
import { retagged, tagsIn } from "../../src/panel/form/tags.ts";
import { movedBetween } from "../../src/panel/live/moved.ts";
import { lineWith } from "../../src/panel/live/rings.ts";
import { badTermIn, spanOf, withoutTerm } from "../../src/panel/live/query_terms.ts";
import {
  type Chosen,
  isChosen,
  MOST_CHOSEN,
  NOBODY,
  queriesOf,
  rangeOf,
  sizeOf,
  withChosen,
} from "../../src/panel/live/selection.ts";
import {
  cardColumns,
  columnsIn,
  columnsText,
  FIRST_COLUMNS,
  gridOf,
  shownColumns,
  toggled,
} from "../../src/panel/screens/devices/columns.ts";

const ids = (count: number, name = "sensor") => Array.from({ length: count }, (_, n) => `${name}-${n}`);
const all = (...except: string[]): Chosen => ({ isAll: true, ids: new Set(except) });

describe("[A4] the chosen devices", () => {
  it("are those that were chosen, or all but those that were not", () => {
    const some = withChosen(NOBODY, ["fan", "lamp"], true);
    expect([isChosen(some, "fan"), isChosen(some, "pump"), sizeOf(some, 847)]).toEqual([true, false, 2]);
    const most = withChosen(all(), ["fan"], false);
    expect([isChosen(most, "fan"), isChosen(most, "pump"), sizeOf(most, 847)]).toEqual([false, true, 846]);
    expect(withChosen(most, ["fan"], true)).toEqual(all());
  });

  it("are never more than can be sent: then it stays as it was", () => {
    const full = withChosen(NOBODY, ids(MOST_CHOSEN), true);
    expect(full.ids.size).toBe(MOST_CHOSEN);
    expect(withChosen(full, ["one-more"], true)).toBe(full);
    const most = all();
    expect(withChosen(most, ids(200), false)).toBe(most);
  });

  it("[O10] are found by queries of which each fits, every one of them once", () => {
    const chosen = withChosen(NOBODY, ids(500, "x".repeat(50)), true);
    const queries = queriesOf(chosen, "kind:lock");
    expect(queries.length).toBeGreaterThan(30);
    for (const query of queries) {
      expect(query.length).toBeLessThanOrEqual(900);
      expect(parseQuery(query).ok).toBe(true);
    }
    expect(queries.flatMap((query) => query.slice(3).split(","))).toEqual([...chosen.ids]);
    expect(queriesOf(all(), "kind:lock")).toEqual(["kind:lock"]);
    expect(queriesOf(all("fan", "lamp"), "kind:lock")).toEqual(["kind:lock -id:fan,lamp"]);
    expect(queriesOf(all("fan"), "")).toEqual(["-id:fan"]);
  });

  it("a range goes from where one was chosen last, either way; not to where nothing is known", () => {
    const order = ["a", "b", "c", "d"];
    expect(rangeOf(order, "a", "c")).toEqual(["a", "b", "c"]);
    expect(rangeOf(order, "d", "b")).toEqual(["b", "c", "d"]);
    expect(rangeOf(order, null, "b")).toEqual(["b"]);
    expect(rangeOf(order, "z", "b")).toBeNull();
  });
});

describe("[A2.7] how many rows would move", () => {
  it.each([
    [["a", "b", "c"], ["a", "b", "c"], 0],
    [["a", "b", "c"], ["c", "a", "b"], 1],
    [["a", "b", "c"], ["c", "b", "a"], 2],
    [["a", "b", "c"], ["x", "a", "b"], 1],
    [["a", "b", "c"], ["a", "c"], 1],
    [["a", "b"], ["x", "y", "b", "a"], 3],
    [[], ["a"], 1],
  ])("from %j to %j: %i", (shown, next, moved) => expect(movedBetween(shown, next)).toBe(moved));
});

describe("[A2.4] the terms of a query one by one", () => {
  it("one is taken away, the others stay as they were typed", () => {
    expect(withoutTerm('lamp "main  door"  tag:hall', 1)).toBe("lamp tag:hall");
  });

  it("the wrong one is known by what the hub says of it", () => {
    for (const query of ["lamp colour:red -tag:hall", "lamp temperature>warm", "lamp status:away", "lamp -seen:soon"]) {
      const read = parseQuery(query, "query");
      if (read.ok) throw new Error(`${query} is fine`);
      const { at, why } = badTermIn(query, read.fault.message);
      expect(at, query).toBe(1);
      expect(read.fault.message).toContain(`: ${why}`);
    }
    expect(badTermIn('lamp "main', 'query: "main: the quote is not closed').at).toBe(-1);
    expect(spanOf("  lamp   colour:red", 1)).toEqual([9, 19]);
  });
});

describe("[A2.8] columns in an address", () => {
  it("say nothing where they are the usual ones, and come back as they were", () => {
    expect(columnsText(FIRST_COLUMNS)).toBeUndefined();
    expect(columnsIn(undefined)).toEqual(FIRST_COLUMNS);
    for (const columns of [["kind", "temperature", "seen"], [], ["values"]]) {
      expect(columnsIn(columnsText(columns))).toEqual(columns);
    }
    expect(columnsIn("kind,kind,<b>,seen")).toEqual(["kind", "seen"]);
  });

  it("one more stands where it belongs, a field before when it was heard of", () => {
    expect(toggled(["kind", "seen"], "temperature")).toEqual(["kind", "temperature", "seen"]);
    expect(toggled(["kind", "temperature", "seen"], "tags")).toEqual(["kind", "tags", "temperature", "seen"]);
    expect(toggled(["kind", "seen"], "kind")).toEqual(["seen"]);
  });

  it("a card has values, whichever are wanted on a desk", () => {
    expect(cardColumns(["kind", "tags"])).toContain("values");
    expect(cardColumns(["kind", "temperature"])).toEqual(["kind", "temperature"]);
    expect(cardColumns(FIRST_COLUMNS)).toEqual(FIRST_COLUMNS);
  });

  it("[A2.5] the usual ones have room on an ordinary screen", () => {
    expect(gridOf(FIRST_COLUMNS, "wide").least).toBeLessThanOrEqual(1360 - 184 - 16);
    const least = (room: "middling" | "tight") => gridOf(shownColumns(FIRST_COLUMNS, room), room).least;
    expect(least("middling")).toBeLessThanOrEqual(1100 - 184 - 16);
    expect(least("tight")).toBeLessThanOrEqual(768 - 16);
  });
});

describe("the line of a value in its row", () => {
  it("is drawn from the second value on, once each, and breaks where nothing was seen", () => {
    expect(lineWith("lamp", "power", 5, 1_000, 60_000)).toBe("");
    const line = lineWith("lamp", "power", 7, 11_000, 60_000);
    expect(line).toMatch(/^M0 [\d.]+L44 [\d.]+$/);
    expect(lineWith("lamp", "power", 7, 11_000, 60_000)).toBe(line);
    expect(lineWith("lamp", "energy", 7, 11_000, 60_000)).toBe("");
    expect(lineWith("lamp", "power", 6, 91_000, 60_000).match(/M/g)).toHaveLength(2);
    expect(lineWith("lamp", "power", 6, 900_000, 60_000)).toBe("");
  });

  it("has the same minutes of a fast device as of a slow one, and moves when somebody could see it", () => {
    const lines = Array.from(
      { length: 1_200 },
      (_, index) => lineWith("gauge", "rpm", index % 7, index * 250, 60_000),
    );
    // Five minutes at four a second.
    expect(lines.at(-1)!.match(/[ML]/g)!.length).toBeGreaterThan(40);
    expect(new Set(lines).size).toBeLessThan(400);
    // What is stale after two seconds has points that are closer.
    const quick = Array.from({ length: 40 }, (_, index) => lineWith("stick", "x", index, index * 500, 2_000));
    expect(quick.at(-1)!.match(/M/g)).toHaveLength(1);
  });

  it("has an end, and so have the rows that are remembered", () => {
    for (let at = 0; at < 200; at++) lineWith("pump", "flow", at, at * 1_000, 60_000);
    expect(lineWith("pump", "flow", 0, 200_000, 60_000).match(/[ML]/g)!.length).toBeLessThanOrEqual(48);
    for (const id of ids(400)) lineWith(id, "flow", 1, 1_000, 60_000);
    expect(lineWith("pump", "flow", 1, 201_000, 60_000)).toBe("");
  });
});

describe("tags of many", () => {
  it("more and less, each once, and nothing where nothing changes", () => {
    expect(tagsIn(" hall,  roof hall ")).toEqual(["hall", "roof"]);
    expect(retagged(["hall"], ["roof", "hall"], [])).toEqual(["hall", "roof"]);
    expect(retagged(["hall", "roof"], ["attic"], ["roof"])).toEqual(["hall", "attic"]);
    expect(retagged(["hall"], ["hall"], ["roof"])).toBeNull();
  });
});
