/**
 * The little of Jinja that discovery needs. A value is taken by its key in brackets, since a dot would find a method of
 * Python's where a field is called `items` or `update`.
 */

/** A text of ours inside a template. */
export const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** The value under these keys of the JSON that came, as an expression. */
export const valueAt = (...keys: string[]): string => `value_json${keys.map((key) => `[${quoted(key)}]`).join("")}`;

/** A field's value; `None` where it was not told, which Home Assistant takes for unknown. */
export const told = (field: string): string => `{{ ${valueAt(field)} | default(none) }}`;

/** A field's value; nothing where it was not told, for entities to which `None` is no answer. */
export const toldOrNothing = (field: string): string => `{{ ${valueAt(field)} | default('') }}`;

/** An object whose values are expressions, as an expression. */
export const object = (entries: Record<string, string>): string =>
  `{${Object.entries(entries).map(([key, expression]) => `${quoted(key)}: ${expression}`).join(", ")}}`;

/** JSON of an expression. */
export const json = (expression: string): string => `{{ ${expression} | tojson }}`;
