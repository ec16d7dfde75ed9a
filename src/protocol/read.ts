/** A value by its schema, or a fault that says in plain words what was expected, and where [F8]. */
import type { z } from "zod";
import { type FaultCode, ok, type Outcome } from "./fault.ts";
import { faultOf, type Path } from "./pointer.ts";

export function read<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: FaultCode,
  under: Path = [],
): Outcome<z.infer<S>> {
  const parsed = schema.safeParse(value, { error: words });
  return parsed.success ? ok(parsed.data) : { ok: false, fault: faultOf(parsed.error, code, under) };
}

const TYPES: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  tuple: "a list",
};

/** What a bound counts, where it is not the value itself. */
const COUNTED: Record<string, string> = { string: "characters", array: "items" };

/** For what a schema does not word itself; zod's own words speak of its types to programmers. */
function words(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      const expected = issue.input === Infinity || issue.input === -Infinity
        ? "a finite number"
        : TYPES[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `missing; expected ${expected}` : `expected ${expected}`;
    }
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`;
    case "too_small":
      if (issue.origin in COUNTED) return `expected ${issue.minimum} or more ${COUNTED[issue.origin]}`;
      return `expected ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
    case "too_big":
      if (issue.origin in COUNTED) return `expected ${issue.maximum} or fewer ${COUNTED[issue.origin]}`;
      return `expected ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}`;
  }
}
