/** The parts of a query that have a control of their own: the presence counters and the kind filter [O10]. */

/** One term of that field, not negated, with the space before it. */
const termOf = (field: string) => new RegExp(`(^|\\s)${field}:("[^"]*"|[^\\s"]+)`, "i");

export function valueIn(query: string, field: string): string | null {
  const found = termOf(field).exec(query);
  return found ? found[2].replaceAll('"', "") : null;
}

/** The query with this value in its term, or without the term where it is null. The rest stays as it was typed. */
export function withValue(query: string, field: string, value: string | null): string {
  const term = value === null ? "" : `${field}:${value}`;
  const replaced = termOf(field).test(query)
    ? query.replace(termOf(field), (_, before: string) => term === "" ? before : before + term)
    : `${query} ${term}`;
  return replaced.replaceAll(/\s+/g, " ").trim();
}
