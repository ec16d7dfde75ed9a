/** What could stand where somebody types in a query: what a term looks at, then its values and how many there are [O10]. Pure. */
import type { KindDocument } from "../../../kind/schema.ts";
import type { Facet, Facets } from "../../../protocol/facets.ts";
import type { FieldModel } from "../../form/field.ts";
import type { Kinds } from "../../live/kinds.ts";
import type { Typed } from "../../live/typed.ts";
import { SUGGEST, type Term, TERMS } from "../../words/suggest.ts";
import { PRESENCE, PRESENCES } from "../../words/words.ts";
import { columnFields } from "./columns.ts";

export interface Suggestion {
  group: string;
  /** Takes the place of what is typed, as it is shown. */
  insert: string;
  /** The term is whole with it: the next one may begin. */
  isWhole: boolean;
  detail?: string;
  /** How many devices it would find. */
  count?: number;
}

/** Of the words that a device is called by, so many that have what is typed. */
const MOST_FOUND = 6;
/** Nobody reads more. */
const MOST = 60;
/** Fields of which a value can be compared [O12]. */
const COMPARED = ["number", "toggle", "choice", "text"];

type Counted = Pick<Suggestion, "insert" | "detail" | "count">;

/** Facets are those of what the other terms find; null while they are on the way. */
export function suggestionsFor(typed: Typed, facets: Facets | null, kinds: Kinds): readonly Suggestion[] {
  const inView = facets ? facets.kind.flatMap(({ value }) => kinds.get(value) ?? []) : [...kinds.values()];
  const all = typed.field === null
    ? [...termsFor(typed), ...wordsFor(typed, facets, kinds), ...fieldsFor(typed, inView)]
    : valuesFor(typed, facets, kinds, inView);
  return all.slice(0, MOST);
}

/** What is right after this sign, where there is no list of it. */
export function hintFor({ field, sign }: Typed, kinds: Kinds): string | null {
  if (field === null) return SUGGEST.free;
  const own = ownTerm(field, sign);
  if (own) return own.hint ?? null;
  if (sign === ":") return null;
  const known = fieldsIn([...kinds.values()]).get(field);
  if (!known) return SUGGEST.noField(field);
  const { title, unit, sort, min, max } = known;
  return sort === "number" ? SUGGEST.number(title, unit, min, max) : null;
}

function termsFor({ text }: Typed): Suggestion[] {
  return TERMS.filter(({ term }) => term.startsWith(text))
    .map(({ term, about }) => ({ group: SUGGEST.terms, insert: term, isWhole: false, detail: about }));
}

const ownTerm = (field: string, sign: string) => TERMS.find(({ term }) => term === `${field}${sign}`);

/** Words that devices are called by and that have what is typed: `roo` is a tag of twelve of them. */
function wordsFor({ text }: Typed, facets: Facets | null, kinds: Kinds): Suggestion[] {
  if (text === "" || !facets) return [];
  const of = (name: string, list: readonly Facet[], detail?: (value: string) => string | undefined) =>
    list.filter(({ value }) => `${value} ${detail?.(value) ?? ""}`.toLowerCase().includes(text))
      .map(({ value, count }) => ({ insert: `${name}${quoted(value)}`, count, detail: detail?.(value) }));
  return [
    ...of("kind:", facets.kind, (value) => kinds.get(value)?.title),
    ...of("tag:", facets.tag),
    ...of("status:", facets.presence),
    ...of("firmware:", facets.firmware),
  ]
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_FOUND)
    .map((one) => ({ ...one, group: SUGGEST.words, isWhole: true }));
}

function fieldsFor({ text }: Typed, kinds: readonly KindDocument[]): Suggestion[] {
  return [...fieldsIn(kinds)].filter(([name, { title }]) => `${name} ${title}`.toLowerCase().includes(text))
    .flatMap(([name, { sort, title, unit }]): Suggestion[] => {
      const one = { group: SUGGEST.fields, isWhole: false, detail: unit ? `${title}, ${unit}` : title };
      // Once its name is typed, what it can be asked is next.
      const signs = sort !== "number" ? ["="] : name === text ? [">", "<", "="] : [">"];
      return signs.map((sign) => ({ ...one, insert: `${name}${sign}` }));
    });
}

function valuesFor(
  { field, sign, text, taken }: Typed,
  facets: Facets | null,
  kinds: Kinds,
  inView: readonly KindDocument[],
): Suggestion[] {
  const own = ownTerm(field!, sign);
  const of = own ? namedValues(own, facets, kinds) : comparedValues(field!, sign, inView);
  return of.filter(({ insert, detail = "" }) => {
    const plain = insert.replaceAll('"', "").toLowerCase();
    return !taken.includes(plain) && `${plain} ${detail.toLowerCase()}`.includes(text);
  }).map((one) => ({ ...one, group: SUGGEST.values(`${field}${sign}`), isWhole: true }));
}

function namedValues({ term, values = [] }: Term, facets: Facets | null, kinds: Kinds): Counted[] {
  const of = (list: readonly Facet[] = [], detail?: (value: string) => string | undefined): Counted[] =>
    list.map(({ value, count }) => ({ insert: quoted(value), count, detail: detail?.(value) }));
  switch (term) {
    case "kind:":
      return of(facets?.kind, (value) => kinds.get(value)?.title);
    case "tag:":
      return of(facets?.tag);
    case "firmware:":
      return of(facets?.firmware);
    case "status:": {
      const count = (presence: string) => facets?.presence.find(({ value }) => value === presence)?.count ?? 0;
      return PRESENCES.map((one) => ({
        insert: one,
        detail: PRESENCE[one].sentence,
        ...(facets && { count: count(one) }),
      }));
    }
    default:
      return values.map(([insert, detail]) => ({ insert, detail }));
  }
}

function comparedValues(name: string, sign: string, kinds: readonly KindDocument[]): Counted[] {
  if (sign !== "=" && sign !== "!=") return [];
  const { sort, options = [] } = fieldsIn(kinds).get(name) ?? {};
  if (sort === "toggle") return ["true", "false"].map((insert) => ({ insert }));
  return options.map((option) => ({ insert: quoted(option) }));
}

/**
 * Every field that these kinds have, by the name that a query has for it; what several have is as the first has it.
 * Firmware is what the device said anywhere [O17].
 */
function fieldsIn(kinds: readonly KindDocument[]): Map<string, FieldModel> {
  const all = new Map<string, FieldModel>();
  for (const { field } of kinds.flatMap((kind) => [...columnFields(kind).values()])) {
    const { name, sort, channel } = field;
    const isCompared = name !== "firmware" && COMPARED.includes(sort) && channel === undefined;
    if (isCompared && !all.has(name.toLowerCase())) all.set(name.toLowerCase(), field);
  }
  return all;
}

const quoted = (value: string): string => /[\s,]/.test(value) ? `"${value}"` : value;
