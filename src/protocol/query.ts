/** The filter language of lists and watches [O10]: `kind:lock,relay tag:floor* -status:online "main door"`. */
import { ok, type Outcome, refuse } from "./fault.ts";
import { presence } from "./words.ts";

/** What a query looks at. */
export interface Queried {
  id: string;
  kind: string;
  name: string;
  tags: readonly string[];
  presence: string;
}

export type Query = readonly Term[];

interface Term {
  not: boolean;
  field: Field | "text";
  /** Any of these, in lower case; `*` at the end stands for anything. */
  values: readonly string[];
}

const FIELDS = ["id", "kind", "name", "tag", "status"] as const;
type Field = typeof FIELDS[number];

/** `-`, then a field and a colon, then what the colon's right side or the free text is; quotes hold spaces. */
const TERM = /(-)?(?:([A-Za-z_]+):((?:"[^"]*"|[^\s"])*)|((?:"[^"]*"|[^\s"])+))/g;

/** `where` is the key of the request that holds the text. */
export function parseQuery(text: string, where = "q"): Outcome<Query> {
  const bad = (term: string, why: string) =>
    refuse("bad_request", `${where}: ${term}: ${why}`, { pointer: `#/${where}` });
  const terms: Term[] = [];
  for (const [term, minus, name, value = "", free = ""] of text.matchAll(TERM)) {
    const field = name?.toLowerCase();
    if (field !== undefined && !isField(field)) {
      return bad(term, `a term begins with ${FIELDS.join(", ")}, or is free text`);
    }
    const values = field ? split(value) : [unquote(free).toLowerCase()];
    if (values.length === 0) return bad(term, "there is nothing to look for");
    const unknown = field === "status" && values.find((value) => !isStatus(value));
    if (unknown) return bad(term, `a status is ${presence.options.join(", ")}`);
    terms.push({
      not: minus !== undefined,
      field: field ?? "text",
      values,
    });
  }
  return ok(terms);
}

export const matches = (query: Query, device: Queried): boolean =>
  query.every((term) => holds(term, device) !== term.not);

const isField = (name: string): name is Field => (FIELDS as readonly string[]).includes(name);
const isStatus = (value: string) => value.endsWith("*") || (presence.options as string[]).includes(value);
const unquote = (text: string) => text.replaceAll('"', "");
const split = (text: string): string[] =>
  [...text.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([value]) => unquote(value).toLowerCase()).filter((value) =>
    value !== ""
  );

function holds({ field, values }: Term, device: Queried): boolean {
  if (field === "text") {
    const [text] = values;
    return [device.id, device.name, device.kind, ...device.tags].some((word) => word.toLowerCase().includes(text));
  }
  const words = field === "tag" ? device.tags : [field === "status" ? device.presence : device[field]];
  return words.some((word) => values.some((value) => fits(word.toLowerCase(), value)));
}

const fits = (word: string, value: string): boolean =>
  value.endsWith("*") ? word.startsWith(value.slice(0, -1)) : word === value;
