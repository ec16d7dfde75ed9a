/** A name of a kind as people read it, where it has no title. */

/** `set_target` → `Set target`. */
export const sentence = (name: string): string => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
