/** How one JSON Schema became another, without saying whom that breaks: that depends on who sends what it describes. */
import { z } from "zod";
import type { JsonSchema } from "./schema.ts";
import { compareBounds } from "./schema_bounds.ts";

export type Change =
  | "removed"
  | "removed_required"
  | "added"
  | "added_required"
  | "required"
  | "optional"
  | "form"
  | "unit"
  | "narrowed"
  | "widened"
  | "class"
  | "default"
  | "mark"
  | "undesirable"
  | "words";

export interface SchemaChange {
  path: string;
  change: Change;
  /** A sentence that begins with the path. */
  what: string;
}

/** `path` is what the sentences call it. */
export function schemaChanges(was: JsonSchema, is: JsonSchema, path: string): SchemaChange[] {
  const found: SchemaChange[] = [];
  const note = (change: Change, words: string) => found.push({ path, change, what: `${path} ${words}.` });
  if (areDisjoint(typesOf(was), typesOf(is))) {
    note("form", typeWords(was, is));
    return found;
  }
  if (valuesOf(was)) compareValues(was, is, note);
  else compareDemands(was, is, note);
  compareAnnotations(was, is, note);
  return [...found, ...insideChanges(was, is, path)];
}

/** Does every value of the one fit the other? */
const covers = (one: JsonSchema, other: JsonSchema): boolean =>
  schemaChanges(one, other, "").every(({ change }) => ["widened", "added", "words"].includes(change));

/** Takes down one change of what is compared. */
export type Note = (change: Change, words: string) => void;

/** What any value must be and fit. */
function compareDemands(was: JsonSchema, is: JsonSchema, note: Note): void {
  compareTypes(was, is, note);
  const values = valuesOf(is);
  if (values) return note("narrowed", `takes ${list(values)} only`);
  if (choiceOf(was) || choiceOf(is)) return compareChoices(was, is, note);
  compareBounds(was, is, note);
  compareAssertions(was, is, note);
}

/** An integer is a number, so the one may become the other. */
function compareTypes(was: JsonSchema, is: JsonSchema, note: Note): void {
  const [before, after] = [typesOf(was), typesOf(is)];
  if (before.some((type) => !takes(after, type))) note("narrowed", typeWords(was, is));
  else if (after.some((type) => !takes(before, type))) note("widened", typeWords(was, is));
}

const areDisjoint = (one: string[], other: string[]): boolean =>
  !one.some((type) => takes(other, type)) && !other.some((type) => takes(one, type));
const typeWords = (was: JsonSchema, is: JsonSchema): string => {
  const [before, after] = [was, is].map((schema) => typesOf(schema).map(article).join(" or "));
  return `is ${after}, before ${before}`;
};

const ANY = ["string", "number", "boolean", "object", "array", "null"];

function typesOf(schema: JsonSchema): string[] {
  const { type, enum: values, const: value } = schema;
  if (type !== undefined) return [type].flat() as string[];
  const choice = choiceOf(schema);
  if (choice) return [...new Set(choice.flatMap(typesOf))];
  const fixed = values ?? (value === undefined ? undefined : [value]);
  return Array.isArray(fixed) ? [...new Set(fixed.map(typeOf))] : ANY;
}

const typeOf = (value: unknown): string => value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
const takes = (types: string[], type: string): boolean =>
  types.includes(type) || (type === "integer" && types.includes("number"));
const article = (type: string): string => `${/^[aio]/.test(type) ? "an" : "a"} ${type}`;

/** Of an enumeration it can be told which values the later schema does not take, whatever that one demands. */
function compareValues(was: JsonSchema, is: JsonSchema, note: Note): void {
  const [before, after] = [valuesOf(was)!, valuesOf(is)];
  const isTaken = after ? (value: unknown) => after.some(equal(value)) : fits(is);
  const lost = before.filter((value) => !isTaken(value));
  const gained = after?.filter((value) => !before.some(equal(value)));
  if (lost.length > 0) note("narrowed", `has no ${list(lost)} any more`);
  if (!gained) note("widened", `takes more than ${list(before)}`);
  else if (gained.length > 0) note("widened", `has ${list(gained)} too`);
}

const fits = (schema: JsonSchema) => {
  const check = z.fromJSONSchema(schema);
  return (value: unknown): boolean => check.safeParse(value).success;
};

const valuesOf = ({ enum: values, const: value }: JsonSchema): unknown[] | undefined =>
  Array.isArray(values) ? values : value === undefined ? undefined : [value];
const list = (values: unknown[]): string => values.map((value) => JSON.stringify(value)).join(", ");
const equal = (one: unknown) => (other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What else a schema may demand. Which of two patterns takes more cannot be told, so another one is another form. */
const ASSERTIONS = ["pattern", "format", "multipleOf", "uniqueItems", "prefixItems", "not", "allOf", "$ref", "$defs"];

function compareAssertions(was: JsonSchema, is: JsonSchema, note: Note): void {
  for (const name of ASSERTIONS) {
    if (equal(was[name])(is[name])) continue;
    if (was[name] === undefined) note("narrowed", `must fit a ${name}`);
    else if (is[name] === undefined) note("widened", `need not fit a ${name} any more`);
    else note("form", `has another ${name}`);
  }
}

function compareChoices(was: JsonSchema, is: JsonSchema, note: Note): void {
  const [before, after] = [was, is].map((schema) => choiceOf(schema) ?? [bare(schema)]);
  const lost = before.some((member) => !after.some((other) => covers(member, other)));
  const gained = after.some((member) => !before.some((other) => covers(member, other)));
  if (lost) note(gained ? "form" : "narrowed", `is ${gained ? "another" : "a smaller"} choice`);
  else if (gained) note("widened", "is a larger choice");
}

const choiceOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] | undefined =>
  (anyOf ?? oneOf) as JsonSchema[] | undefined;
const bare = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => !ANNOTATIONS.includes(name)));

const WORDS = ["title", "description", "precision", "step", "channel", "drop", "examples"];
const ANNOTATIONS = [...WORDS, "unit", "class", "deviceClass", "default", "secret", "key", "desirable"];

function compareAnnotations(was: JsonSchema, is: JsonSchema, note: Note): void {
  const differs = (name: string) => !equal(was[name])(is[name]);
  const told = (name: string) => `has the ${name} ${said(is[name])}, before ${said(was[name])}`;
  if (differs("unit")) note("unit", told("unit"));
  if (differs("class")) note("class", `is kept as a ${said(is.class)}, before as a ${said(was.class)}`);
  // One that had none was found by nobody.
  if (differs("deviceClass")) note(was.deviceClass === undefined ? "words" : "class", told("deviceClass"));
  if (differs("default")) note("default", `left out means ${said(is.default)}, before ${said(was.default)}`);
  for (const mark of ["secret", "key"]) {
    if (Boolean(was[mark]) !== Boolean(is[mark])) note("mark", `is ${is[mark] ? "" : "not "}marked ${mark}`);
  }
  if (was.desirable && !is.desirable) note("undesirable", "cannot be desired any more");
  if (!was.desirable && is.desirable) note("widened", "can be desired");
  const words = WORDS.filter(differs);
  if (words.length > 0) note("words", `has another ${words.join(" and ")}`);
}

const said = (value: unknown): string =>
  value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);

type Properties = Record<string, JsonSchema>;

function insideChanges(was: JsonSchema, is: JsonSchema, path: string): SchemaChange[] {
  return [...propertyChanges(was, is, path), ...restChanges(was, is, path)];
}

function propertyChanges(was: JsonSchema, is: JsonSchema, path: string): SchemaChange[] {
  const [before, after] = [was.properties ?? {}, is.properties ?? {}] as [Properties, Properties];
  const needs = ({ required }: JsonSchema, name: string) => Array.isArray(required) && required.includes(name);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name): SchemaChange[] => {
    const at = `${path}.${name}`;
    const [had, has] = [needs(was, name), needs(is, name)];
    if (!Object.hasOwn(after, name)) {
      return [{ path: at, change: had ? "removed_required" : "removed", what: `${at} is gone.` }];
    }
    if (!Object.hasOwn(before, name)) {
      const what = has ? `${at} is new, and must be given.` : `${at} is new.`;
      return [{ path: at, change: has ? "added_required" : "added", what }];
    }
    const changes = schemaChanges(before[name], after[name], at);
    if (had === has) return changes;
    const what = has ? `${at} must be given, and need not before.` : `${at} need not be given any more.`;
    return [{ path: at, change: has ? "required" : "optional", what }, ...changes];
  });
}

/** Keys without a name of their own, and what a list is made of. */
function restChanges(was: JsonSchema, is: JsonSchema, path: string): SchemaChange[] {
  return [["additionalProperties", "further keys"], ["propertyNames", "keys"], ["items", "items"]].flatMap(
    ([name, noun]) => {
      const [before, after] = [was[name] ?? true, is[name] ?? true];
      if (equal(before)(after)) return [];
      const change = (change: Change, what: string): SchemaChange[] => [{ path, change, what: `${path} ${what}.` }];
      if (isSchema(before) && isSchema(after)) return schemaChanges(before, after, `${path} (${noun})`);
      if (before === false || after === true) return change("widened", `takes more ${noun}`);
      return change("narrowed", `takes fewer ${noun}`);
    },
  );
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;
