/** What the box of a query offers, and what it says of each term [O10]. */
import { countOf } from "./format.ts";

export const SUGGEST = {
  list: "What can be looked for",
  terms: "What it is",
  words: "Devices that have it",
  fields: "Last values",
  values: (term: string) => term,
  count: (count: number) => countOf(count, "suggestion", "suggestions"),
  number: (title: string, unit?: string, min?: number, max?: number) => {
    const range = min !== undefined && max !== undefined ? `, from ${min} to ${max}` : "";
    return `${title}: a number${unit ? ` in ${unit}` : ""}${range}.`;
  },
  free: "A word looks in ids, names, kinds and tags. A comma is or, - before a term is not.",
  noField: (name: string) => `No kind has a field ${name}.`,
} as const;

export interface Term {
  /** With the sign that comes after it. */
  term: string;
  about: string;
  /** What is right, where no list says it. */
  hint?: string;
  values?: readonly (readonly [value: string, detail: string])[];
}

export const TERMS: readonly Term[] = [
  { term: "kind:", about: "Which kind it is", hint: "One or more kinds, commas between." },
  { term: "tag:", about: "A tag that it has", hint: "One or more tags; floor* is each that begins so." },
  { term: "status:", about: "Its presence" },
  { term: "firmware:", about: "What it says it runs", hint: "1.4* is each that begins so." },
  { term: "name:", about: "What it is called", hint: 'The whole name, or its beginning: hall*, "main door".' },
  { term: "id:", about: "Its id", hint: "The whole id, or its beginning: door-*" },
  {
    term: "is:",
    about: "Stopped, or driven",
    values: [["stopped", "Under an emergency stop"], ["driven", "Under a lease"]],
  },
  {
    term: "seen:",
    about: "When it was last heard of",
    hint: "Silent for longer than >5m, or heard within <1h; in s, m, h or d.",
    values: [
      [">5m", "Silent for 5 minutes"],
      [">1h", "Silent for an hour"],
      [">1d", "Silent for a day"],
      ["<1h", "Heard within the hour"],
      ["never", "Never heard of"],
    ],
  },
  {
    term: "created:",
    about: "When it was added",
    hint: "Within <1d, or longer ago than >30d; in s, m, h or d.",
    values: [["<1h", "Within the hour"], ["<1d", "Within a day"], ["<7d", "Within a week"], [">30d", "Before that"]],
  },
];
