/** What a screen says to a person stands in `words/`, where a translator finds it; components only place it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseSync } from "vite";

const PANEL = new URL("../../src/panel/", import.meta.url);

/** Attributes whose texts no person reads. */
const UNREAD =
  /^(accept|aria-(describedby|controls|current|keyshortcuts|labelledby|live)|class(Name)?|d|data-.*|fill|from|height|href|html?For|id|inputMode|key|name|points|rel|role|src|stroke.*|style|target|to|transform|type|viewBox|width)$/i;

/** Two words after another, or a word with a capital: a sentence or a label. */
const READS = /\p{L}{2,}[,.:;]? \p{L}|^[ “]*\p{Lu}\p{Ll}/u;

/** Texts that are for a machine: keys of a keyboard, modules' exports, selectors, zones, programs. */
const NAMES =
  /^(Arrow|Page)?(Up|Down|Left|Right)$|^(Enter|Escape|Tab|Home|End|Space|Backspace|Delete)$|^Etc\/|Screen$|Tab$|^(color-mix\(|curl |deno task |main input)/;

interface Node {
  type: string;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** What a file says by itself. */
export function saidIn(source: string, file = "a.tsx"): string[] {
  const { program, errors } = parseSync(file, source, { lang: "tsx" });
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const said: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (!isNode(value)) return;
    if (value.type === "ImportDeclaration" || /^TS(?!As|NonNull|Satisfies|Instantiation)/.test(value.type)) return;
    if (value.type === "JSXAttribute" && UNREAD.test(nameOf(value.name))) return;
    // A default of such an attribute.
    if (value.type === "AssignmentPattern" && isNode(value.left) && UNREAD.test(nameOf(value.left))) return;
    const text = textOf(value);
    if (text !== null) {
      if (value.type === "JSXText" ? /\p{L}{2}/u.test(text) : READS.test(text) && !NAMES.test(text)) {
        said.push(text.trim().replace(/\s+/g, " "));
      }
      return;
    }
    for (const [key, part] of Object.entries(value)) if (key !== "type") look(part);
  };
  look(program.body);
  return said;
}

const nameOf = (name: unknown): string => isNode(name) && typeof name.name === "string" ? name.name : "";

function textOf(node: Node): string | null {
  if (node.type === "JSXText" || node.type === "Literal") return typeof node.value === "string" ? node.value : null;
  if (node.type !== "TemplateElement") return null;
  return (node.value as { cooked: string }).cooked;
}

const files = (readdirSync(PANEL, { recursive: true }) as string[]).filter((name) => name.endsWith(".tsx")).sort();

test("no component says anything by itself", () => {
  const said = files.flatMap((name) =>
    saidIn(readFileSync(new URL(name, PANEL), "utf8"), name).map((text) => `${name}: ${text}`)
  );
  expect(files.length).toBeGreaterThan(50);
  expect(said).toEqual([]);
});

test("what would be said by itself is noticed, wherever it stands", () => {
  expect(saidIn("export const A = () => <p>Not connected.</p>;")).toEqual(["Not connected."]);
  expect(saidIn('export const A = () => <a aria-label="Close" className="Not read" />;')).toEqual(["Close"]);
  expect(saidIn("export const A = (n: number) => tell(`The token ${n} was deleted.`);")).toEqual([
    "The token",
    "was deleted.",
  ]);
  expect(saidIn('export const A = ({ key }) => key === "ArrowUp" && <b>{WORDS.up}</b>;')).toEqual([]);
});
