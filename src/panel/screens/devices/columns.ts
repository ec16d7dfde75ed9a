/** Which columns the list has: those that it has of itself, and any field of a kind. They stand in the address [A2.8]. */
import type { KindDocument } from "../../../kind/schema.ts";
import type { Headline } from "../../form/controls.ts";
import { fieldsOf } from "../../form/field.ts";

/** In the order in which they stand; `values` are the two or three that tell most of a kind. */
export const OWN_COLUMNS = [
  "kind",
  "values",
  "age",
  "tags",
  "firmware",
  "flags",
  "created",
  "seen",
  "pending",
] as const;
export type OwnColumn = typeof OWN_COLUMNS[number];
export const FIRST_COLUMNS: readonly string[] = ["kind", "values", "age", "tags", "seen", "pending"];
export const isOwn = (column: string): column is OwnColumn => (OWN_COLUMNS as readonly string[]).includes(column);

export const columnsIn = (text: string | undefined): readonly string[] =>
  text === undefined ? FIRST_COLUMNS : [...new Set(text.split(",").filter((name) => /^\w{1,64}$/.test(name)))];

/** Undefined where it goes without saying. A list of names alone is said by its comma. */
export function columnsText(columns: readonly string[]): string | undefined {
  return String(columns) === String(FIRST_COLUMNS) ? undefined : columns.join() || ",";
}

/** One more or one less: what is the list's own keeps its place, a field comes before `seen`. */
export function toggled(columns: readonly string[], column: string): readonly string[] {
  if (columns.includes(column)) return columns.filter((one) => one !== column);
  const all = [...columns, column];
  const before = OWN_COLUMNS.slice(0, OWN_COLUMNS.indexOf("created"));
  const after = OWN_COLUMNS.slice(OWN_COLUMNS.indexOf("created"));
  return [
    ...before.filter((one) => all.includes(one)),
    ...all.filter((one) => !isOwn(one)),
    ...after.filter((one) => all.includes(one)),
  ];
}

const known = new WeakMap<KindDocument, Map<string, Headline>>();

/** Every field of a kind that can be a column, by name. */
export function columnFields(kind: KindDocument): Map<string, Headline> {
  if (!known.has(kind)) {
    const of = (part: Headline["part"], schema: Parameters<typeof fieldsOf>[0]) =>
      fieldsOf(schema).map((field): [string, Headline] => [field.name, { part, field }]);
    const { telemetry, state } = kind.properties;
    known.set(kind, new Map([...of("telemetry", telemetry), ...of("reported", state)]));
  }
  return known.get(kind)!;
}

export type Room = "wide" | "middling" | "tight";

type Track = [least: number, css: (least: number) => string];
const fixed: Track[1] = (least) => `${least}px`;
const TRACKS: Record<OwnColumn | "choose" | "presence" | "name" | "field", Track> = {
  choose: [20, fixed],
  presence: [80, fixed],
  name: [180, (least) => `minmax(${least}px, 1.6fr)`],
  kind: [122, (least) => `minmax(${least}px, 200px)`],
  values: [300, () => "repeat(3, minmax(100px, 148px))"],
  field: [96, (least) => `minmax(${least}px, 148px)`],
  age: [44, fixed],
  tags: [88, (least) => `minmax(${least}px, 1fr)`],
  firmware: [72, (least) => `minmax(${least}px, 110px)`],
  flags: [112, (least) => `minmax(${least}px, 160px)`],
  created: [84, fixed],
  seen: [68, fixed],
  pending: [56, fixed],
};

/** Where there is less room the kind is its icon, and these have none. */
const LEFT_OUT: Record<Room, readonly string[]> = { wide: [], middling: ["tags"], tight: ["tags", "age", "pending"] };

export const shownColumns = (columns: readonly string[], room: Room): readonly string[] =>
  columns.filter((column) => !LEFT_OUT[room].includes(column));

/** A card without a value would tell nothing. */
export const cardColumns = (columns: readonly string[]): readonly string[] =>
  columns.every((column) => isOwn(column) && column !== "values") ? [...columns, "values"] : columns;

const GAP = 14;
const EDGES = 48;

/** The grid that all rows share, and below which width they are scrolled sideways. */
export function gridOf(columns: readonly string[], room: Room): { template: string; least: number } {
  const tracks = ["choose", "presence", "name", ...columns].map((column): [string, number] => {
    if (room !== "wide") {
      if (column === "kind") return ["20px", 20];
      if (column === "name") return ["minmax(150px, 1.6fr)", 150];
      if (column === "values") return ["repeat(3, minmax(88px, 148px))", 264 + 2 * GAP];
    }
    const [least, css] = TRACKS[column as keyof typeof TRACKS] ?? TRACKS.field;
    return [css(least), least + (column === "values" ? 2 * GAP : 0)];
  });
  return {
    template: tracks.map(([css]) => css).join(" "),
    least: tracks.reduce((sum, [, least]) => sum + least, 0) + GAP * (tracks.length - 1) + EDGES,
  };
}
