/** Tags as people type them, and what becomes of a device's with some more and some less. Pure. */

export const tagsIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ""))];

/** As the hub takes them. */
export const isTag = (tag: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/.test(tag);

/** Null where they are so already. */
export function retagged(tags: readonly string[], add: readonly string[], drop: readonly string[]): string[] | null {
  const next = [...tags.filter((tag) => !drop.includes(tag)), ...add.filter((tag) => !tags.includes(tag))];
  return next.length === tags.length && next.every((tag, at) => tag === tags[at]) ? null : next;
}
