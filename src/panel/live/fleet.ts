/** What happens in the whole fleet: pages from the newest back, and what comes while somebody looks [R15, R16, O14]. */
import { useEffect, useRef, useState } from "react";
import type { CommandRecord, EventView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { mergeEvents } from "./events.ts";
import { faultOf, type HubFault } from "./fault.ts";
import { merge } from "./ledger.ts";
import { path, rest } from "./rest.ts";

export interface Feed<T> {
  /** Newest first; null until the first answer. */
  items: readonly T[] | null;
  next: string | null;
  problem: HubFault | null;
  read(): Promise<void>;
  older(): Promise<void>;
}

interface Source<T> {
  path: string;
  join(known: readonly T[], news: readonly T[]): T[];
  listen(told: (item: T) => void): () => void;
}

const EVENTS: Source<EventView> = { path: path.allEvents, join: mergeEvents, listen: hub.onEvent };
const COMMANDS: Source<CommandRecord> = { path: path.allCommands, join: merge, listen: hub.onCommand };

type Search = Record<string, string | undefined>;

/** What the socket tells has to be asked for by a watch that includes it; `fits` says which of it belongs here. */
export const useFleetEvents = (search: Search, limit: number, fits: (event: EventView) => boolean): Feed<EventView> =>
  useFeed(EVENTS, search, limit, fits);
export const useFleetCommands = (
  search: Search,
  limit: number,
  fits: (command: CommandRecord) => boolean,
): Feed<CommandRecord> => useFeed(COMMANDS, search, limit, fits);

function useFeed<T>(source: Source<T>, search: Search, limit: number, fits: (item: T) => boolean): Feed<T> {
  const [feed, setFeed] = useState<Pick<Feed<T>, "items" | "next" | "problem">>(NOTHING);
  const asked = queryOf(search, limit);
  /** An answer to an older question is dropped. */
  const question = useRef(0);
  const read = async (cursor: string | null) => {
    const mine = ++question.current;
    try {
      const { items, next } = await rest<{ items: T[]; next: string | null }>(
        "GET",
        `${source.path}?${asked}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      if (mine !== question.current) return;
      setFeed(({ items: known }) => ({ items: source.join(known ?? [], items), next, problem: null }));
    } catch (thrown) {
      if (mine === question.current) setFeed((known) => ({ ...known, problem: faultOf(thrown) }));
    }
  };
  useEffect(() => {
    setFeed(NOTHING);
    const begin = () => void read(null);
    if (hub.link.get().phase === "open") begin();
    const stops = [
      hub.onOpen(begin),
      source.listen((item) => {
        if (fits(item)) setFeed((known) => ({ ...known, items: source.join(known.items ?? [], [item]) }));
      }),
    ];
    return () => {
      question.current += 1;
      stops.forEach((stop) => stop());
    };
  }, [asked]);
  return { ...feed, read: () => read(null), older: () => read(feed.next) };
}

const NOTHING = { items: null, next: null, problem: null };

const queryOf = (search: Search, limit: number): string =>
  new URLSearchParams([
    ...Object.entries(search).filter((entry): entry is [string, string] => !!entry[1]),
    ["limit", String(limit)],
  ]).toString();
