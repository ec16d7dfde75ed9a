/** The laws of the panel in README.md: all eight are there, and each is seen in a real browser by tests that exist. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

interface Law {
  law: string;
  sentence: string;
  tests: { file: string; title: string }[];
}

const laws: Law[] = textOf("README.md").split("\n").filter((line) => /^\| A2\.\d \|/.test(line)).map((line) => {
  const [law, sentence, shown] = line.slice(2, -2).split(" | ");
  let file = "";
  const tests = [...shown.matchAll(/`([^`]+)`|"([^"]+)"/g)].flatMap(([, named, title]) => {
    if (named) file = named;
    return title ? [{ file, title }] : [];
  });
  return { law, sentence, tests };
});

/** Titles of tests that have a browser, by their file. */
const titles = new Map(
  readdirSync(new URL("panel", import.meta.url)).filter((name) => /^browser.*\.test\.ts$/.test(name)).map((name) => {
    const found = textOf(`panel/${name}`).matchAll(/\btest(?:\.each\([^)]*\))?\(\s*(["'`])(.+?)\1,/gs);
    return [`panel/${name}`, [...found].map(([, , title]) => title)];
  }),
);

/** The numbers that a title begins with: `[A2.1, C9] …`. */
const numbersOf = (title: string) => title.match(/^\[([^\]]+)\]/)?.[1].split(", ") ?? [];

describe("the laws of the panel", () => {
  it("are all there, once each", () => {
    expect(laws.map(({ law }) => law)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `A2.${n}`));
    expect([...titles.values()].flat().length).toBeGreaterThan(50);
  });

  it.each(laws)("$law: $sentence", ({ law, tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, title } of tests) {
      expect(titles.get(file), `${file} is no file of browser tests`).toBeDefined();
      expect(titles.get(file)).toContain(title);
      expect(numbersOf(title), title).toContain(law);
    }
  });

  it("have no other number in a title", () => {
    const used = [...titles.values()].flat().flatMap(numbersOf).filter((number) => number.startsWith("A2."));
    expect([...new Set(used)].sort()).toEqual(laws.map(({ law }) => law));
  });
});
