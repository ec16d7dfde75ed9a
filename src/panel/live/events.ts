/** What happened at one device, newest first: what the hub keeps, then what comes [T9, O5]. */
import { useEffect, useState } from "react";
import type { EventView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { type Page, path, rest } from "./rest.ts";

export interface Events {
  items: readonly EventView[];
  next: string | null;
}

const PAGE = 20;
const NONE: Events = { items: [], next: null };

/** Events of two readings as one list; an event never changes. */
export function mergeEvents(known: readonly EventView[], news: readonly EventView[]): EventView[] {
  const byId = new Map([...known, ...news].map((event) => [event.id, event]));
  return [...byId.values()].sort((one, other) => other.at - one.at || (other.id < one.id ? -1 : 1));
}

/** The device's watch has to include its events. `readMore` goes further back. */
export function useEvents(device: string): Events & { readMore(): Promise<void> } {
  const [events, setEvents] = useState(NONE);
  const read = async (cursor: string | null) => {
    const search = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) });
    const { items, next } = await rest<Page<EventView>>("GET", `${path.events(device)}?${search}`);
    setEvents((known) => ({ items: mergeEvents(known.items, items), next }));
  };
  useEffect(() => {
    setEvents(NONE);
    const begin = () => void read(null).catch(() => {}); // The banner tells of a hub that is away.
    if (hub.link.get().phase === "open") begin();
    const stops = [
      hub.onOpen(begin),
      hub.onEvent((event) => {
        if (event.device === device) setEvents((known) => ({ ...known, items: mergeEvents(known.items, [event]) }));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [device]);
  return { ...events, readMore: () => read(events.next) };
}
