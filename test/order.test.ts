/** Who is to begin first is there: a file that was moved is moved in the list, too. */
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { LONGEST } from "./order.ts";

it("the longest test files are files, each once", () => {
  expect(LONGEST.filter((path) => !existsSync(new URL(path, import.meta.url)))).toEqual([]);
  expect(new Set(LONGEST).size).toBe(LONGEST.length);
});
