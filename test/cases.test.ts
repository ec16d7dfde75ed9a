/** CASES.md tells the truth: every case of commands is there, and every test that it names exists. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const fileOf = (path: string) => new URL(path, import.meta.url);
const rows = readFileSync(fileOf("CASES.md"), "utf8").split("\n").filter((line) => /^\| \d+ \|/.test(line)).map(
  (line) => {
    const [number, stimulus, outcome, shown] = line.slice(2, -2).split(" | ");
    const tests = [...shown.matchAll(/`([^`]+)` "([^"]+)"/g)].map(([, file, title]) => ({ file, title }));
    return { number: Number(number), stimulus, outcome, tests };
  },
);

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
/** Those that concern commands, and the bridge. */
const CASES = [...range(1, 8), 15, 16, 24, 25, 26, 28, ...range(33, 55), 60, ...range(64, 68), 71];

describe("the cases of commands", () => {
  it("are all there, once each", () => {
    expect(rows.map(({ number }) => number)).toEqual(CASES);
  });

  it.each(rows)("$number: $stimulus", ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, title } of tests) {
      expect(existsSync(fileOf(file)), file).toBe(true);
      const quoted = [`"${title}"`, `\`${title}\``];
      const text = readFileSync(fileOf(file), "utf8");
      expect(quoted.some((one) => text.includes(one)), `${file} has no test ${title}`).toBe(true);
    }
  });
});
