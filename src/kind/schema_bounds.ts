/** How the bounds of a JSON Schema became others: of numbers, lengths, lists and keys. */
import type { JsonSchema } from "./schema.ts";
import type { Note } from "./schema_changes.ts";

interface Bound {
  at: number;
  /** The number itself is out. */
  isOpen: boolean;
}

export function compareBounds(was: JsonSchema, is: JsonSchema, note: Note): void {
  const [least, most] = [leastOf, mostOf].map((of) => [of(was), of(is)]);
  compareBound(note, "least", ...least as [Bound, Bound]);
  compareBound(note, "most", ...most as [Bound, Bound]);
  for (const [of, noun] of [["Length", "letters"], ["Items", "items"], ["Properties", "entries"]]) {
    const bound = (schema: JsonSchema, end: "min" | "max"): Bound =>
      numberOr(schema[end + of], end === "min" ? 0 : Infinity);
    compareBound(note, "least", bound(was, "min"), bound(is, "min"), ` ${noun}`);
    compareBound(note, "most", bound(was, "max"), bound(is, "max"), ` ${noun}`);
  }
}

function compareBound(note: Note, end: "least" | "most", was: Bound, is: Bound, noun = ""): void {
  if (was.at === is.at && was.isOpen === is.isOpen) return;
  const isNarrower = was.at === is.at ? is.isOpen : end === "least" ? is.at > was.at : is.at < was.at;
  note(isNarrower ? "narrowed" : "widened", `takes ${limit(end, is, noun)}, before ${limit(end, was, noun)}`);
}

function limit(end: "least" | "most", { at, isOpen }: Bound, noun: string): string {
  if (!Number.isFinite(at)) return end === "least" ? "any, however small" : "any, however large";
  return (isOpen ? end === "least" ? `more than ${at}` : `less than ${at}` : `at ${end} ${at}`) + noun;
}

const numberOr = (value: unknown, none: number): Bound => ({
  at: typeof value === "number" ? value : none,
  isOpen: false,
});

function leastOf({ minimum, exclusiveMinimum }: JsonSchema): Bound {
  const [closed, open] = [meant(minimum, -Infinity), meant(exclusiveMinimum, -Infinity)];
  return open >= closed && open > -Infinity ? { at: open, isOpen: true } : { at: closed, isOpen: false };
}

function mostOf({ maximum, exclusiveMaximum }: JsonSchema): Bound {
  const [closed, open] = [meant(maximum, Infinity), meant(exclusiveMaximum, Infinity)];
  return open <= closed && open < Infinity ? { at: open, isOpen: true } : { at: closed, isOpen: false };
}

/** zod writes the ends of the safe integers where an integer has no bound of its own. */
const meant = (value: unknown, none: number): number =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : none;
