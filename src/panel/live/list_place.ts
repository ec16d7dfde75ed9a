/** Where somebody was in the list of devices when they left it: whoever comes back is there again. In this page's memory. */
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

/** By the entry of the browser's history; so many are gone back to at most. */
const places = new Map<string, Place>();
const MOST = 20;
/** The list as it was left last. */
let last: { entry: string; search: Search } | null = null;
/** Of which entry the next list is, where no history leads there. */
let wanted: string | null = null;

/** The browser's own entry, as the router names it. */
const entryNow = (): string => String((history.state as { __TSR_key?: string } | null)?.__TSR_key ?? "");

/** Where the list that is entered now was left, if it was. */
export function placeToTake(): Place | null {
  const place = places.get(wanted ?? entryNow()) ?? null;
  wanted = null;
  return place;
}

/** Names the entry that is shown now, while its list is: once it is left, that is another one's. */
export const entryOfList = (before: string): string => location.pathname === "/devices" ? entryNow() : before;

export function leavePlace(entry: string, search: Search, place: Place): void {
  places.delete(entry);
  places.set(entry, place);
  if (places.size > MOST) places.delete(places.keys().next().value!);
  last = { entry, search };
}

/** What the list showed that was left last, for a link back to it. */
export const lastSearch = (): Search => last?.search ?? {};
/** That link was pressed. */
export const returnToList = (): void => {
  wanted = last?.entry ?? null;
};
