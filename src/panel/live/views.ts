/** Saved views of the list of devices [R18]: read by whoever begins to show them, kept here meanwhile. */
import { useEffect } from "react";
import type { SavedView } from "../../protocol/saved_view.ts";
import { idFor, keptOf, type Seen } from "../form/saved_view.ts";
import { hub } from "./connection.ts";
import { randomId } from "./random.ts";
import { type Page, path, rest } from "./rest.ts";
import { session } from "./session.ts";
import { useValue, valueOf } from "./value.ts";

export type { SavedView };
export type Called = Pick<SavedView, "name" | "shared">;

/** The form that is open: for what is seen, or for a view that there is. */
export const asked = valueOf<"new" | SavedView | null>(null);

const NONE: readonly SavedView[] = [];
/** `of` is whose they are: whoever signs in next has others. Null until they are here. */
const known = valueOf<{ of: string; views: readonly SavedView[] } | null>(null);
const LIMIT = 500;
let reads = 0;

function me(): string {
  const now = session.get();
  return now.state === "in" ? now.me.id : "";
}

async function readViews(): Promise<void> {
  const of = me();
  const read = ++reads;
  const views: SavedView[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const search = new URLSearchParams({ limit: String(LIMIT), ...(cursor && { cursor }) });
    const page: Page<SavedView> = await rest("GET", `${path.views}?${search}`);
    views.push(...page.items);
    cursor = page.next;
  }
  if (read === reads) known.set({ of, views: views.sort(byName) });
}

const byName = (one: SavedView, other: SavedView): number =>
  one.name.localeCompare(other.name, undefined, { numeric: true }) || (one.id < other.id ? -1 : 1);

/** Others share theirs, too: they are read anew whenever a screen begins to show them, and after a cut. */
export function useViews(): readonly SavedView[] {
  useEffect(() => {
    const read = () => void readViews().catch(() => {}); // The banner tells of a hub that is away.
    if (hub.link.get().phase === "open") read();
    return hub.onOpen(read);
  }, []);
  const now = useValue(known);
  return now?.of === me() ? now.views : NONE;
}

type Body = Pick<SavedView, "name" | "query" | "sort" | "columns" | "layout" | "shared">;

async function put(id: string, { name, query, sort, columns, layout, shared }: Body): Promise<SavedView> {
  const view = await rest<SavedView>("PUT", path.view(id), { name, query, sort, columns, layout, shared });
  await readViews().catch(() => {});
  return view;
}

export const makeView = (seen: Seen, called: Called): Promise<SavedView> =>
  put(idFor(called.name, randomId()), { ...called, ...keptOf(seen) });

export const callView = (view: SavedView, called: Called): Promise<SavedView> => put(view.id, { ...view, ...called });

/** With another look, under the same name. */
export const lookOtherwise = ({ id, name, shared }: SavedView, seen: Seen): Promise<SavedView> =>
  put(id, { name, shared, ...keptOf(seen) });

/** As it was before it was changed or deleted, under its own id. */
export const restoreView = (view: SavedView): Promise<SavedView> => put(view.id, view);

export async function deleteView({ id }: SavedView): Promise<void> {
  await rest("DELETE", path.view(id));
  await readViews().catch(() => {});
}
