/** Merge-patch (RFC 7396): apply one, and find the one that leads from one document to another. */

type Json = unknown;
type Doc = Record<string, Json>;

export const isObject = (value: Json): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Own and enumerable even for the key `__proto__`, which plain assignment would treat as the prototype. */
const set = (doc: Doc, key: string, value: Json) =>
  Object.defineProperty(doc, key, { value, writable: true, enumerable: true, configurable: true });

/** A new document; neither argument changes. */
export function mergePatch(doc: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Doc = isObject(doc) ? { ...doc } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else set(result, key, mergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}

/** The patch from `before` to `after`, or undefined when they are the same. */
export function diff(before: Json, after: Json): Json | undefined {
  if (before === after) return undefined;
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  }
  const patch: Doc = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) set(patch, key, null);
  for (const [key, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, key) ? diff(before[key], value) : value;
    if (change !== undefined) set(patch, key, change);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
