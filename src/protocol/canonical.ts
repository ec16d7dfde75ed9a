/** One text for one value: JSON as RFC 8785 has it, for digests that others can make too. */

/** Without white space, keys sorted by their UTF-16 units at every level, numbers and texts as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  const add = (part: string) => text += text === "" ? part : `,${part}`;
  if (Array.isArray(value)) {
    for (const item of value) add(canonical(item));
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) {
    if (members[key] !== undefined) add(`${JSON.stringify(key)}:${canonical(members[key])}`);
  }
  return `{${text}}`;
}
