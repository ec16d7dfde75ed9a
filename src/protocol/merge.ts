/** Merge-patch (RFC 7396): apply one, and find the one that leads from one document to another. */

type Json = unknown;
type Doc = Record<string, Json>;

export const isObject = (value: Json): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Own and enumerable even for the key `__proto__`, which plain assignment would treat as the prototype. */
function set(doc: Doc, key: string, value: Json): void {
  if (key !== "__proto__") doc[key] = value;
  else Object.defineProperty(doc, key, { value, writable: true, enumerable: true, configurable: true });
}

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

/** The patch from `before` to `after`, or undefined when they are the same. What is the same object is not looked at. */
export function diff(before: Json, after: Json): Json | undefined {
  if (before === after) return undefined;
  if (!isObject(before) || !isObject(after)) return isSame(before, after) ? undefined : after;
  let patch: Doc | undefined;
  for (const key in before) if (!Object.hasOwn(after, key)) set(patch ??= {}, key, null);
  for (const key in after) {
    const value = after[key];
    const change = Object.hasOwn(before, key) ? diff(before[key], value) : value;
    if (change !== undefined) set(patch ??= {}, key, change);
  }
  return patch;
}

/** Of two that are not both objects. */
const isSame = (one: Json, other: Json): boolean =>
  Array.isArray(one) && Array.isArray(other) && JSON.stringify(one) === JSON.stringify(other);
