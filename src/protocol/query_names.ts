/** The terms of a query that look at what a device is: its names, its presence, what holds for it [O10, O13, O15, O17]. */
import { ok, type Outcome, refuse } from "./fault.ts";
import { MOMENTS, readAge } from "./query_ages.ts";
import { fits, type Queried, type Test, unquoted, valuesOf } from "./queried.ts";
import { presence } from "./words.ts";

/** The words of a device that each name looks at. */
const WORDS = new Map<string, (device: Queried) => readonly string[]>([
  ["kind", ({ kind }) => [kind]],
  ["tag", ({ tags }) => tags],
  ["status", ({ presence }) => [presence]],
  ["id", ({ id }) => [id]],
  ["name", ({ name }) => [name]],
  ["firmware", ({ firmware }) => firmware === null ? [] : [firmware]],
  ["is", ({ isStopped, isDriven }) => [...isStopped ? ["stopped"] : [], ...isDriven ? ["driven"] : []]],
]);

/** Where only these words make sense. */
const KNOWN = new Map<string, readonly string[]>([["status", presence.options], ["is", ["stopped", "driven"]]]);

const BEGINNINGS = [...WORDS.keys(), ...MOMENTS.keys()].map((name) => `${name}:`).join(", ");

/** `name:value,value` */
export function readNamed(given: string, text: string): Outcome<Test> {
  const name = given.toLowerCase();
  const wordsOf = WORDS.get(name);
  if (!wordsOf && !MOMENTS.has(name)) {
    const comparison = /^[<>=]/.test(text) ? `${name}${text}` : `${name}=${text}`;
    return refuse("bad_request", `a term begins with ${BEGINNINGS}, compares a field (${comparison}), or is free text`);
  }
  const values = valuesOf(text);
  if (values.length === 0) return refuse("bad_request", "there is nothing to look for");
  if (!wordsOf) return readAge(name, values);
  const known = KNOWN.get(name);
  if (known && !values.every((value) => known.some((word) => fits(word, value)))) {
    return refuse("bad_request", `${name}: is ${known.join(", ")}`);
  }
  return ok({ holds: (device) => wordsOf(device).some((word) => values.some((value) => fits(word, value))) });
}

export function readFreeText(text: string): Outcome<Test> {
  const part = unquoted(text);
  const has = (word: string) => word.toLowerCase().includes(part);
  return ok({ holds: ({ id, name, kind, tags }) => has(id) || has(name) || has(kind) || tags.some(has) });
}
