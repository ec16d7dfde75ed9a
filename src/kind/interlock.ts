/**
 * Interlocks: what a device's reported state forbids, as data with the sentence that the operator reads [K7].
 * A condition fails closed: over a field that is not known it holds, whatever it says.
 */

export type Condition =
  | { field: string; is: string | number | boolean }
  | { field: string; isNot: string | number | boolean }
  | { field: string; below: number }
  | { field: string; above: number }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] };

export interface Interlock {
  /** Names of the commands that it forbids. */
  commands: readonly string[];
  /** Forbidden while this holds. */
  when: Condition;
  /** What the operator reads: why not, and what would help. */
  sentence: string;
}

type Reported = Record<string, unknown>;

/** The first interlock that forbids this command now, or null. */
export const interlocked = (
  interlocks: readonly Interlock[],
  command: string,
  reported: Reported,
): Interlock | null =>
  interlocks.find(({ commands, when }) => commands.includes(command) && holds(when, reported)) ?? null;

/** `unknown` is what a part says of a field that is not known: with false it holds only where that is certain. */
export function holds(condition: Condition, reported: Reported, unknown = true): boolean {
  if ("all" in condition) return condition.all.every((part) => holds(part, reported, unknown));
  if ("any" in condition) return condition.any.some((part) => holds(part, reported, unknown));
  const value = Object.hasOwn(reported, condition.field) ? reported[condition.field] : undefined;
  if (value === undefined) return unknown;
  if ("is" in condition) return value === condition.is;
  if ("isNot" in condition) return value !== condition.isNot;
  return "below" in condition ? Number(value) < condition.below : Number(value) > condition.above;
}

/** Every field that a condition looks at. */
export function fieldsOf(condition: Condition): string[] {
  if ("all" in condition) return condition.all.flatMap(fieldsOf);
  if ("any" in condition) return condition.any.flatMap(fieldsOf);
  return [condition.field];
}
