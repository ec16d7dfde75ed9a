/** What the palette can find and do. Pure. */
import type { ReactNode } from "react";

export interface Item {
  id: string;
  group: string;
  title: string;
  detail?: string;
  icon?: ReactNode;
  /** Why it cannot be done now. */
  why?: string | null;
  /** Something that is to be filled in takes the palette's place. */
  isForm?: boolean;
  run(): void;
}

/** Those that have every typed word, in the order of their groups; in each what begins with it first, what cannot be done last. */
export function found(items: readonly Item[], text: string): Item[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const has = ({ title, detail = "", group }: Item) => {
    const all = `${title} ${detail} ${group}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const rank = ({ title, why = null }: Item) =>
    (why === null ? 0 : 2) + (words.length > 0 && title.toLowerCase().startsWith(words[0]) ? 0 : 1);
  const groups = Map.groupBy(items.filter(has), ({ group }) => group);
  return [...groups.values()].flatMap((list) => list.toSorted((one, other) => rank(one) - rank(other)));
}
