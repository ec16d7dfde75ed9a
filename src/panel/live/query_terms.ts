/** The parts of a query that have a control of their own: the presence counters and the kind filter [O10]. */

/** The query's terms as the hub takes them apart: quotes hold spaces. */
const termsOf = (query: string): string[] => query.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];

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
