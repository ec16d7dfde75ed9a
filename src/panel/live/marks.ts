/** What stands on a chart's axis of time: the commands that were sent and the events, as far back as the chart shows. */
import { useEffect, useMemo, useState } from "react";
import type { CommandRecord, EventView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { mergeEvents } from "./events.ts";
import type { Ledger } from "./ledger.ts";
import { type Page, path, rest } from "./rest.ts";
import { hubNow } from "./time.ts";
import { useValue } from "./value.ts";

export interface Mark {
  at: number;
  tone: "command" | "failed" | "event";
  /** What it is, as the kind calls it. */
  name: string;
}

/** A thousand of each; what is older has no mark. */
const MOST_PAGES = 5;
const PAGE = 200;
/** In ms. */
const PASSES = 250;

async function pagesSince<T>(address: string, since: number, at: (item: T) => number): Promise<T[]> {
  const items: T[] = [];
  let cursor = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items: more, next } = await rest<Page<T>>("GET", `${address}?limit=${PAGE}${cursor}`);
    items.push(...more);
    const oldest = more.at(-1);
    if (next === null || oldest === undefined || at(oldest) < since) break;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  return items;
}

export const markOf = ({ sentAt, status, name }: CommandRecord): Mark[] =>
  sentAt === undefined
    ? []
    : [{ at: sentAt, tone: status === "failed" || status === "unknown" ? "failed" : "command", name }];

const NOTHING = { commands: [] as readonly CommandRecord[], events: [] as readonly EventView[] };

/** Of the last `span` ms, or from `from` on. The device's watch has to include events and commands. */
export function useMarks(device: string, { records }: Ledger, { span, from }: { span: number; from?: number }): Mark[] {
  const [past, setPast] = useState(NOTHING);
  const isOpen = useValue(hub.link, ({ phase }) => phase === "open");
  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    const since = from ?? hubNow() - span;
    const read = async () => {
      const [commands, events] = await Promise.all([
        pagesSince<CommandRecord>(path.commands(device), since, ({ createdAt }) => createdAt),
        pagesSince<EventView>(path.events(device), since, ({ at }) => at),
      ]);
      if (isCurrent) setPast((known) => ({ commands, events: mergeEvents(events, known.events) }));
    };
    // The chart is right without its marks, and nobody needs those of what they pass by.
    const timer = setTimeout(() => void read().catch(() => {}), PASSES);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [device, span, from, isOpen]);
  useEffect(() => {
    setPast(NOTHING);
    return hub.onEvent((event) => {
      if (event.device === device) setPast((known) => ({ ...known, events: mergeEvents(known.events, [event]) }));
    });
  }, [device]);
  return useMemo(() => {
    // The ledger's own are further on.
    const commands = new Map([...past.commands, ...records].map((record) => [record.id, record]));
    return [
      ...[...commands.values()].flatMap(markOf),
      ...past.events.map(({ at, name }): Mark => ({ at, tone: "event", name })),
    ];
  }, [past, records]);
}
