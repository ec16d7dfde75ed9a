/** The filter language of lists, watches, jobs and stops [O10]: `kind:lock,relay tag:floor* battery<=20 "main door"`. */
import { ok, type Outcome, refuse } from "./fault.ts";
import { readComparison } from "./query_fields.ts";
import { readFreeText, readNamed } from "./query_names.ts";
import type { Queried, Test } from "./queried.ts";

/** A query as it was understood, once for however many devices it is held against. */
export type Query = readonly Term[];

interface Term extends Test {
  not: boolean;
}

export const MOST_TERMS = 20;

/** What quotes hold together, or anything else without a space. */
const VALUE = `(?:"[^"]*"|[^\\s"])`;
/** `-`, then what a colon divides, what a comparison divides [O12], or free text. */
const TERM = new RegExp(`(-)?(?:([A-Za-z_]+):(${VALUE}*)|([A-Za-z_]\\w*)(!=|[<>]=?|=)(${VALUE}*)|(${VALUE}+))`, "g");

/** `where` is the key of the request that holds the text. */
export function parseQuery(text: string, where = "q"): Outcome<Query> {
  const bad = (term: string, why: string) =>
    refuse("bad_request", `${where}: ${term}: ${why}`, { pointer: `#/${where}` });
  // Of what an open quote holds a part would be lost, and a query that lost a term finds more than was meant.
  if (text.split('"').length % 2 === 0) return bad(text.slice(text.lastIndexOf('"')), "the quote is not closed");
  const terms: Term[] = [];
  for (const term of text.matchAll(TERM)) {
    const test = terms.length < MOST_TERMS ? readTerm(term) : TOO_MANY;
    if (!test.ok) return bad(term[0], test.fault.message);
    terms.push({ ...test.value, not: term[1] !== undefined });
  }
  return ok(terms);
}

const TOO_MANY = refuse("bad_request", `a query has at most ${MOST_TERMS} terms`);

function readTerm([, , name, named, field, sign, value, free]: RegExpExecArray): Outcome<Test> {
  if (name) return readNamed(name, named);
  return field ? readComparison(field, sign, value) : readFreeText(free);
}

export const matches = (query: Query, device: Queried, now: number): boolean =>
  query.every((term) => term.holds(device, now) !== term.not);

/** May passing time alone change what it finds [O13, O15]? */
export const ages = (query: Query): boolean => query.some((term) => term.ages);
