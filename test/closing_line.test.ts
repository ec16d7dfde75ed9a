import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { ROOT } from "./runtime/launch.ts";
import { DENO, start } from "./support/process.ts";

const VITEST = `npm:vitest@${manifest.devDependencies.vitest}`;

/** What a run of these files prints at its end. */
async function endOf(files: Record<string, string>): Promise<{ lines: string[]; code: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-closing-"));
  try {
    const config = `import { ClosingLine } from ${JSON.stringify(join(ROOT, "test/closing_line.ts"))};
      export default { test: { globals: true, include: ["*.case.js"], reporters: ["default", new ClosingLine()] } };`;
    await writeFile(join(folder, "vitest.config.ts"), config);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.case.js`), text);
    const child = start(DENO, ["run", "-A", VITEST, "run", "--root", folder], { cwd: ROOT });
    const { code } = await child.ended;
    return { lines: child.out().trimEnd().split("\n"), code };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const GOOD = `test("one", () => {}); describe("more", () => test("two", () => {}));`;

test.concurrent("a run ends with its numbers, alone on the last line", async () => {
  const { lines, code } = await endOf({ good: GOOD });
  expect([code, lines.pop()]).toEqual([0, "2 passed, 0 failed"]);
});

test.concurrent("and with the reasons of what it skipped", async () => {
  const skipping =
    `for (const it of [1, 2]) test("moon " + it, ({ skip }) => skip("there is no moon")); test.skip("x");`;
  const { lines, code } = await endOf({ good: GOOD, skipping });
  expect(code).toBe(0);
  expect(lines.slice(-3)).toEqual(["", "skipped 2: there is no moon", "2 passed, 0 failed, 3 skipped"]);
});

test.concurrent("who did not pass at the first try is named, with what went wrong first", async () => {
  const late = `let tries = 0; test("moon", { retry: 1 }, () => { if (++tries < 2) throw new Error("no moon yet"); });`;
  const { lines, code } = await endOf({ good: GOOD, late });
  expect(code).toBe(0);
  expect(lines.slice(-2)).toEqual(["not at its first try: moon: no moon yet", "3 passed, 0 failed"]);
});

test.concurrent("a run that fails never says that nothing did", async () => {
  const bad = {
    "a test": `test("bad", () => { throw new Error("no"); });`,
    "a file": `import "./nowhere.js";`,
    "a hook": `describe("hooked", () => { beforeAll(() => { throw new Error("no"); }); test("in vain", () => {}); });`,
    "an error that nobody caught": `test("good", () => void setTimeout(() => { throw new Error("no"); }));`,
  };
  for (const [what, text] of Object.entries(bad)) {
    const { lines, code } = await endOf({ good: GOOD, bad: text });
    expect(code, what).toBe(1);
    expect(lines.pop(), what).toMatch(/^[23] passed, 1 failed(, 1 skipped)?$/);
  }
});
