/** One text for one value: JSON as RFC 8785 has it, for digests that others can make too. */

/** Without white space, keys sorted by their UTF-16 units at every level, numbers and texts as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined).sort();
  return `{${
    keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(",")
  }}`;
}
