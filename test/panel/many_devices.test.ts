import { describe, expect, it } from "vitest";
import { csvOf, readCsv } from "../../src/panel/form/csv.ts";
import { type Plan, planOf } from "../../src/panel/form/many_devices.ts";

const KINDS = new Set(["relay", "lock"]);
const rowsOf = (text: string) => {
  const plan: Plan = planOf(text, KINDS);
  if ("problem" in plan) throw new Error(plan.problem);
  return plan.rows;
};

describe("a table of devices", () => {
  it("is read as spreadsheets write it: quotes, line ends, semicolons, tabs, a mark before it", () => {
    const cells = (text: string) => readCsv(text).map(({ cells }) => cells);
    expect(cells('a,b\r\n"one, ""two""\nthree",\r\n\r\n')).toEqual([["a", "b"], ['one, "two"\nthree', ""]]);
    expect(cells("\uFEFFa;b\n1,5;2")).toEqual([["a", "b"], ["1,5", "2"]]);
    expect(cells("a\tb\nx y\t z ")).toEqual([["a", "b"], ["x y", "z"]]);
    expect(readCsv('a,b\n"1\n2",3\n4,5').map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it("written and read again is the same, and no cell is a formula to a spreadsheet", () => {
    const rows = [["id", "name"], ["a", 'Door "2", left\n'], ["b", " "]];
    expect(readCsv(csvOf(rows)).map(({ cells }) => cells)).toEqual(rows.map((row) => row.map((cell) => cell.trim())));
    expect(csvOf([["=1+1", "plain"]])).toBe("'=1+1,plain\r\n");
  });

  it("has its columns in any order; an id that is missing is made of the name", () => {
    expect(rowsOf("Kind,NAME,Tags\nrelay,Main door,roof floor-2")).toEqual([{
      line: 2,
      draft: { name: "Main door", id: "main-door", kind: "relay", tags: "roof floor-2" },
      problem: null,
    }]);
  });

  it("says of each line what is wrong with it, and goes on with the others", () => {
    const rows = rowsOf("id,kind,tags\na,relay,\na,lock,\nb,toaster,\nb c,relay,\nd,,\ne,relay,-x");
    expect(rows.map(({ problem }) => problem)).toEqual([
      null,
      "The id a is in line 2 already.",
      "This hub has no kind toaster.",
      "An id has no spaces.",
      "Choose what kind of device it is.",
      "“-x” cannot be a tag: it begins with a letter or digit, and has only those and . _ : - in it.",
    ]);
  });

  it("that is none is told so as a whole", () => {
    for (const text of ["", "\n\n", "name,tags\nx,y", "id,kind\n"]) {
      expect(planOf(text, KINDS)).toHaveProperty("problem");
    }
    const long = `id,kind\n${Array.from({ length: 2_001 }, (_, at) => `d${at},relay`).join("\n")}`;
    expect(planOf(long, KINDS)).toEqual({ problem: "These are 2001 lines; 2000 at most are added in one go." });
  });
});
