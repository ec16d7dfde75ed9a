/** A draft as the file that a person goes on with. */
import type { Annotations } from "../../kind/field.ts";
import type { CommandDraft, Draft } from "./draft.ts";
import { call, list, object, type Piece, prefixed, print, suffixed } from "./printed.ts";
import { bounds, type Member, type Members, type Shape } from "./shape.ts";
import { QUANTITIES } from "./units.ts";

/** `kind` is where the vocabulary lies, seen from the file. */
export function sourceOf(draft: Draft, kind = "../src/kind"): string {
  const fields = (shapes: Record<string, Shape>): [string, Piece][] =>
    Object.entries(shapes).map(([name, shape]) => [name, pieceOf(shape)]);
  const hasSettable = Object.keys(draft.settable).length > 0;
  const { name, title, description, icon, stale } = draft;
  const body = object([
    ["name", quoted(name)],
    ["version", "1"],
    ["title", quoted(title)],
    ...said("description", description),
    ...said("icon", icon),
    ...(stale === undefined ? [] : [["stale", grouped(stale)] as [string, Piece]]),
    ["telemetry", object(fields(draft.telemetry))],
    ["state", state(draft, fields, hasSettable)],
    ...(Object.keys(draft.events).length > 0
      ? [["events", object(entriesOf(draft.events, (members) => call("z.strictObject", membersPiece(members))))]] as [
        string,
        Piece,
      ][]
      : []),
    ["commands", commands(draft, hasSettable)],
  ]);
  const settable = hasSettable
    ? `/** What can be wanted and set, each by a command of its own. */\n${
      broken("const settable = ", object(fields(draft.settable)), ";")
    }\n\n`
    : "";
  const code = `${settable}${broken("export default defineKind(", body, ");")}\n`;
  return `${headOf(draft)}${importsOf(code, kind)}\n${code}`;
}

function headOf(draft: Draft): string {
  const { title, origin, renamed, leftOut } = draft;
  const lines = [`${title}, imported from ${origin}.`];
  const names = [...Object.entries(renamed), ...renamedMembers(draft)]
    .map(([ours, theirs]) => `\`${ours}\` is \`${theirs}\``);
  if (names.length > 0) lines.push(`There ${names.join(", ")}.`);
  for (const { feature, why } of leftOut) lines.push(`Left out: ${feature}: ${why}.`);
  const safe = lines.flatMap(wrapped).map((line) => line.replaceAll("*/", "*∕"));
  return safe.length === 1 ? `/** ${safe[0]} */\n` : `/**\n${safe.map((line) => ` * ${line}\n`).join("")} */\n`;
}

function renamedMembers({ commands, events }: Draft): [string, string][] {
  const owners = [
    ...Object.entries(commands).map(([name, { params }]) => [name, params] as const),
    ...Object.entries(events),
  ];
  return owners.flatMap(([owner, members]) =>
    Object.entries(members).flatMap(([name, { theirs }]): [string, string][] =>
      theirs ? [[`${owner}.${name}`, theirs]] : []
    )
  );
}

const wrapped = (text: string): string[] => text.match(/\S.{0,115}(?=\s|$)|\S{116,}/g) ?? [];

/** Which file each word of the vocabulary is in. */
const HOME: Record<string, readonly string[]> = {
  "field.ts": ["annotate", "flag", "oneOf", "quantity", "text"],
  "quantities.ts": QUANTITIES.map(({ helper }) => helper),
  "setters.ts": ["allDesirable", "setters"],
  "kind.ts": ["defineKind"],
};

function importsOf(code: string, kind: string): string {
  const bare = code.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  const used = new Set([...bare.matchAll(/(?<![\w)]\.)\b(\w+)[(.]/g)].map(([, word]) => word));
  const lines = Object.entries(HOME).map(([file, words]) => {
    const needed = words.filter((word) => used.has(word)).sort();
    return needed.length === 0 ? "" : `${
      print({
        open: "import {",
        parts: needed,
        close: `} from "${kind}/${file}";`,
      })
    }\n`;
  });
  return `${used.has("z") ? `import { z } from "zod";\n` : ""}${lines.join("")}`;
}

type Fields = (shapes: Record<string, Shape>) => [string, Piece][];

function state(draft: Draft, fields: Fields, hasSettable: boolean): Piece {
  const wanted = fields(draft.wanted);
  const reported = fields(draft.reported);
  return spread([
    ...(hasSettable ? ["...allDesirable(settable)"] : []),
    ...(wanted.length > 0 ? [prefixed("...", call("allDesirable", object(wanted)))] : []),
    ...reported.map(([name, piece]) => prefixed(`${name}: `, piece)),
  ]);
}

const commands = (draft: Draft, hasSettable: boolean): Piece =>
  spread([
    ...(hasSettable ? ["...setters(settable)"] : []),
    ...entriesOf(draft.commands, commandPiece).map(([name, piece]) => prefixed(`${name}: `, piece)),
  ]);

function spread(parts: Piece[]): Piece {
  const [only] = parts;
  if (parts.length === 0) return "{}";
  return parts.length === 1 && typeof only === "string" && only.startsWith("...")
    ? only.slice(3)
    : { open: "{", parts, close: "}" };
}

function commandPiece({ title, description, effect, danger, params, result, confirms }: CommandDraft): Piece {
  return object([
    ...said("title", title),
    ...said("description", description),
    ["effect", quoted(effect)],
    ...said("danger", danger),
    ...(Object.keys(params).length > 0 ? [["params", call("z.object", membersPiece(params))] as [string, Piece]] : []),
    ...(result ? [["result", pieceOf(result)] as [string, Piece]] : []),
    ...(confirms ? [["confirms", literal(confirms)] as [string, Piece]] : []),
  ]);
}

const membersPiece = (members: Members): Piece => object(entriesOf(members, memberPiece));

const memberPiece = ({ shape, isOptional }: Member): Piece =>
  isOptional ? suffixed(pieceOf(shape), ".optional()") : pieceOf(shape);

function pieceOf(shape: Shape): Piece {
  const { annotations } = shape;
  switch (shape.type) {
    case "number":
      return shape.integer
        ? call(`z.int()${limits(shape)}.meta`, literal({ class: "gauge", ...annotations }))
        : quantityPiece({ ...bounds(shape), class: "gauge", ...annotations });
    case "flag":
      return call("flag", literal(annotations));
    case "choice":
      return call("oneOf", list(shape.values.map(quoted)), literal(annotations));
    case "text":
      if (shape.min) return call("annotate", `z.string()${limits(shape)}`, literal({ class: "state", ...annotations }));
      return call("text", literal({ ...annotations, ...(shape.max !== 64 && { max: shape.max }) }));
    case "list": {
      const array = call("z.array", pieceOf(shape.of));
      const limited = suffixed(array, limits({ min: shape.least, max: shape.most }));
      return call("annotate", limited, literal({ class: "state", ...annotations }));
    }
    case "object":
      return call("annotate", call("z.strictObject", membersPiece(shape.members)), literal(annotations));
  }
}

const limits = ({ min, max }: { min?: number; max?: number }) =>
  `${min === undefined ? "" : `.min(${grouped(min)})`}${max === undefined ? "" : `.max(${grouped(max)})`}`;

type Said = Annotations & { min?: number; max?: number };

/** By the helper that says most of it by itself, and nothing that is not so. */
function quantityPiece(said: Said): Piece {
  const entries = Object.entries(said);
  const own = (defaults: object) =>
    Object.fromEntries(entries.filter(([key, value]) => (defaults as Record<string, unknown>)[key] !== value));
  const [best] = QUANTITIES
    .filter(({ defaults }) => defaults.unit === said.unit && said.unit !== undefined)
    .filter(({ defaults }) => Object.keys(defaults).every((key) => Object.hasOwn(said, key)))
    .map(({ helper, defaults }) => ({ helper, rest: own(defaults) }))
    .sort((one, other) => Object.keys(one.rest).length - Object.keys(other.rest).length);
  return best ? call(best.helper, literal(best.rest)) : call("quantity", literal(own({ class: "gauge" })));
}

const ORDER = ["title", "description", "unit", "deviceClass", "class", "min", "max", "step", "precision"];

/** A plain object or value, its best known words first. */
function literal(value: unknown): Piece {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return grouped(value);
  if (Array.isArray(value)) return list(value.map(literal));
  if (typeof value !== "object" || value === null) return String(value);
  const rank = (key: string) => (ORDER.indexOf(key) + ORDER.length + 1) % (ORDER.length + 1);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return object(
    entries.sort(([one], [other]) => rank(one) - rank(other)).map(([key, part]) => [key, literal(part)]),
  );
}

/** 100_000, as a person writes it. */
function grouped(value: number): string {
  const text = String(value);
  return /^-?\d{5,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, "_") : text;
}

/** In the quotes that need fewer escapes, as the formatter has it. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.split('"').length <= text.split("'").length) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const said = (key: string, text: string | undefined): [string, Piece][] => text ? [[key, quoted(text)]] : [];

const entriesOf = <T>(from: Record<string, T>, piece: (value: T) => Piece): [string, Piece][] =>
  Object.entries(from).map(([name, value]) => [name, piece(value)]);

/** Over several lines, also where it would fit on one: the outermost braces of a file. */
function broken(before: string, piece: Piece, after: string): string {
  if (typeof piece === "string") return before + piece + after;
  const parts = piece.parts.map((part) => `  ${print(part, "  ", 2, 1)},\n`);
  return `${before}${piece.open}\n${parts.join("")}${piece.close}${after}`;
}
