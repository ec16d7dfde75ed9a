/**
 * The little of Jinja that discovery needs. A value is asked for by `get`: a dot, and brackets too where there is no such
 * key, would find a method of Python's for a field that is called `items` or `update`.
 */

/** A text of ours inside a template. */
export const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** The value under a key of the JSON that came, as an expression; where there is none, another one. */
export const valueAt = (key: string, otherwise?: string): string =>
  `value_json.get(${quoted(key)}${otherwise === undefined ? "" : `, ${otherwise}`})`;

/** Is there something under the key? */
export const isThere = (key: string): string => `${quoted(key)} in value_json`;

/** A field's value; `None` where it was not told, which Home Assistant takes for unknown. */
export const told = (field: string): string => `{{ ${valueAt(field)} }}`;

/** A field's value; nothing where it was not told, for entities to which `None` is no answer. */
export const toldOrNothing = (field: string): string => `{{ ${valueAt(field, "''")} }}`;

/** Of a field's words, or `True` and `False`, what is said for each; nothing where it was not told. */
export const saidFor = (field: string, words: Record<string, string>): string => {
  const quotes = Object.fromEntries(Object.entries(words).map(([word, text]) => [word, quoted(text)]));
  return `{{ ${object(quotes)}.get(${valueAt(field)} | string, '') }}`;
};

/** An object whose values are expressions, as an expression. */
export const object = (entries: Record<string, string>): string =>
  `{${Object.entries(entries).map(([key, expression]) => `${quoted(key)}: ${expression}`).join(", ")}}`;

/** JSON of an expression. */
export const json = (expression: string): string => `{{ ${expression} | tojson }}`;
