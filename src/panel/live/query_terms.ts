/** The parts of a query: those that have a control of their own, each as a chip, and the one that is wrong [O10]. */

const TERM = /(?:"[^"]*"|[^\s"])+/g;

/** The query's terms as the hub takes them apart: quotes hold spaces. */
export const termsOf = (query: string): string[] => query.match(TERM) ?? [];

export const withoutTerm = (query: string, at: number): string => termsOf(query).toSpliced(at, 1).join(" ");

export interface BadTerm {
  /** Which of the terms; -1 where none of them is meant alone, as with a quote that is not closed. */
  at: number;
  why: string;
}

/** What the hub said of a query that it cannot read: `query: colour:red: a term begins with …`. */
export function badTermIn(query: string, message: string): BadTerm {
  const why = message.replace(/^(q|query): /, "");
  const at = termsOf(query).findIndex((term) => why.toLowerCase().startsWith(`${term.toLowerCase()}: `));
  return { at, why: at < 0 ? why : why.slice(termsOf(query)[at].length + 2) };
}

/** Where a term stands in the text as it was typed. */
export function spanOf(text: string, at: number): [from: number, to: number] | null {
  const term = [...text.matchAll(TERM)][at];
  return term ? [term.index, term.index + term[0].length] : null;
}

/** Is this a term of that field, and not a negated one? */
const isOf = (field: string) => (term: string): boolean => term.toLowerCase().startsWith(`${field}:`);

/** Null where the query has no such term, or one that is only half typed. */
export function valueIn(query: string, field: string): string | null {
  const value = termsOf(query).find(isOf(field))?.slice(field.length + 1).replaceAll('"', "");
  return value || null;
}

/** The query with this value as the only term of its field, or with none where it is null. */
export function withValue(query: string, field: string, value: string | null): string {
  const terms = termsOf(query);
  const at = terms.findIndex(isOf(field));
  const others = terms.filter((term) => !isOf(field)(term));
  return others.toSpliced(at < 0 ? others.length : at, 0, ...(value === null ? [] : [`${field}:${value}`])).join(" ");
}
