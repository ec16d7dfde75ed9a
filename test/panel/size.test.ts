/** How much script a browser loads before it shows anything: of the panel as it is built. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { firstLoadOf, importsOf, isBuilt, scriptsOf } from "../../bench/panel/first_load.ts";

const BUILT = fileURLToPath(new URL("../../dist/panel", import.meta.url));
const MOST = 200_000;

describe("the first load", () => {
  it.skipIf(!isBuilt(BUILT))("is at most 200 KB of script, compressed", () => {
    const { files, bytes } = firstLoadOf(BUILT);
    console.log(`The panel's first load: ${(bytes / 1000).toFixed(1)} KB of script in ${files.length} files`);
    // What counted nothing would be small, too.
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(MOST);
  });

  it.skipIf(!isBuilt(BUILT))("has what the page is told to have ready, and nothing that draws charts or maps", () => {
    const { files } = firstLoadOf(BUILT);
    expect(files).toEqual(expect.arrayContaining(scriptsOf(readFileSync(`${BUILT}/index.html`, "utf8"))));
    expect(files.filter((file) => /^assets\/(?:plot|palette|map|tracker|snippets|worker)-/.test(file))).toEqual([]);
  });

  it("counts what is imported at once, and not what may come later", () => {
    expect(importsOf('import{a as b}from"./one-x_1.js";import"./two.js";const later=()=>import("./three.js");'))
      .toEqual(["one-x_1.js", "two.js"]);
    expect(importsOf("export{t as n}from'./four.js';const from='./five.js'")).toEqual(["four.js"]);
    expect(
      scriptsOf('<link rel="modulepreload" crossorigin href="/assets/a.js"><link href="/a.css"><script src="/b.js">'),
    )
      .toEqual(["assets/a.js", "b.js"]);
  });
});
