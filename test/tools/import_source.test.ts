/** The written file: the same kind as the one made at run time, formed as the formatter has it, with types that hold. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import { importKinds } from "../../src/tools/import/cli.ts";
import { Misuse } from "../../src/tools/run.ts";
import { kindFrom } from "../../src/tools/import/kind_from.ts";
import { fileModels } from "../../src/tools/import/models.ts";
import { print } from "../../src/tools/import/printed.ts";
import { sourceOf } from "../../src/tools/import/source.ts";

const ROOT = resolve(import.meta.dirname!, "../..");
const MODELS = join(import.meta.dirname!, "models");
let folder: string;
beforeAll(() => {
  // Inside the repository, where the files find what they import.
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  folder = mkdtempSync(join(ROOT, "dist/import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const drafts = () =>
  fileModels(MODELS).models.flatMap(({ imported }) =>
    imported.ok ? [{ name: imported.draft.name, draft: imported.draft }] : []
  );

const plain = (document: KindDocument) => JSON.parse(JSON.stringify(document));

describe("the source", () => {
  it("sees every model", () => expect(drafts().length).toBe(readdirSync(MODELS).length));

  it.each(drafts())("[K1] of $name is the kind that is made at run time", async ({ name, draft }) => {
    const path = join(folder, `${name}.ts`);
    writeFileSync(path, sourceOf(draft, "../../src/kind"));
    const { default: written } = await import(/* @vite-ignore */ pathToFileURL(path).href);
    expect(plain(kindDocument(written))).toEqual(plain(kindDocument(kindFrom(draft))));
  });

  it("passes the types, the linter and the formatter as it stands", async () => {
    const files = drafts().map(({ name, draft }) => {
      const path = join(folder, `checked-${name}.ts`);
      writeFileSync(path, sourceOf(draft, "../../src/kind"));
      return path;
    });
    const deno = async (...args: string[]) => {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stderr: "piped" })
        .output();
      expect(success, new TextDecoder().decode(stderr)).toBe(true);
    };
    await deno("check", "-q", ...files);
    // The project leaves out dist, where these are.
    await deno("lint", "-q", "--no-config", "--rules-exclude=no-import-prefix", ...files);
    await deno("fmt", "-q", "--check", "--no-config", "--line-width", "120", ...files);
  }, 120_000);

  it("reads as a person would write it", () => {
    const text = sourceOf(drafts().find(({ name }) => name === "example-works-bolt")!.draft);
    expect(text).toBe(readFileSync(join(MODELS, "../bolt.kind.txt"), "utf8"));
  });

  it("a comment cannot be ended by what somebody else wrote", () => {
    const [{ draft }] = drafts();
    const [, code] = sourceOf({ ...draft, title: "a */ evil()" }).split("*/");
    expect(code).toMatch(/^\nimport /);
  });

  it("what fits stays on its line, what does not has each part on its own", () => {
    const parts = (width: number) => ["a".repeat(width), "b".repeat(width)];
    expect(print({ open: "f(", parts: parts(50), close: ")" })).not.toContain("\n");
    expect(print({ open: "f({", parts: parts(60), close: "})" })).toBe(`f({\n  ${parts(60).join(",\n  ")},\n})`);
  });
});

describe("deno task kinds:import", () => {
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const code = await importKinds(args, (line) => said.push(line));
    return { code, said: said.join("\n") };
  };
  const model = (name: string) => join(MODELS, name);

  it("writes a file once, and never over another", async () => {
    const out = join(folder, "mine.ts");
    const first = await run(model("bulb.json"), "--out", out, "--name", "hall-lamp");
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining("mine.ts is the kind hall-lamp") });
    const text = readFileSync(out, "utf8");
    expect(text).toContain('name: "hall-lamp"');
    const second = await run(model("bolt.json"), "--out", out);
    expect(second).toMatchObject({ code: 1, said: expect.stringContaining("is there already and is left as it is") });
    expect(readFileSync(out, "utf8")).toBe(text);
  });

  it("says what it left out, and why it refuses", async () => {
    const odd = await run(model("odd.json"), "--out", join(folder, "odd.ts"));
    expect(odd.said).toContain("left out: nothing: it is a choice without values");
    const mute = await run(model("remote.json"), "--model", "MUTE");
    expect(mute).toEqual({
      code: 1,
      said: "MUTE does not become a kind: it exposes nothing: there is nothing to see and nothing to set.",
    });
  });

  it("prints the document, and nothing beside it", async () => {
    const { said } = await run(model("odd.json"), "--json");
    expect(JSON.parse(said)).toMatchObject({ kind: "example-works-odd", version: 1 });
  });

  it("writes all of a folder", async () => {
    const out = join(folder, "all");
    const { code } = await run(MODELS, "--all", "--out", out);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(drafts().map(({ name }) => `${name}.ts`).sort());
  });

  it("reports how many import", async () => {
    const { code, said } = await run(MODELS, "--report");
    expect(code).toBe(0);
    expect(said).toMatch(/: 9 models\n +5 {2}55\.6 % {2}import whole\n +3 {2}.*left out\n +1 {2}.*refused\n +0 /);
    expect(said).toContain("1  it is a choice without values (ODD, nothing)");
    expect(said).toContain("1  it exposes nothing: there is nothing to see and nothing to set (MUTE)");
  });

  it.each([
    [[], "Give one file"],
    [["nowhere.json"], "There is no nowhere.json."],
    [["--zigbee", MODELS], "has no zigbee-herdsman-converters: npm install it there."],
    [[join(MODELS, "remote.json")], "has 2 models: choose one with --model, or --all."],
    [[join(MODELS, "bulb.json"), "--model", "x"], "has no model x."],
    [[join(MODELS, "bulb.json"), "--name", "Hall Lamp"], "--name names one kind"],
    [[MODELS, "--all"], "--all writes many files: give their folder with --out."],
    [["--colour"], "--colour"],
  ])("a wrong use %j is told in a sentence", async (args, sentence) => {
    await expect(importKinds(args)).rejects.toThrow(Misuse);
    await expect(importKinds(args)).rejects.toThrow(sentence);
  });
});
