/**
 * Where somebody was in the list of devices when they left it: whoever comes back is there again, also by way of a page
 * that is no part of the panel, and after a reload. This window keeps it, and no other.
 */
import type { Window } from "./list_window.ts";
import type { Chosen } from "./selection.ts";

export interface Place {
  /** How far it was scrolled, in px, and which part was watched there. */
  offset: number;
  window: Window;
  /** The device whose row had the focus. */
  focused: string | null;
  chosen: Chosen;
}

type Search = Record<string, unknown>;

interface Kept {
  /** By the entry of the browser's history; so many are gone back to at most. */
  places: Map<string, Place>;
  /** The list as it was left last. */
  last: { entry: string; search: Search } | null;
}

const KEY = "signalbox.list";
const MOST = 20;
const now = kept();
/** Of which entry the next list is, where no history leads there. */
let wanted: string | null = null;

/** The browser's own entry, as the router names it. */
const entryNow = (): string => String((history.state as { __TSR_key?: string } | null)?.__TSR_key ?? "");

/** Where the list that is entered now was left, if it was. */
export function placeToTake(): Place | null {
  const place = now.places.get(wanted ?? entryNow()) ?? null;
  wanted = null;
  return place;
}

/** Names the entry that is shown now, while its list is: once it is left, that is another one's. */
export const entryOfList = (before: string): string => location.pathname === "/devices" ? entryNow() : before;

export function leavePlace(entry: string, search: Search, place: Place): void {
  const { places } = now;
  places.delete(entry);
  places.set(entry, place);
  if (places.size > MOST) places.delete(places.keys().next().value!);
  now.last = { entry, search };
}

/** What the list showed that was left last, for a link back to it. */
export const lastSearch = (): Search => now.last?.search ?? {};
/** That link was pressed. */
export const returnToList = (): void => {
  wanted = now.last?.entry ?? null;
};

/** The page goes away, and what it remembers with it. */
export function keepPlaces(): void {
  try {
    // The chosen ones are a set, which JSON has no word for.
    const text = JSON.stringify(
      { ...now, places: [...now.places] },
      (_, value) => value instanceof Set ? [...value] : value,
    );
    sessionStorage.setItem(KEY, text);
  } catch {
    // Full, or forbidden: a reload begins at the top.
  }
}

function kept(): Kept {
  try {
    const { places, last } = JSON.parse(sessionStorage.getItem(KEY)!);
    const alive = places.map(([entry, { chosen: { isAll, ids }, ...place }]: [string, Place]) => [
      entry,
      { ...place, chosen: { isAll, ids: new Set(ids) } },
    ]);
    return { places: new Map(alive), last };
  } catch {
    return { places: new Map(), last: null };
  }
}
