/** How many of what several queries find are in which presence, as it goes on: one small watch each. */
import { useEffect, useState } from "react";
import type { Counts } from "../../protocol/to_operator.ts";
import { hub } from "./connection.ts";
import { WatchStore } from "./watch.ts";

/** Whoever chooses row after row asks once, in ms. */
const PAUSE = 200;
/** The definitions of a connection have an end [O2]; what is said of more than that would be of a part. */
const MOST = 6;

/** Null until all have answered. */
export function useCounts(queries: readonly string[]): Counts | null {
  const [counts, setCounts] = useState<{ of: string; counts: Counts } | null>(null);
  const key = JSON.stringify(queries);
  useEffect(() => {
    if (queries.length === 0 || queries.length > MOST) return;
    let closes: (() => void)[] = [];
    const timer = setTimeout(() => {
      const stores = queries.map(() => new WatchStore(hub.soon));
      const add = () => {
        const all = stores.map((store) => store.outline());
        if (all.some(({ isLoading, error }) => isLoading || error)) return;
        setCounts({ of: key, counts: sum(all.map(({ counts }) => counts)) });
      };
      closes = stores.flatMap((store, at) => [
        store.subscribeOutline(add),
        hub.watch({ query: queries[at], window: [0, 1], fields: ["id"], rate: 1 }, store).close,
      ]);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      for (const close of closes) close();
    };
  }, [key]);
  return counts?.of === key ? counts.counts : null;
}

const sum = (all: readonly Counts[]): Counts =>
  all.reduce((one, other) => ({
    new: one.new + other.new,
    online: one.online + other.online,
    suspect: one.suspect + other.suspect,
    sleeping: one.sleeping + other.sleeping,
    offline: one.offline + other.offline,
  }));
