/** What may import what, and what the core may not know. The table is the one in src/README.md. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname!, "..");

/** Read from the map, so that the map cannot lie. */
const ALLOWED = new Map(
  [
    ...readFileSync(join(ROOT, "src/README.md"), "utf8").split("## Who may import whom")[1].matchAll(
      /^\| `([\w/.]+)` \| (.+?) \| (.+?) \|$/gm,
    ),
  ]
    .map(([, part, imports, packages]) => [part, { imports: words(imports), packages: words(packages) }]),
);

function words(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
}

const SOURCES = ["src", "devices"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path)).map((path) => join(folder, path))
);

/** `src/hub/turn.ts` → `hub`; `src/app.ts` → `app`; `devices/lock.ts` → `devices`. */
const partOf = (path: string) => path.startsWith("devices") ? "devices" : path.split("/")[1].replace(/\.ts$/, "");

const text = (path: string) => readFileSync(join(ROOT, path), "utf8");
const importsOf = (path: string) =>
  [...text(path).matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)/g)].map((
    [, one, other],
  ) => one ?? other);

/** Those of one part that it takes more than types from: with a circle among them nobody knows whose code runs first. */
const needsOf = (path: string) =>
  [...text(path).matchAll(/^(?:import|export)\s+(?!type\b)([^;"]*?)\s?(?:from\s+)?"(\.[^"]+)"/gm)]
    .filter(([, names]) => !/^\{(?:\s*type\s[^,}]+,?)*\s*\}$/.test(names))
    .map(([, , specifier]) => relative(ROOT, resolve(ROOT, dirname(path), specifier)));

/** The way around, where there is one. */
function circleIn(paths: readonly string[], needs: (path: string) => readonly string[]): string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const goes = (path: string): string[] | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return null;
    way.push(path);
    for (const next of needs(path)) {
      const circle = paths.includes(next) ? goes(next) : null;
      if (circle) return circle;
    }
    way.pop();
    done.add(path);
    return null;
  };
  for (const path of paths) {
    const circle = goes(path);
    if (circle) return circle;
  }
  return null;
}

describe("layers", () => {
  it("no file needs one that needs it, but for types", () => {
    expect(circleIn(SOURCES, needsOf)).toBeNull();
    expect(SOURCES.flatMap(needsOf).length).toBeGreaterThan(1_000);
  });

  it("the check itself sees a circle", () => {
    const needs: Record<string, string[]> = { a: ["b", "c"], b: ["d"], c: ["d"], d: ["b"] };
    expect(circleIn(Object.keys(needs), (path) => needs[path])).toEqual(["b", "d", "b"]);
    expect(circleIn(["a", "c", "d"], (path) => needs[path])).toBeNull();
  });

  it("the table names every part", () => {
    expect([...ALLOWED.keys()].sort()).toEqual([...new Set(SOURCES.map(partOf))].sort());
    expect(SOURCES.length).toBeGreaterThan(50);
  });

  it.each(SOURCES)("%s imports only what its part may", (path) => {
    const { imports, packages } = ALLOWED.get(partOf(path))!;
    for (const specifier of importsOf(path)) {
      if (specifier.endsWith("/package.json")) expect(partOf(path)).toBe("platform");
      else if (specifier.startsWith(".")) {
        const target = partOf(relative(ROOT, resolve(ROOT, dirname(path), specifier)));
        if (target !== partOf(path)) expect(imports, `${path} imports ${specifier}`).toContain(target);
      } else {
        const name = specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : specifier.split("/")[0];
        expect(packages, `${path} imports ${specifier}`).toContain(name);
      }
    }
  });

  const FORBIDDEN =
    /\b(async|await|Promise|setTimeout|setInterval|queueMicrotask|fetch|console|Deno|process|performance|globalThis|eval|WebSocket|crypto)\b(?!\s*:)|Date\.now|new Date\b|Math\.random/;
  const CORE = SOURCES.filter((path) =>
    ["hub", "kind", "mqtt", "protocol"].includes(partOf(path)) && !path.endsWith("behaviour.ts")
  );

  it("sees the core whole", () => expect(CORE.length).toBeGreaterThan(40));

  it.each(CORE)("%s has no promise, clock, randomness or I/O", (path) => {
    const code = text(path).replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gm, '""');
    const found = FORBIDDEN.exec(code);
    expect(found && `${found[0]} in ${code.slice(Math.max(0, found.index - 40), found.index + 40)}`).toBeNull();
  });

  it("the check itself sees what is forbidden", () => {
    for (
      const line of [
        "await x",
        "Date.now()",
        "new Date()",
        "Math.random()",
        "setTimeout(f)",
        "fetch(u)",
        "crypto.subtle",
      ]
    ) expect(FORBIDDEN.test(line)).toBe(true);
  });
});
