/** What a saved view holds, as the address of the list says it [R18]. */
import { describe, expect, it } from "vitest";
import { newSavedView, type SavedView } from "../../src/protocol/saved_view.ts";
import { id } from "../../src/protocol/words.ts";
import {
  idFor,
  isSame,
  keptOf,
  mayChange,
  mayEnd,
  searchOf,
  type Seen,
  seenOf,
} from "../../src/panel/form/saved_view.ts";

const by = { id: "ann", name: "Ann" };
const VIEW: SavedView = { id: "cold", name: "Cold", query: "", shared: false, by, createdAt: 1, changedAt: 1 };

const SEEN: Seen[] = [
  { q: "", sort: "name", columns: undefined, layout: undefined },
  { q: "tag:cold temperature>5", sort: "-temperature", columns: "values,seen", layout: "cards" },
  { q: "", sort: "seen", columns: ",", layout: "table" },
];

describe("what is seen, kept", () => {
  it.each(SEEN)("[R18] %o is the same again, and the hub takes it", (seen) => {
    const kept = newSavedView.parse({ name: "Cold", ...keptOf(seen) });
    expect(seenOf(kept)).toEqual(seen);
    expect(isSame(seenOf(kept), seen)).toBe(true);
  });

  it("[R18] another search, order or column is a change, and nothing else is", () => {
    const [, seen] = SEEN;
    const changes = [{ q: "a" }, { sort: "seen" }, { columns: "values" }, { columns: undefined }, {
      layout: undefined,
    }];
    for (const change of changes) {
      expect(isSame(seen, { ...seen, ...change })).toBe(false);
    }
    expect(isSame(seen, { ...seen })).toBe(true);
  });

  it("[R18] a layout that this panel does not have is none", () => {
    expect(seenOf({ query: "", layout: "map" }).layout).toBeUndefined();
  });

  it("[R18] leads to an address without what goes without saying", () => {
    expect(searchOf(VIEW)).toEqual({ view: "cold" });
    expect(searchOf({ ...VIEW, query: "tag:a", sort: "-seen", columns: [], layout: "cards" })).toEqual({
      q: "tag:a",
      sort: "-seen",
      columns: ",",
      layout: "cards",
      view: "cold",
    });
  });
});

it.each([
  ["Cold rooms", /^cold-rooms-0123abcd$/],
  ["  Küche & Flur  ", /^kuche-flur-0123abcd$/],
  ["冷蔵", /^view-0123abcd$/],
  ["x".repeat(120), /^x{40}-0123abcd$/],
])("[F8] an id for %s", (name, is) => {
  const made = idFor(name, "0123abcd4567");
  expect(made).toMatch(is);
  expect(id.parse(made)).toBe(made);
});

it("[R18] who may change and end a view, as the hub decides it", () => {
  const may = (
    view: SavedView,
    id: string,
    role: "viewer" | "operator" | "admin",
  ) => [mayChange(view, { id, role }), mayEnd(view, { id, role })];
  const shared = { ...VIEW, shared: true };
  expect(may(VIEW, "ann", "viewer")).toEqual([true, true]);
  expect(may(shared, "bert", "viewer")).toEqual([false, false]);
  expect(may(shared, "bert", "operator")).toEqual([true, false]);
  expect(may(shared, "bert", "admin")).toEqual([true, true]);
});
