/** What a saved view holds [R18], and the same as the address of the list says it. Pure. */
import type { SavedView } from "../../protocol/saved_view.ts";
import type { Role } from "../../protocol/words.ts";

/** What the list shows, as its address says it. */
export interface Seen {
  q: string;
  sort: string;
  columns?: string;
  /** Where somebody chose it. */
  layout?: Layout;
}
type Layout = "table" | "cards";
type Kept = Pick<SavedView, "query" | "sort" | "columns" | "layout">;

export const FIRST_SORT = "name";

/** What goes without saying is not kept. A list of no columns is a comma in the address. */
export function keptOf({ q, sort, columns, layout }: Seen): Kept {
  const names = columns?.split(",").filter((name) => name !== "");
  return {
    query: q,
    ...(sort !== FIRST_SORT && { sort }),
    ...(names && { columns: names }),
    ...(layout && { layout }),
  };
}

export const seenOf = ({ query, sort = FIRST_SORT, columns, layout }: Kept): Seen => ({
  q: query,
  sort,
  columns: columns && (columns.join() || ","),
  layout: layout === "table" || layout === "cards" ? layout : undefined,
});

export const isSame = (one: Seen, other: Seen): boolean =>
  one.q === other.q && one.sort === other.sort && one.columns === other.columns && one.layout === other.layout;

/** As the search of the list's address has it, with the view that it came from. */
export function searchOf(view: SavedView): Partial<Seen> & { view: string } {
  const { q, sort, columns, layout } = seenOf(view);
  return {
    ...(q && { q }),
    ...(sort !== FIRST_SORT && { sort }),
    ...(columns && { columns }),
    ...(layout && { layout }),
    view: view.id,
  };
}

/** An id that people can read in an address, and that is nobody else's [F8]. */
export function idFor(name: string, random: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const words = plain.replaceAll(/[^a-z0-9]+/g, "-").slice(0, 40).replaceAll(/^-+|-+$/g, "");
  return `${words || "view"}-${random.slice(0, 8)}`;
}

interface Person {
  id: string;
  role: Role;
}

export const isOwn = ({ by }: SavedView, { id }: Person): boolean => by.id === id;
/** Whoever may send commands changes what is shared; whose it is, and administrators, end that. */
export const mayChange = (view: SavedView, me: Person): boolean => isOwn(view, me) || me.role !== "viewer";
export const mayEnd = (view: SavedView, me: Person): boolean => isOwn(view, me) || me.role === "admin";
